import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { UsageError } from "../../../cli/command";
import { runReport } from "../../../cli/report";
import { type Emulator, startEmulator, writes } from "../../../emulator";
import { fingerprintOf, realAnchors } from "../../support/anchors";

const KEY = "sk-admin-history-test";
const schema = require("../../../docs/report.schema.json") as object;
const [first = "", second = ""] = realAnchors(2);

let emulator: Emulator;
let folder: string;
let root: string;
let gone: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-history-"));
  emulator = await startEmulator({ adminKey: KEY, projects: [{ id: "proj_pay", name: "Payments" }] });
  const alice = emulator.organization().by({ email: "alice@example.com", ip: "198.51.100.7" });
  root = alice.upload({ name: "corp-root", certificate: first });
  gone = alice.upload({ name: "Old root (2029)", certificate: second });
  alice.activate([root, gone], "proj_pay");
  alice.deactivate([gone], "proj_pay");
  const headers = { authorization: `Bearer ${KEY}` };
  await fetch(`${emulator.url}/organization/certificates/${gone}`, { method: "DELETE", headers });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await emulator.close();
});

async function report(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    isTTY: false,
    columns: 100,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
    hasColors: () => false,
  });
  const env = { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url };
  const code = await runReport(args, { stdout: stream("stdout"), stderr: stream("stderr"), env });
  return { code, ...written };
}

describe("openai-certificates report --history", () => {
  it("says who did what, when and where, newest first, in one call more", async () => {
    emulator.requests.length = 0;
    await report();
    const without = emulator.requests.length;
    emulator.requests.length = 0;
    const { code, stdout } = await report("--history");
    expect([code, emulator.requests.length, writes(emulator.requests)]).toEqual([0, without + 1, []]);
    const [, history = ""] = stdout.split("History, newest first\n");
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ`;
    const lines = history.replace(/\n {22}(?=\S)/g, " ").split("\n");
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${time} {2}deleted ${gone} "Old root \\(2029\\)" by API key key_\\w+ of service account svc_key_\\w+$`,
        ),
      ),
      expect.stringMatching(
        new RegExp(
          `^${time} {2}deactivated ${gone} "Old root \\(2029\\)" in project proj_pay "Payments" by alice@example.com from 198.51.100.7$`,
        ),
      ),
      expect.stringContaining(
        `activated ${root} "corp-root", ${gone} "Old root (2029)" in project proj_pay "Payments" by alice`,
      ),
      expect.stringContaining(`created ${gone}`),
      expect.stringContaining(`created ${root} "corp-root" by alice@example.com`),
      "",
    ]);
  });

  it("is in the JSON as the schema documents it, without any certificate, and only where it was asked for", async () => {
    const { stdout } = await report("--history", "--json");
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    const { history } = JSON.parse(stdout);
    expect(validate(JSON.parse(stdout)) || validate.errors).toBe(true);
    expect(history.events[0]).toMatchObject({
      type: "certificate.deleted",
      restorable: true,
      actor: { kind: "api_key" },
    });
    expect(history.events[1]).toMatchObject({
      type: "certificates.deactivated",
      project: { id: "proj_pay", name: "Payments" },
      certificates: [{ id: gone, name: "Old root (2029)" }],
      actor: { kind: "session", email: "alice@example.com", ip: "198.51.100.7", keyId: null },
      who: "alice@example.com from 198.51.100.7",
      restorable: false,
    });
    expect(stdout).not.toContain("BEGIN CERTIFICATE");
    expect(JSON.parse((await report("--json")).stdout)).not.toHaveProperty("history");
  });

  it("is a lane of the page's time line, and a list", async () => {
    const file = path.join(folder, "report.html");
    await report("--history", "--html", file);
    const page = readFileSync(file, "utf8");
    expect(page.match(/class="change (?:more|less)"/g)).toHaveLength(5);
    expect(page).toContain("by alice@example.com from 198.51.100.7</p>");
    await report("--html", file);
    expect(readFileSync(file, "utf8")).not.toMatch(/class="change |<h2>History/);
  });

  it.each([
    ["off", { status: 403, code: "audit_logs_not_enabled" }, "403 audit_logs_not_enabled"],
    ["not for this key", { status: 403, code: "insufficient_permissions" }, "403 insufficient_permissions"],
  ])("says in a line that the log is %s, beside a complete report with exit code 0", async (_, answer, said) => {
    const off = { kind: "status", ...answer, match: { path: "/organization/audit_logs" } } as const;
    emulator.faults.add(off);
    const { code, stdout, stderr } = await report("--history");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replace(/\s+/g, " ")).toContain(
      `History: The audit log cannot be read (${said}): an owner must turn it on`,
    );
    expect(stdout).toContain(root);
    emulator.faults.add(off);
    expect(JSON.parse((await report("--history", "--json")).stdout).history).toMatchObject({ events: [] });
  });

  it("fails for every other error, rather than to pass it for an empty history", async () => {
    emulator.faults.add({ kind: "status", status: 400, match: { path: "/organization/audit_logs" } });
    await expect(report("--history")).rejects.toThrow("GET /organization/audit_logs: 400");
  });
});

describe("report --history --restore", () => {
  it("writes each deleted certificate as it was, and says so beside the JSON", async () => {
    const out = path.join(folder, "restored");
    const { code, stdout, stderr } = await report("--history", "--restore", out, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("history");
    expect(readdirSync(out)).toEqual(["Old-root-2029.pem"]);
    expect(fingerprintOf(readFileSync(path.join(out, "Old-root-2029.pem"), "utf8"))).toBe(fingerprintOf(second));
    expect(stderr).toMatch(
      new RegExp(
        `^restored ${out}/Old-root-2029\\.pem: ${gone} "Old root \\(2029\\)", deleted \\d{4}-\\d\\d-\\d\\d\n$`,
      ),
    );
  });

  it("fails where the log cannot be read, and makes no folder", async () => {
    emulator.faults.add({ kind: "status", status: 403, match: { path: "/organization/audit_logs" } });
    const out = path.join(folder, "nothing");
    await expect(report("--history", "--restore", out)).rejects.toThrow("nothing was restored. The audit log cannot");
    expect(readdirSync(folder)).not.toContain("nothing");
  });

  it("is refused without --history, and into a folder that is not empty", async () => {
    await expect(report("--restore", path.join(folder, "x"))).rejects.toThrow(UsageError);
    await expect(report("--history", "--restore", __dirname)).rejects.toThrow(/--restore .* is not empty/);
  });
});
