import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../../support/documents";

/** The scheduled check of drift, where Pulumi ends with these codes. On the real engine: test/e2e/pipeline.test.ts. */
describe("steps/drift.sh", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-drift-"));
    const pulumi = '#!/bin/sh\ncase $1 in preview) exit "$PREVIEW" ;; refresh) exit "$REFRESH" ;; esac\n';
    writeFileSync(path.join(folder, "pulumi"), pulumi, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["nothing differs", 0, 0, 0, /^No drift: /],
    ["something was changed outside of the repository", 7, 7, 7, /^DRIFT: /],
    ["only the code asks for something", 7, 0, 8, /^DUE: /],
    ["the preview fails", 255, 0, 255, /failed \(exit code 255\), so nobody knows/],
    ["the preview is cancelled, for which Pulumi has the 8", 8, 0, 1, /failed \(exit code 1\), so nobody knows/],
    ["the look at what the last run left fails", 7, 255, 255, /failed \(exit code 255\), so nobody knows/],
    ["the look at what the last run left is cancelled", 7, 8, 1, /failed \(exit code 1\), so nobody knows/],
  ])("where %s", (_, preview, refresh, status, said) => {
    const env = {
      PATH: `${folder}:${process.env["PATH"]}`,
      PULUMI_STACK: "prod",
      PREVIEW: String(preview),
      REFRESH: String(refresh),
    };
    const script = path.join(ROOT, "examples/pipelines/steps/drift.sh");
    const ended = spawnSync("sh", [script], { env, encoding: "utf8" });
    expect(ended.status).toBe(status);
    expect(`${ended.stdout}${ended.stderr}`).toMatch(said);
  });
});
