import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { list } from "tar";
import manifest from "../../../package.json";
import { archiveName } from "../../../tools/plugin/archives";
import { ROOT } from "../../support/documents";
import { goMissing } from "../../support/go";

const missing = goMissing();
const { version } = manifest;

(missing === undefined ? describe : describe.skip)("what the release workflow publishes", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-published-"));
  const repository = path.join(folder, "repository");
  const released = path.join(folder, "released");

  beforeAll(() => {
    // A checkout of its own: the script builds the plugin anew, under the feet of other tests here.
    execFileSync("git", ["checkout-index", "--all", `--prefix=${repository}/`], { cwd: ROOT });
    symlinkSync(path.join(ROOT, "node_modules"), path.join(repository, "node_modules"));
    execFileSync("sh", [".github/release/assemble.sh", released], { cwd: repository, stdio: "pipe" });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are the npm package, an archive for each system, the generated SDKs, and checksums of all of them", () => {
    const archives = ["darwin", "linux", "windows"].flatMap((system) =>
      ["amd64", "arm64"].map((processor) => archiveName(system, processor)),
    );
    const sdks = ["go", "nodejs", "python"].map((language) => `sdk-${language}.tar.gz`);
    const published = [`pulumi-openai-certificates-${version}.tgz`, ...archives, ...sdks];
    expect(readdirSync(released).sort()).toEqual([...published, "SHA256SUMS", "notes.md"].sort());
    const checked = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: released, encoding: "utf8" });
    expect(checked.trim().split("\n").sort()).toEqual(published.map((name) => `./${name}: OK`).sort());
  });

  it("the npm package has the plugin in it, but not the archives", async () => {
    const files: string[] = [];
    const onReadEntry = ({ path: name }: { path: string }) => void files.push(name);
    await list({ file: path.join(released, `pulumi-openai-certificates-${version}.tgz`), onReadEntry });
    const plugin = files.filter((name) => name.startsWith("package/dist-plugin/")).map((name) => path.basename(name));
    const built = readdirSync(path.join(repository, "dist-plugin"), { withFileTypes: true });
    const parts = built.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(plugin.sort()).toEqual(parts.sort());
  });

  it("the notes are the changelog's newest section", () => {
    const notes = readFileSync(path.join(released, "notes.md"), "utf8").trim();
    expect(notes.length).toBeGreaterThan(100);
    expect(readFileSync(path.join(ROOT, "CHANGELOG.md"), "utf8")).toContain(notes);
    expect(notes).not.toMatch(/^## /m);
  });
});
