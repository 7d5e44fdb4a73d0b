import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { packTarball } from "../../support/consumer";
import { testEngine } from "../../support/engine";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-packed";
const INSTALL = ["npm", "install", "--prefix", "tools", "--prefer-offline", "--no-audit", "--no-fund"];

describe("a YAML program with Pulumi, Node, the npm package and nothing else", () => {
  const tarball = packTarball();
  let emulator: Emulator;
  let project: NativeProject;
  const modules = () => path.join(project.folder, "tools", "node_modules");

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    project = new NativeProject("yaml", { ...env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    rmSync(path.join(project.folder, "node_modules"), { recursive: true });
    mkdirSync(path.join(project.folder, "tools"));
    project.write("tools/package.json", JSON.stringify({ private: true }));
    expect(await project.run([...INSTALL, tarball])).toMatchObject({ exitCode: 0 });
    await project.pulumi("stack", "init", "test");
    await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
  });
  afterAll(async () => {
    project.remove();
    rmSync(path.dirname(tarball), { recursive: true });
    await emulator.close();
  });

  const edit = (from: RegExp, to: string) => {
    const program = readFileSync(path.join(project.folder, "Pulumi.yaml"), "utf8");
    expect(program).toMatch(from);
    project.write("Pulumi.yaml", program.replace(from, to));
  };

  it("brings no Pulumi SDK along, which only programs in TypeScript need", () => {
    expect(readdirSync(modules())).not.toContain("@pulumi");
  });

  it("finds the plugin by its path", async () => {
    edit(/path: node_modules/, "path: tools/node_modules");
    const up = await project.operate("up");
    expect({ ...up, output: up.exitCode === 0 ? "" : up.output }).toEqual({ exitCode: 0, output: "" });
    expect(emulator.organization().certificates()).toMatchObject([{ name: "corp-root", active: true }]);
  });

  it("finds the plugin on PATH", async () => {
    edit(/^plugins:\n(?: .*\n)+/m, "");
    renameSync(modules(), path.join(project.folder, "node_modules"));
    expect(await project.operate("drift")).toMatchObject({ exitCode: 0 });
    expect((await project.run(["openai-certificates", "--version"])).output).toMatch(/^\d/);
  });
});
