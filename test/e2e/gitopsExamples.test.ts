import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator, writes } from "../../emulator";
import { testEngine } from "../support/engine";
import { copyExample } from "../support/example";
import { type StackOptions, TestStack } from "../support/stack";

const KEY = "sk-admin-local-e2e";
const REPOSITORY = path.resolve(__dirname, "../..");
/** Each test is several operations of the engine. */
jest.setTimeout(300_000);

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

describe("the examples on the real engine", () => {
  const emulators: Emulator[] = [];
  const stacks: TestStack[] = [];

  afterEach(async () => {
    for (const stack of stacks.splice(0)) {
      stack.remove();
    }
    await Promise.all(emulators.splice(0).map((one) => one.close()));
  });

  async function start(): Promise<Emulator> {
    const emulator = await startEmulator({ adminKey: KEY });
    emulators.push(emulator);
    return emulator;
  }

  function exampleStack(example: string, options: StackOptions): TestStack {
    const stack = new TestStack({ example, ...options });
    stacks.push(stack);
    return stack;
  }

  /** Its configuration points at the port that its README names; the test has a port of its own. */
  const at = ({ url }: Emulator) => ({ "openai:baseUrl": { value: url } });

  /** The same where a stack's own configuration cannot, or must not, come over the project's. */
  function pointAt({ url }: Emulator, project: string): void {
    writeFileSync(project, readFileSync(project, "utf8").replace(/http:\/\/127\.0\.0\.1:\d+\/v1/g, url));
  }

  function written({ requests }: Emulator): string[] {
    const calls = writes(requests).map(({ method, path: called }) =>
      `${method} ${called}`.replace("/organization/certificates", "").replace(/cert_\w+/, "{id}"),
    );
    requests.length = 0;
    return calls;
  }

  function active(emulator: Emulator, organization?: string): (string | null)[] {
    const all = emulator.organization(organization).certificates();
    return all
      .filter((one) => one.active)
      .map(({ name }) => name)
      .sort();
  }

  it("gitops: dates activate beside the old anchor, and retire it once no client needs it any more", async () => {
    const emulator = await start();
    const stack = exampleStack("gitops", { env: { OPENAI_ADMIN_KEY: KEY }, config: at(emulator) });
    const dates = (retireOn: string) =>
      writeFileSync(
        path.join(stack.workDir, "anchors/anchors.yaml"),
        `corp-root-2027: { activateOn: ${daysFromNow(-10)} }\ncorp-root-2026: { retireOn: ${retireOn} }\n`,
      );
    dates(daysFromNow(10));
    const overlap = await stack.up({});
    expect(overlap).toMatchObject({ exitCode: 0, changes: { create: 5 } });
    expect(active(emulator)).toEqual(["corp-root-2026", "corp-root-2027"]);
    expect(Object.keys(overlap.outputs?.["certificateIds"] as object)).toEqual(["corp-root-2026", "corp-root-2027"]);
    written(emulator);

    dates(daysFromNow(-2));
    const refused = await stack.up({});
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/gateway\.example\.com/);
    expect(written(emulator)).toEqual([]);

    rmSync(path.join(stack.workDir, "clients/gateway.pem"));
    expect(await stack.up({})).toMatchObject({ exitCode: 0 });
    expect(written(emulator)).toEqual(["POST /deactivate", "DELETE /{id}"]);
    expect(active(emulator)).toEqual(["corp-root-2027"]);
  });

  it("rotation: each stage does its one step, and retiring is refused until the gateway has moved", async () => {
    const emulator = await start();
    const stack = exampleStack("rotation", { env: { OPENAI_ADMIN_KEY: KEY } });
    const up = async (config: Record<string, string>) => {
      const values = Object.entries(config).map(([key, value]) => [`openai-certificates-rotation:${key}`, { value }]);
      const { exitCode, output } = await stack.up({}, { config: { ...at(emulator), ...Object.fromEntries(values) } });
      return { exitCode, output, writes: written(emulator) };
    };
    expect(await up({})).toMatchObject({ exitCode: 0, writes: ["POST ", "POST /activate"] });
    expect(await up({ stage: "uploaded" })).toMatchObject({ exitCode: 0, writes: ["POST "] });
    expect(await up({ stage: "overlap" })).toMatchObject({ exitCode: 0, writes: ["POST /activate"] });
    const refused = await up({ stage: "retired" });
    expect(refused).toMatchObject({ writes: [], output: expect.stringMatching(/gateway\.example\.com/) });
    expect(refused.exitCode).not.toBe(0);
    expect(await up({ stage: "retired", gateway: "2027" })).toMatchObject({
      exitCode: 0,
      writes: ["POST /deactivate"],
    });
    expect(await up({ stage: "after", gateway: "2027" })).toMatchObject({ exitCode: 0, writes: ["DELETE /{id}"] });
    expect(active(emulator)).toEqual(["corp-root-2027"]);
  });

  it("multi-organization: each organization gets its own anchors with its own key, and the inventory shows them", async () => {
    const keys = { eu: "sk-admin-eu-e2e", us: "sk-admin-us-e2e" };
    const emulator = await startEmulator({ adminKey: keys });
    emulators.push(emulator);
    const stack = exampleStack("multi-organization", {
      env: { OPENAI_ADMIN_KEY: "", OPENAI_ADMIN_KEY_EU: keys.eu, OPENAI_ADMIN_KEY_US: keys.us },
    });
    pointAt(emulator, path.join(stack.workDir, "Pulumi.yaml"));
    expect((await stack.up({})).exitCode).toBe(0);
    expect([active(emulator, "eu"), active(emulator, "us")]).toEqual([["corp-root-eu"], ["corp-root-us"]]);
    const again = await stack.up({}, { expectNoChanges: true });
    expect(again.exitCode).toBe(0);
    expect(again.outputs?.["inventory"]).toMatchObject({
      eu: [{ name: "corp-root-eu", active: true }],
      us: [{ name: "corp-root-us", active: true }],
    });
  });

  it("automation: a job that checks, applies, and finds what somebody changed by hand", async () => {
    const emulator = await start();
    const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-automation-"));
    const program = path.join(folder, "program");
    mkdirSync(program);
    mkdirSync(path.join(folder, "backend"));
    copyExample("automation", program);
    symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(program, "node_modules"));
    pointAt(emulator, path.join(program, "Pulumi.yaml"));
    const run = async (job: string) => {
      const child = spawn(process.execPath, ["--import", "tsx", "index.ts", job], {
        cwd: program,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          ...testEngine().env,
          PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
          PULUMI_CONFIG_PASSPHRASE: "",
          OPENAI_ADMIN_KEY: KEY,
        },
      });
      const [stdout, stderr, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      return { status, last: stdout.trimEnd().split("\n").at(-1), stderr };
    };
    expect(await run("check")).toEqual({ status: 1, last: '0 as declared, to change: {"create":4}', stderr: "" });
    expect(await run("apply")).toEqual({ status: 0, last: "active before: []", stderr: "" });
    const organization = emulator.organization();
    organization.deactivate(organization.certificates().map(({ id }) => id));
    expect(await run("check")).toMatchObject({ status: 1, last: '3 as declared, to change: {"update":1}' });
    rmSync(folder, { recursive: true });
  });
});
