import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { command as adopt } from "../../../cli/adopt";
import { writeFiles } from "../../../cli/adopt/write";
import { UsageError } from "../../../cli/command";
import { command as report } from "../../../cli/report";
import { type Emulator, startEmulator, writes } from "../../../emulator";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { openaiCertificates } from "./run";

const KEY = "sk-admin-command-test";
const WRONG_KEY = "sk-admin-wrong-key";
/** What Node's anchors are not valid for. */
const FOREVER = "36500d";

const [first = "", second = ""] = realAnchors(2);

let emulator: Emulator;
let id: string;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  emulator = await startEmulator({ adminKey: { full: KEY, empty: "sk-admin-empty" } });
  id = emulator.organization().upload({ name: "root", certificate: first });
  emulator.organization().upload({ name: "idle", certificate: second });
  emulator.organization().activate([id]);
  folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-command-"));
  env = { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emulator.close();
});

const run = (...args: string[]) => openaiCertificates(args, env);

describe("openai-certificates report", () => {
  it("prints a table to a pipe: no colours, no progress, exit code 0", async () => {
    const { code, stdout, stderr } = await run("report");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Organization: mTLS is enforced, 1 active anchor");
    expect(stdout).toContain(`  ${id}  `);
    expect(stdout).not.toContain("\u001b");
    expect(writes(emulator.requests)).toEqual([]);
  });

  it("prints JSON and nothing else with --json", async () => {
    const { code, stdout, stderr } = await run("report", "--json", "--fail-within", "7");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, limitDays: 7, organization: { anchorIds: [id] } });
  });

  it("writes the page with --html, and says in one line what is in it", async () => {
    const file = path.join(folder, "report.html");
    const { code, stdout } = await run("report", "--html", file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `wrote ${file}: 2 certificates, 1 finding\n` });
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it("ends with 3 when an active anchor expires within the limit, and names it, beside a complete report", async () => {
    const { code, stdout, stderr } = await run("report", "--json", "--fail-within", FOREVER);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `openai-certificates: active and expired, or expiring within 36500 days: ${id} "root"\n`,
    });
    expect(JSON.parse(stdout).anchors).toHaveLength(2);
  });

  it("ends with 1 where it cannot know of every active anchor, and says what is not known, beside a complete report", async () => {
    const [project] = emulator.organization().projects();
    emulator.faults.add({ kind: "status", status: 404, match: { path: /\/projects\/.*certificates/ } });
    const { code, stdout, stderr } = await run("report", "--json", "--fail-within", "7");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^openai-certificates: --fail-within: not known what is active in project ${project?.id} [^\\n]*\\n$`),
    );
    expect(JSON.parse(stdout)).toMatchObject({ anchors: [{}, {}], projects: [{ decidedBy: null }] });
  });

  it("ends as it would where its reader has seen enough, as head does, and says no more than it would", async () => {
    const args = ["report", "--fail-within", FOREVER];
    const { code, stderr } = await openaiCertificates(args, env, { deaf: true });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^openai-certificates: active and expired[^\n]*\n$/);
  });

  it("goes on without the projects where the key may not list them, and --fail-within ends with 1", async () => {
    emulator.faults.add({ kind: "status", status: 403, match: { path: "/organization/projects", times: 2 } });
    const { code, stdout, stderr } = await run("report", "--fail-within", "7");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^openai-certificates: --fail-within: not known what is active in projects: GET [^\n]*\n$/);
    expect(stdout).toMatch(/Projects: not known[\s\S]*no known set[\s\S]*The projects could not be\s+listed/);
    expect(stdout).not.toContain("nowhere");
    const out = path.join(folder, "incomplete");
    const adopted = await run("adopt", "--out", out);
    expect(adopted.code).toBe(1);
    expect(adopted.stderr).toContain("list the organization's projects");
    expect(existsSync(out)).toBe(false);
  });

  it("ends with 1 and without the key where the API refuses", async () => {
    const refused = await openaiCertificates(["report", "--json"], { ...env, OPENAI_ADMIN_KEY: WRONG_KEY });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^openai-certificates: GET \/organization\/\w+: 401 invalid_api_key.*\n$/);
    expect(refused.stderr).not.toContain(WRONG_KEY);
  });
});

describe("openai-certificates report, where one call fails for good while another waits", () => {
  it("ends at once", async () => {
    const status = (path: string, fault: { status: number; retryAfter?: number }) =>
      emulator.faults.add({ kind: "status", ...fault, match: { path } });
    status("/organization/projects", { status: 429, retryAfter: 250 });
    status("/organization/certificates", { status: 403 });
    const { code, stderr } = await run("report");
    expect(code).toBe(1);
    expect(stderr).toContain("openai-certificates: GET /organization/certificates: 403");
  }, 30_000);
});

describe("openai-certificates adopt", () => {
  it("writes a project into a new folder, and says what is in it", async () => {
    const out = path.join(folder, "new", "certificates");
    emulator.requests.length = 0;
    const { code, stdout, stderr } = await run("adopt", "--out", out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`wrote ${out}: 2 certificates to take over, 1 active set\n  the organization: 1 anchor\n`);
    expect(readdirSync(out).sort()).toEqual(
      [".gitignore", "Pulumi.yaml", "README.md", "anchors", "index.ts", "package.json", "tsconfig.json"].sort(),
    );
    const pem = readFileSync(path.join(out, "anchors", "root.pem"), "utf8");
    expect(fingerprintOf(pem)).toBe(fingerprintOf(first));
    expect(writes(emulator.requests)).toEqual([]);
    const files = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => readFileSync(path.join(out, name), "utf8")).join()).not.toContain(KEY);
  });

  it("refuses a folder that is not empty before it asks the API anything, and changes nothing in it", async () => {
    const out = path.join(folder, "full");
    mkdirSync(out);
    writeFileSync(path.join(out, "index.ts"), "mine");
    emulator.requests.length = 0;
    const { code, stderr } = await run("adopt", "--out", out);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `openai-certificates: --out ${out} is not empty: name a new or an empty folder\n`,
    });
    expect(readdirSync(out)).toEqual(["index.ts"]);
    expect(readFileSync(path.join(out, "index.ts"), "utf8")).toBe("mine");
    expect(emulator.requests).toEqual([]);
  });

  it("overwrites nothing that has appeared in the folder since it was found to be empty", () => {
    const out = path.join(folder, "meanwhile");
    mkdirSync(out);
    writeFileSync(path.join(out, "index.ts"), "mine");
    expect(() => writeFiles(out, new Map([["index.ts", "theirs"]]))).toThrow(/EEXIST/);
    expect(readFileSync(path.join(out, "index.ts"), "utf8")).toBe("mine");
  });

  it("ends with 1 where there is nothing to adopt, and makes no folder", async () => {
    const out = path.join(folder, "nothing");
    const ended = await openaiCertificates(["adopt", "--out", out], { ...env, OPENAI_ADMIN_KEY: "sk-admin-empty" });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing to adopt") });
    expect(existsSync(out)).toBe(false);
  });
});

describe("wrong usage", () => {
  it.each([
    [["report", "--fail-within", "soon", "--json"], {}, "--fail-within takes a number of days, such as 30\n"],
    [["report", "--fail-in", "30"], {}, "Unknown option '--fail-in'; see openai-certificates report --help\n"],
    [
      ["adopt", KEY],
      {},
      "unexpected argument (not repeated here, since it may be a key); see openai-certificates adopt --help\n",
    ],
    [[KEY], {}, "unknown command (not repeated here, since it may be a key); see openai-certificates --help\n"],
    [["sk-admin"], {}, "unknown command (not repeated here"],
    [
      ["report", `--${KEY}`],
      {},
      "Unknown option (not repeated here, since it may be a key); see openai-certificates report --help\n",
    ],
    [["emulator", `--admin-key${KEY}`], {}, "Unknown option (not repeated here"],
    [["report", "--html", ""], {}, "--html is given without a value; see openai-certificates report --help\n"],
    [["emulator", "--state="], {}, "--state is given without a value; see openai-certificates emulator --help\n"],
    [["reprot"], {}, "unknown command 'reprot'; see openai-certificates --help\n"],
    [["report"], { OPENAI_ADMIN_KEY: "" }, "set the environment variable OPENAI_ADMIN_KEY"],
    [["report"], { OPENAI_BASE_URL: "http://api.example.test" }, "OPENAI_BASE_URL is refused"],
  ])("of %j with %j ends with 2 and one line without the key", async (args, changed, message) => {
    const { code, stdout, stderr } = await openaiCertificates(args, { ...env, ...changed });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^openai-certificates: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(KEY);
  });

  it.each([
    [report, ["--json", "--html", "x"], "--json and --html cannot be used together"],
    [report, ["--fail-within", "-1d"], "--fail-within"],
    [report, ["--fail-within", "1000000d"], "--fail-within takes a number of days"],
    [report, [KEY], "unexpected argument"],
    [adopt, ["--out", ""], "--out is given without a value"],
    [adopt, ["--out", __filename], "cannot be used: it is a file"],
  ])("is refused before anything is read (%#)", async (command, args, message) => {
    const refused = await command.run(args).catch((error: Error) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toContain(message);
  });

  it.each(["report", "adopt", "probe"])(
    "%s --help explains the options and the exit codes without a key",
    async (name) => {
      const { code, stdout, stderr } = await openaiCertificates([name, "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^Usage: openai-certificates ${name} [\\s\\S]*\\nExit code: 0 `));
      expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(120);
    },
  );
});
