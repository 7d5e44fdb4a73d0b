import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { codeBlocks, ROOT } from "../../support/documents";
import { freePort } from "../../support/freePort";

const [install = "", ...steps] = codeBlocks("docs/guides/drill.md", "sh");

describe("the drill for a lock-out", () => {
  let folder: string;
  let printed: string[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-drill-"));
    // In the place of what the first block installs.
    const bin = path.join(folder, "node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    const command = path.join(bin, "openai-certificates");
    writeFileSync(command, `#!/bin/sh\nexec node "${path.join(ROOT, "dist/cli/index.js")}" "$@"\n`);
    chmodSync(command, 0o755);
    const ports = [await freePort(), await freePort()].map(String);
    const script = steps.map((step, index) => `printf '\\n=== ${index}\\n'\n${step}`).join("\n");
    writeFileSync(path.join(folder, "drill.sh"), script.replaceAll("8787", ports[0]!).replaceAll("8788", ports[1]!));
    // A refused client is an expected exit code, so no `-e`: what was printed tells how far it went.
    const output = await new Promise<string>((resolve) => {
      execFile("sh", ["-u", "drill.sh"], { cwd: folder, timeout: 100_000 }, (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
    printed = output.split(/^=== \d+\n/m).slice(1);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("begins with an empty folder and the package", () => {
    expect(install).toContain("npm install pulumi-openai-certificates");
  });

  it("runs every other block of the guide to its end", () => {
    expect(printed).toHaveLength(steps.length);
  });

  it("serves everybody while nothing is active", () => {
    expect(step(/^client\n/).match(/emulated-model/g)).toHaveLength(2);
  });

  it("refuses a client without a certificate, and one of an authority that is not active", () => {
    const refused = step(/\$new.*\n.*\nclient --cert/, /organization\/certificates\/activate/);
    expect(refused).toContain('"code":"certificate_required"');
    expect(refused).toContain('"code":"certificate_verification_failed"');
    expect(step(/ probe /)).toMatch(/gateway.*refused[\s\S]*certificate_verification_failed/);
  });

  it("lets the client in again once its anchor is active too", () => {
    expect(step(/\$old.*\nclient/, /organization\/certificates\/activate/)).toContain("emulated-model");
  });

  it("shows that the organization's set does not help a project that has its own", () => {
    expect(step(/\$new.*proj_drill/)).toContain('"code":"certificate_verification_failed"');
    expect(step(/\$old.*proj_drill/)).toContain("emulated-model");
  });

  it("shows a filter that refuses the client, and the client served once it is gone", () => {
    expect(step(/request PUT/)).toContain('"code":"certificate_attribute_verification_failed"');
    const served = step(/request DELETE/);
    expect(served).toMatch(/"expression":\s*null/);
    expect(served).toContain("emulated-model");
  });

  it("writes no key to what is printed", () => {
    expect(printed.join("")).not.toContain("PRIVATE KEY");
    expect(readFileSync(path.join(folder, "gateway.key"), "utf8")).toContain("PRIVATE KEY");
  });

  /** What the block that fits all patterns has printed. */
  function step(...patterns: RegExp[]): string {
    const found = steps.findIndex((text) => patterns.every((pattern) => pattern.test(text)));
    expect(found).not.toBe(-1);
    return printed[found]?.replace(/"code": "/g, '"code":"') ?? "";
  }
});
