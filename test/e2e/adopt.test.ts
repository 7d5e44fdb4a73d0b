import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import semver from "semver";
import { type Emulator, writes } from "../../emulator";
import { ensureYamlHost } from "../../tools/engine";
import { testEngine } from "../support/engine";
import { TestStack } from "../support/stack";

const ROOT = path.resolve(__dirname, "../..");
const KEY = "sk-admin-local-e2e";
const { startOrganization } = require("../../examples/adopt/organization") as {
  startOrganization(options: { port: number; adminKey: string }): Promise<{
    emulator: Emulator;
    ids: Record<"expired" | "expiring" | "current" | "copy" | "partner" | "pentest" | "next", string>;
  }>;
};

/** The adopted program as docs/guides/rotate.md changes it; `leftAlone` is the certificate that `adopt` has not taken over. */
const movedProgram = (leftAlone: string) => `
import * as fs from "node:fs";
import * as path from "node:path";
import { Certificate, ProjectCertificateActivation, TrustAnchors } from "pulumi-openai-certificates";

const pem = (name: string) => fs.readFileSync(path.join(__dirname, "projects", name + ".pem"), "utf8");
const anchors = path.join(__dirname, "anchors");
const component = new TrustAnchors("organization", { anchors, ignoreCertificateIds: ["${leftAlone}"] });
const copy = new Certificate("corp-root-2025-copy", {
  name: "corp-root-2025 (copy)",
  certificate: pem("corp-root-2025-copy"),
});
const pentest = new Certificate("script-alert-1-script", {
  name: "<script>alert(1)</script>",
  certificate: pem("script-alert-1-script"),
});
new ProjectCertificateActivation("Payments", {
  projectId: "proj_payments",
  certificateIds: [component.certificates["corp-root-2024"].id, copy.id],
});
new ProjectCertificateActivation("Research", { projectId: "proj_research", certificateIds: [pentest.id] });
`;

