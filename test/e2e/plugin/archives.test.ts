import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { list } from "tar";
import { type Emulator, startEmulator } from "../../../emulator";
import manifest from "../../../package.json";
import { ensureYamlHost } from "../../../tools/engine";
import { archiveName, writeArchives } from "../../../tools/plugin/archives";
import { OUTPUT } from "../../../tools/plugin/bundle";
import { testEngine } from "../../support/engine";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-archives";
const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-archives-"));
const archives = path.join(folder, "archives");

beforeAll(() => writeArchives(OUTPUT, archives));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const built = readdirSync(OUTPUT, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name)
  .sort();
const checksums = (of: string) => readFileSync(path.join(of, "SHA256SUMS"), "utf8").trim().split("\n");

describe("the archives of a release", () => {
  it("are there for every system and processor under Pulumi's names, each with its checksum", () => {
    const names = ["linux", "darwin", "windows"].flatMap((system) =>
      ["amd64", "arm64"].map(
        (processor) => `pulumi-resource-openai-certificates-v${manifest.version}-${system}-${processor}.tar.gz`,
      ),
    );
    expect(readdirSync(archives).sort()).toEqual([...names, "SHA256SUMS"].sort());
    const read = (name: string) => readFileSync(path.join(archives, name));
    const sums = names.map((name) => `${createHash("sha256").update(read(name)).digest("hex")}  ${name}`);
    expect(checksums(archives).sort()).toEqual(sums.sort());
  });

  it("have the launcher of their system, which can be executed, and all that it starts", async () => {
    const start = "pulumi-resource-openai-certificates";
    const without = (launcher: string) => built.filter((name) => name !== launcher);
    expect(built).toEqual(expect.arrayContaining(["LICENSE", "server.js", start, `${start}.cmd`, `${start}.js`]));
    expect(await entries("linux")).toEqual(without(`${start}.cmd`));
    expect(await entries("darwin")).toEqual(without(`${start}.cmd`));
    expect(await entries("win32")).toEqual(without(start));
  });

  it("are the same bytes when the same plugin is packed elsewhere and later", async () => {
    const copy = path.join(folder, "copy");
    // The files have other times then.
    cpSync(OUTPUT, copy, { recursive: true });
    await writeArchives(copy, path.join(folder, "again"));
    expect(checksums(path.join(folder, "again"))).toEqual(checksums(archives));
  });
});

async function entries(platform: string): Promise<string[]> {
  const found: string[] = [];
  const onReadEntry = ({ path: name, mode = 0 }: { path: string; mode?: number }) => {
    found.push(name);
    expect([name, (mode & 0o100) !== 0]).toEqual([name, /certificates(\.js)?$/.test(name)]);
  };
  await list({ file: path.join(archives, archiveName(platform)), onReadEntry });
  return found.sort();
}

describe("a program that names no path to the plugin", () => {
  let emulator: Emulator;
  let project: NativeProject;

  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    // Nothing but the engine's own cache can lead to the plugin now.
    rmSync(path.join(project.folder, "node_modules"), { recursive: true });
    edit(/^plugins:\n(?: .*\n)+/m, "");
    await project.pulumi("stack", "init", "test");
    await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
  });
  afterEach(async () => {
    project.remove();
    await emulator.close();
  });

  const edit = (from: RegExp, to: string) => {
    const program = readFileSync(path.join(project.folder, "Pulumi.yaml"), "utf8");
    expect(program).toMatch(from);
    project.write("Pulumi.yaml", program.replace(from, to));
  };
  const runs = async () => {
    const up = await project.operate("up");
    expect({ ...up, output: up.exitCode === 0 ? "" : up.output }).toEqual({ exitCode: 0, output: "" });
    expect(emulator.organization().certificates()).toMatchObject([{ name: "corp-root", active: true }]);
    expect(await project.operate("drift")).toMatchObject({ exitCode: 0 });
    const { output } = await project.pulumi("plugin", "ls");
    expect(output).toMatch(new RegExp(`openai-certificates +resource +${manifest.version.replaceAll(".", "\\.")}`));
  };

  it("runs on one that `pulumi plugin install` has installed from an archive", async () => {
    const file = path.join(archives, archiveName());
    const install = ["plugin", "install", "resource", "openai-certificates", manifest.version, "--file", file];
    expect(await project.pulumi(...install)).toMatchObject({ exitCode: 0 });
    await runs();
  });

  it("runs on one that the engine finds by its name in a release, and downloads", async () => {
    const asked: string[] = [];
    const release = createServer(({ url = "" }, answer) => {
      asked.push(url);
      answer.end(readFileSync(path.join(archives, path.basename(url))));
    }).listen(0, "127.0.0.1");
    await once(release, "listening");
    const server = `http://127.0.0.1:${(release.address() as AddressInfo).port}`;
    const install = ["plugin", "install", "resource", "openai-certificates", manifest.version, "--server", server];
    const installed = await project.pulumi(...install);
    release.close();
    expect({ ...installed, output: installed.exitCode === 0 ? "" : installed.output }).toEqual({
      exitCode: 0,
      output: "",
    });
    expect(asked).toEqual([`/${archiveName()}`]);
    await runs();
  });
});
