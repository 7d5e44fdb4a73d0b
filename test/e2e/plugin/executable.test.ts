import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { ROOT } from "../../support/documents";
import { testEngine } from "../../support/engine";
import { NativeProject } from "../../support/nativeProject";

const KEY = "sk-admin-local-executable";
const MAKE = [require.resolve("tsx/cli"), path.join(ROOT, "tools/plugin/main.ts"), "--sea"];

(process.platform === "linux" ? describe : describe.skip)("the plugin as a single executable", () => {
  let emulator: Emulator;
  let project: NativeProject;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const { env } = await ensureYamlHost(testEngine());
    const folders = (env["PATH"] ?? "")
      .split(path.delimiter)
      .filter((folder) => !existsSync(path.join(folder, "node")));
    const PATH = folders.join(path.delimiter);
    project = new NativeProject("yaml", { ...env, PATH, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
    const made = await project.run([process.execPath, ...MAKE, path.join(project.folder, "bin")]);
    expect(made).toMatchObject({ exitCode: 0 });
    rmSync(path.join(project.folder, "node_modules"), { recursive: true });
    await project.pulumi("stack", "init", "test");
    await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
  });
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  it("runs a program and its component where there is no Node", async () => {
    expect((await project.run(["node", "--version"])).exitCode).not.toBe(0);
    const component =
      "  corp:\n    type: openai-certificates:TrustAnchors\n    properties: { folder: ./anchors, activate: false }\n";
    const program = readFileSync(path.join(project.folder, "Pulumi.yaml"), "utf8");
    project.write(
      "Pulumi.yaml",
      program.replace("path: node_modules/.bin", "path: bin").replace(/^variables:/m, `${component}variables:`),
    );
    const up = await project.operate("up");
    expect({ ...up, output: up.exitCode === 0 ? "" : up.output }).toEqual({ exitCode: 0, output: "" });
    expect(await project.operate("drift")).toMatchObject({ exitCode: 0 });
    const names = emulator
      .organization()
      .certificates()
      .map(({ name, active }) => `${name} ${active}`);
    expect(names.sort()).toEqual(["corp-root false", "corp-root true"]);
  });
});
