import tty from "node:tty";
import { connect } from "../../../cli/observation/connection";
import { runReport } from "../../../cli/report";
import { type Emulator, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";

const KEY = "sk-admin-streams-test";
const CLEAR = "\r\u001b[K";

let emulator: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  emulator = await startEmulator({ adminKey: KEY });
  emulator.organization().upload({ name: "root", certificate: realAnchors(1)[0] ?? "" });
  env = { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url };
});
afterAll(() => emulator.close());

/** A stream that keeps what is written to it. Its colours are Node's own decision, by the given variables. */
function stream(isTTY: boolean, variables: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  return {
    isTTY,
    columns: 100,
    written,
    write: (text: string) => written.push(text) > 0,
    hasColors: () => tty.WriteStream.prototype.hasColors({ TERM: "xterm-256color", ...variables }),
  };
}

/** What the command writes to each stream, both being terminals or none. */
async function report(args: readonly string[], isTTY: boolean, variables: NodeJS.ProcessEnv = {}) {
  const [stdout, stderr] = [stream(isTTY, variables), stream(isTTY, variables)];
  expect(await runReport(args, { stdout, stderr, env })).toBe(0);
  return { stdout: stdout.written.join(""), stderr: stderr.written.join("") };
}

describe("openai-certificates report on a terminal", () => {
  it("tells how far it is on standard error, and takes that away at the end", async () => {
    const { stdout, stderr } = await report([], true);
    expect(stderr).toContain(`${CLEAR}reading certificates: 1 of 1`);
    expect(stderr.endsWith(CLEAR)).toBe(true);
    expect(stdout).not.toContain("reading certificates");
  });

  it("says nothing but the JSON with --json", async () => {
    const { stdout, stderr } = await report(["--json"], true);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1 });
  });

  it("has colours, unless NO_COLOR says otherwise", async () => {
    expect((await report([], true)).stdout).toContain("\u001b[");
    expect((await report([], true, { NO_COLOR: "1" })).stdout).not.toContain("\u001b");
  });

  it("has neither colours nor progress without a terminal", async () => {
    const { stdout, stderr } = await report([], false);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toBe("");
  });
});

describe("what the API's client has to say", () => {
  it("goes to standard error, so that standard output stays the answer", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 60 });
    const stderr = stream(false);
    await connect(env, stderr, new FakeClock()).api.list();
    expect(stderr.written).toEqual([
      "GET /organization/certificates: 429 (too many requests); waiting until the API accepts the call, at most 300 s in all\n",
    ]);
  });
});
