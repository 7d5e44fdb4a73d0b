import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { anchor, KEY } from "./helpers";

const ROOT = resolve(__dirname, "../../..");

/** Starts `openai-certificates` from its source, without any admin key in its environment but the given one. */
function openaiCertificates(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const { OPENAI_ADMIN_KEY: _, ...inherited } = process.env;
  return spawn(process.execPath, ["--import", "tsx", "cli/index.ts", ...args], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function collect(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, ...output };
}

const run = (...args: string[]) => collect(openaiCertificates(args));

describe("openai-certificates emulator", () => {
  const running: ChildProcess[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Starts it and answers the first lines it prints. */
  async function started(lines: number, args: string[], environment?: Record<string, string>) {
    const child = openaiCertificates(["emulator", "--port", "0", ...args], environment);
    running.push(child);
    const printed: string[] = [];
    child.stderr?.resume();
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      printed.push(line);
      if (printed.length === lines) break;
    }
    return { child, printed };
  }
  const list = (url: string | undefined, key = KEY) =>
    fetch(`${url}/organization/certificates`, { headers: { authorization: `Bearer ${key}` } });

  it.each(["SIGTERM", "SIGINT"] as const)("prints its base URL, serves, and ends with 0 on %s", async (signal) => {
    const { child, printed } = await started(1, ["--admin-key", KEY]);
    expect(printed[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect((await list(printed[0])).status).toBe(200);
    expect((await list(printed[0], "sk-wrong")).status).toBe(401);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("takes the key from OPENAI_ADMIN_KEY, keeps its state in a file and cuts lists into pages", async () => {
    const state = join(folder, "state.json");
    const environment = { OPENAI_ADMIN_KEY: KEY };
    const first = await started(1, ["--state", state], environment);
    const upload = async (n: number) => {
      const answer = await fetch(`${first.printed[0]}/organization/certificates`, {
        method: "POST",
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ certificate: anchor(n) }),
      });
      return ((await answer.json()) as { id: string }).id;
    };
    await upload(0);
    const id = await upload(1);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const second = await started(1, ["--state", state, "--page-size", "1"], environment);
    expect(await (await list(second.printed[0])).json()).toMatchObject({ data: [{ id }], has_more: true });
  });

  it("runs the listener for client certificates and writes the certificate to trust", async () => {
    const caFile = join(folder, "ca.pem");
    const { printed } = await started(2, ["--admin-key", KEY, "--mtls-port", "0", "--mtls-ca", caFile]);
    expect(printed[1]).toMatch(/^https:\/\/localhost:\d+\/v1$/);
    const options = { ca: readFileSync(caFile), headers: { authorization: "Bearer k" }, agent: false };
    const request = httpsRequest(`${printed[1]}/models`, options).end();
    const [answer] = await once(request, "response");
    answer.resume();
    expect(answer.statusCode).toBe(200);
  });

  it("has the projects that --project names", async () => {
    const { printed } = await started(1, ["--admin-key", KEY, "--project", "proj_a", "--project", "proj_b"]);
    const answer = await fetch(`${printed[0]}/organization/projects`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(await answer.json()).toMatchObject({ data: [{ id: "proj_a", name: "proj_a" }, { id: "proj_b" }] });
  });

  it("has no audit log with --no-audit-log", async () => {
    const { printed } = await started(1, ["--admin-key", KEY, "--no-audit-log"]);
    const answer = await fetch(`${printed[0]}/organization/audit_logs`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    expect(answer.status).toBe(403);
  });

  it("says in one line that a port is in use, with exit code 1", async () => {
    const { printed } = await started(1, ["--admin-key", KEY]);
    const { port } = new URL(printed[0] ?? "");
    expect(await run("emulator", "--admin-key", KEY, "--port", port)).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^openai-certificates: Could not listen on 127\.0\.0\.1:\d+: the port is in use.*\n$/,
      ),
    });
  });

  it("ends with code 1 and frees its ports when the certificate to trust cannot be written", async () => {
    const args = ["--admin-key", KEY, "--port", "0", "--mtls-port", "0", "--mtls-ca", join(folder, "no", "ca.pem")];
    const { code, stdout, stderr } = await run("emulator", ...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^openai-certificates: ENOENT.*\n$/);
  });

  it.each([
    [[], "an admin key is needed"],
    [["--admin-key", KEY, "--port", "x"], "--port takes a whole number from 0 to 65535"],
    [["--admin-key", KEY, "--port", "65536"], "--port takes a whole number from 0 to 65535"],
    [["--admin-key", KEY, "--page-size", "0"], "--page-size takes a whole number from 1 to 100"],
    [["--admin-key", KEY, "--mtls-ca", "x"], "--mtls-ca needs --mtls-port"],
    [["--admin-key", KEY, "--project", "Payments"], "--project takes a project's id"],
    [["--admin-kee", KEY], "Unknown option '--admin-kee'; see openai-certificates emulator --help"],
    [["--port"], "Option '--port <value>' argument missing"],
    [[KEY], "unexpected argument"],
  ])("refuses %j in one line without the key, with exit code 2", async (args, message) => {
    const { code, stdout, stderr } = await run("emulator", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^openai-certificates: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(KEY);
  });
});

describe("openai-certificates", () => {
  it("lists its commands with --help, and as an error without any", async () => {
    const overview = expect.stringMatching(/^Usage: openai-certificates COMMAND[\s\S]*\n {2}emulator +\S/);
    expect(await run("--help")).toEqual({ code: 0, stdout: overview, stderr: "" });
    expect(await run()).toEqual({ code: 2, stdout: overview, stderr: "" });
  });

  it("tells its release with --version", async () => {
    const { version } = require("../../../package.json") as { version: string };
    expect(await run("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("explains a command with --help, wherever that stands, and with help", async () => {
    const usage = expect.stringMatching(/^Usage: openai-certificates emulator[\s\S]*--admin-key KEY/);
    const overview = expect.stringMatching(/^Usage: openai-certificates COMMAND/);
    expect(await run("help", "emulator")).toEqual({ code: 0, stdout: usage, stderr: "" });
    expect(await run("help")).toEqual({ code: 0, stdout: overview, stderr: "" });
    expect(await run("emulator", "--help")).toEqual({ code: 0, stdout: usage, stderr: "" });
    expect(await run("emulator", "--port", "1", "-h")).toEqual({ code: 0, stdout: usage, stderr: "" });
  });

  it("refuses an unknown command in one line, with exit code 2", async () => {
    expect(await run("emulate")).toEqual({
      code: 2,
      stdout: "",
      stderr: "openai-certificates: unknown command 'emulate'; see openai-certificates --help\n",
    });
  });
});
