import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../../support/documents";

describe("the package's link to itself in node_modules", () => {
  let folder: string;
  let root: string;
  let link: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "openai-certificates-link-")));
    root = path.join(folder, "clone");
    link = path.join(root, "node_modules/pulumi-openai-certificates");
    mkdirSync(path.join(root, "tools"), { recursive: true });
    mkdirSync(path.join(folder, "other"));
    copyFileSync(path.join(ROOT, "tools/link-self.js"), path.join(root, "tools/link-self.js"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const build = () => spawnSync(process.execPath, [path.join(root, "tools/link-self.js")], { encoding: "utf8" });

  it.each([
    ["there is none", undefined],
    ["it leads to this repository already", "clone"],
    ["the repository was copied, and it leads to the one that it was copied from", "other"],
    ["the repository was moved, and it leads nowhere", "gone"],
  ])("leads to this repository after a build where %s", (_, target) => {
    if (target !== undefined) {
      mkdirSync(path.dirname(link));
      symlinkSync(path.join(folder, target), link);
    }
    expect(build()).toMatchObject({ status: 0, stderr: "" });
    expect(realpathSync(link)).toBe(root);
    expect(realpathSync(path.join(folder, "other"))).toBe(path.join(folder, "other"));
  });
});
