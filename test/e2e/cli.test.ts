import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { testEngine } from "../support/engine";

const ROOT = path.resolve(__dirname, "../..");
const KEY = "sk-admin-local";
const engine = testEngine();

// Running a program by `pulumi up` takes Pulumi's Node language host, which its own installers bring along.
const withLanguageHost = engine.hasNodeLanguageHost ? describe : describe.skip;

withLanguageHost("pulumi, as a user types it", () => {
  let emulator: Emulator;
  let folder: string;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-cli-"));
    mkdirSync(path.join(folder, "backend"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    // `stack init` keeps the stack's encryption salt beside Pulumi.yaml.
    rmSync(path.join(ROOT, "Pulumi.root.yaml"), { force: true });
    await emulator.close();
  });

  /** Not synchronous: the emulator answers from this process. */
  function pulumi(cwd: string, ...args: string[]): Promise<{ status: number; output: string }> {
    const env = {
      ...process.env,
      ...engine.env,
      PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "for the test only",
      OPENAI_ADMIN_KEY: KEY,
    };
    return new Promise((resolve) => {
      execFile(engine.command, [...args, "--non-interactive"], { cwd, env }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  /** A project outside of this repository, so that nothing but its own folder and node_modules is found. */
  function project(source: string): string {
    const copy = path.join(folder, path.basename(source));
    cpSync(source, copy, { recursive: true, filter: (file) => !file.includes("node_modules") });
    symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
    return copy;
  }

  it("takes the quickstart through up, drift with exit code 7, repair and destroy", async () => {
    const cwd = project(path.join(ROOT, "examples/quickstart"));
    const organization = emulator.organization();
    expect(await pulumi(cwd, "stack", "init", "dev")).toMatchObject({ status: 0 });
    await pulumi(cwd, "config", "set", "openai:baseUrl", emulator.url);
    const up = await pulumi(cwd, "up", "--yes");
    expect(up).toMatchObject({ status: 0, output: expect.stringContaining("mTLS enforcement turns ON") });
    expect(organization.certificates()).toMatchObject([{ name: "corp-root-2026", active: true }]);

    const drift = ["preview", "--refresh", "--expect-no-changes"];
    expect(await pulumi(cwd, ...drift)).toMatchObject({ status: 0 });
    organization.deactivate([organization.certificates()[0]?.id ?? ""]);
    expect(await pulumi(cwd, ...drift)).toMatchObject({ status: 7 });
    expect(await pulumi(cwd, "up", "--yes")).toMatchObject({ status: 0 });
    expect(organization.certificates()).toMatchObject([{ active: true }]);
    expect(await pulumi(cwd, "destroy", "--yes")).toMatchObject({ status: 0 });
    expect(organization.certificates()).toEqual([]);
  });

  it("runs the repository itself as a stack", async () => {
    expect(await pulumi(ROOT, "stack", "init", "root")).toMatchObject({ status: 0 });
    const stack = ["--stack", "root", "--config", `openai:baseUrl=${emulator.url}`];
    expect(await pulumi(ROOT, "up", "--yes", "--config-file", path.join(folder, "root.yaml"), ...stack)).toMatchObject({
      status: 0,
    });
    expect(
      await pulumi(ROOT, "destroy", "--yes", "--config-file", path.join(folder, "root.yaml"), "--stack", "root"),
    ).toMatchObject({
      status: 0,
    });
    expect(emulator.organization().certificates()).toEqual([]);
  });
});
