import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../../support/documents";

describe("the reference", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-reference-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const contents = (of: string) =>
    Object.fromEntries(readdirSync(of).map((file) => [file, readFileSync(path.join(of, file), "utf8")]));

  it("is what `npm run docs` makes of the source's docstrings today", () => {
    execFileSync(path.join(ROOT, "node_modules/.bin/typedoc"), ["--out", folder], { cwd: ROOT, stdio: "pipe" });
    expect(contents(path.join(ROOT, "docs/reference"))).toEqual(contents(folder));
  });

  it("has a sentence for every class, interface and function of the SDK", () => {
    const sections = contents(path.join(ROOT, "docs/reference"))["sdk.md"]?.split(/^### /m).slice(1) ?? [];
    expect(sections.length).toBeGreaterThan(15);
    const silent = sections.filter((section) => !/^[A-Z][^\n]{15,}/m.test(section.split("\n").slice(1).join("\n")));
    expect(silent.map((section) => section.split("\n")[0])).toEqual([]);
  });
});