describe("an organization that was clicked together, adopted on the real engine", () => {
  let emulator: Emulator;
  let ids: Awaited<ReturnType<typeof startOrganization>>["ids"];
  let stack: TestStack;
  let folder: string;
  let before: unknown;

  beforeAll(async () => {
    ({ emulator, ids } = await startOrganization({ port: 0, adminKey: KEY }));
    before = emulator.organization().certificates();
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-adopt-"));
  });
  afterAll(async () => {
    stack?.remove();
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  });

  const env = () => ({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });

  /** The command as it is installed. The emulator lives in this process, so it must not wait in a synchronous call. */
  async function openaiCertificates(...args: string[]) {
    const child = spawn(process.execPath, [path.join(ROOT, "dist/cli/index.js"), ...args], {
      env: { ...process.env, ...env() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, stdout, stderr };
  }

  it("is reported on: exit code 3 for what is active and has expired or soon will", async () => {
    const { code, stdout, stderr } = await openaiCertificates("report", "--json", "--fail-within", "30d");
    expect(code).toBe(3);
    expect(stderr).toContain(`${ids.expired} "corp-root-2023", ${ids.expiring} "corp-root-2024"`);
    expect(JSON.parse(stdout)).toMatchObject({ organization: { anchorIds: expect.arrayContaining([ids.partner]) } });
  });

  it("becomes a program that type-checks, in which only the certificate without a name is not managed", async () => {
    const { code, stdout, stderr } = await openaiCertificates("adopt", "--out", path.join(folder, "certificates"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("6 certificates to take over, 3 active sets");
    expect(stdout).toContain(`  ${ids.partner}: it has no name`);
    stack = new TestStack({ env: env(), example: path.join(folder, "certificates") });
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
    const checked = spawnSync(process.execPath, [tsc, "--noEmit", "-p", stack.workDir], { encoding: "utf8" });
    expect(checked).toMatchObject({ status: 0, stdout: "" });
  });

  it("is taken over by pulumi up with reads alone: expired, doubled and oddly named certificates too", async () => {
    emulator.requests.length = 0;
    const { exitCode, output, changes } = await stack.up({});
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { create: 10 } });
    expect(output).not.toMatch(/[+-] (?:de)?activate|mTLS enforcement turns/);
    expect(emulator.requests.length).toBeGreaterThan(0);
    expect(new Set(emulator.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(emulator.organization().certificates()).toEqual(before);
  });

  it("is then in state under its own ids and names", async () => {
    const resources = stack.resources();
    const names = resources
      .filter(({ id }) => id?.startsWith("cert_"))
      .map(({ id, outputs }) => [id, outputs?.["name"]]);
    expect(Object.fromEntries(names)).toEqual({
      [ids.expired]: "corp-root-2023",
      [ids.expiring]: "corp-root-2024",
      [ids.current]: "corp-root-2025",
      [ids.copy]: "corp-root-2025 (copy)",
      [ids.pentest]: "<script>alert(1)</script>",
      [ids.next]: "../corp-root-2026",
    });
    const sets = resources.filter(({ id }) => !id?.startsWith("cert_"));
    expect(Object.fromEntries(sets.map(({ id, outputs }) => [id, outputs?.["certificateIds"]]))).toEqual({
      organization: [ids.expired, ids.expiring, ids.current, ids.partner].sort(),
      proj_payments: [ids.expiring, ids.copy].sort(),
      proj_research: [ids.pentest],
    });
  });

  it("shows no drift afterwards, and a tampered set as drift with exit code 7", async () => {
    expect((await stack.drift({})).exitCode).toBe(0);
    emulator.organization().deactivate([ids.partner]);
    const drift = await stack.drift({});
    expect(drift.exitCode).toBe(7);
    expect(drift.output).toContain(`+ activate ${ids.partner}`);
    expect(writes(emulator.requests)).toEqual([]);
  });

  it("moves to a component over the same folder without a write, if each case of the guide on rotation is handled", async () => {
    expect((await stack.up({})).exitCode).toBe(0);
    const there = emulator.organization().certificates();
    const file = (name: string) => path.join(stack.workDir, name);
    mkdirSync(file("projects"));
    for (const name of ["corp-root-2025-copy.pem", "script-alert-1-script.pem"]) {
      renameSync(file(`anchors/${name}`), file(`projects/${name}`));
    }
    const later = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const settings = `corp-root-2026:\n  name: ../corp-root-2026\n  activateOn: ${later}\n`;
    writeFileSync(file("anchors/anchors.yaml"), settings);
    writeFileSync(file("index.ts"), movedProgram(ids.partner));
    emulator.requests.length = 0;
    const moved = await stack.up({});
    expect(moved.exitCode === 0 ? "" : moved.output).toBe("");
    expect(moved.changes).toMatchObject({ create: 1, update: 7 });
    expect(moved.output).not.toMatch(/[+-] (?:de)?activate|to be created|left over/);
    expect(writes(emulator.requests)).toEqual([]);
    expect(emulator.organization().certificates()).toEqual(there);
    expect((await stack.drift({})).exitCode).toBe(0);
  });
});

// Older engines do not take outputs from the file.
const withImport = semver.gte(testEngine().version, "3.254.0") ? describe : describe.skip;

withImport("the same organization, put into state by `pulumi import --file`", () => {
  let emulator: Emulator;
  let stack: TestStack;
  let folder: string;
  let before: unknown;

  beforeAll(async () => {
    ({ emulator } = await startOrganization({ port: 0, adminKey: KEY }));
    before = emulator.organization().certificates();
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-import-"));
    // Built once, where it is not there yet.
    await ensureYamlHost(testEngine());
  }, 600_000);
  afterAll(async () => {
    stack?.remove();
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  });

  const env = () => ({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });

  /** Not synchronous: the emulator answers from this process. */
  async function run(command: string, args: readonly string[], more: Readonly<Record<string, string>>, cwd = folder) {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, output: stdout + stderr };
  }

  it("is written with the program, and imported, by reads alone", async () => {
    const out = path.join(folder, "certificates");
    const cli = [path.join(ROOT, "dist/cli/index.js"), "adopt", "--out", out, "--stack-import"];
    const written = await run(process.execPath, cli, env());
    expect(written).toMatchObject({ code: 0, output: expect.stringContaining("pulumi import --file import.json") });
    expect(writes(emulator.requests)).toEqual([]);
    stack = new TestStack({ env: env(), example: out });
    // The CLI asks for the host of the project's language even to import; here that is YAML's, which can be had everywhere.
    const { command, env: engine } = await ensureYamlHost(testEngine());
    const project = path.join(folder, "import");
    mkdirSync(project);
    writeFileSync(path.join(project, "Pulumi.yaml"), "name: openai-certificates\nruntime: yaml\nresources: {}\n");
    copyFileSync(path.join(out, "import.json"), path.join(project, "import.json"));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
    const pulumi = (...args: string[]) =>
      run(command, [...args, "--non-interactive"], { ...engine, ...stack.environment, ...env() }, project);
    expect(await pulumi("stack", "init", "test")).toMatchObject({ code: 0 });
    copyFileSync(path.join(project, "Pulumi.test.yaml"), path.join(stack.workDir, "Pulumi.test.yaml"));
    emulator.requests.length = 0;
    const imported = await pulumi(
      ...["import", "--file", "import.json", "--stack", "test", "--yes"],
      ...["--generate-code=false", "--protect=false"],
    );
    expect(imported).toEqual({ code: 0, output: expect.stringContaining("9 imported") });
    expect(writes(emulator.requests)).toEqual([]);
    expect(stack.resources()).toHaveLength(9);
  });

  it("is then what the program declares: up, preview, drift check and refresh change nothing", async () => {
    const up = await stack.up({});
    expect(up).toMatchObject({ exitCode: 0, changes: { same: 10 } });
    expect(await stack.preview({}, { expectNoChanges: true })).toMatchObject({ exitCode: 0 });
    expect(await stack.drift({})).toMatchObject({ exitCode: 0 });
    expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
    expect(writes(emulator.requests)).toEqual([]);
    expect(emulator.organization().certificates()).toEqual(before);
  });

  it("is watched like any other stack: a tampered set is drift", async () => {
    const [active] = emulator
      .organization()
      .certificates()
      .filter((one) => one.active);
    emulator.organization().deactivate([active?.id ?? ""]);
    expect(await stack.drift({})).toMatchObject({ exitCode: 7 });
  });
});
