import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAuthority, type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { ROOT, readDocument } from "../support/documents";
import { testEngine } from "../support/engine";
import type { Declared } from "../support/program";
import { mustSucceed, TestStack } from "../support/stack";

const KEY = "sk-admin-local-glass";
const OTHER_KEY = "sk-admin-other-glass";
/** TLS 1.3 tells a refused client nothing, or an alert. */
const MTLS_REFUSAL = /a host does not accept .*OPENAI_MTLS_CERT_CHAIN|does this host demand a client certificate/;
const projects = [{ id: "proj_abc", name: "Other team" }];
const [pemA = "", pemB = ""] = realAnchors(2);
const page = readDocument("docs/guides/break-glass.md");
const blocks = (text: string) => [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
const [before = "", ...sections] = page.split(/^## /m);
const [setup = ""] = blocks(before);

jest.setTimeout(5 * 60 * 1000);

describe("the commands of the break-glass page, on the real engine", () => {
  let emulator: Emulator;
  let stack: TestStack;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-glass-"));
    emulator = await startEmulator({ adminKey: { mine: KEY, other: OTHER_KEY }, projects });
  });
  afterEach(async () => {
    stack?.remove();
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  });

  const organization = () => emulator.organization();
  const active = () =>
    organization()
      .certificates()
      .flatMap(({ id, active: isActive }) => (isActive ? [id] : []));

  const declared = (certificate: string): Declared => ({
    certificates: { root: { certificate } },
    activations: { org: { certificateIds: ["@root"] } },
  });

  /**
   * Runs a block of a section of the page: its lines `pulumi preview` and `pulumi up` by the engine with this program, since
   * there may be no language host for the CLI here, and everything else by a shell, as it stands there but for `real`.
   */
  async function run(
    heading: string,
    at: number,
    program: Declared,
    real: Record<string, string> = {},
  ): Promise<string> {
    const block = blocks(sections.find((section) => section.startsWith(heading)) ?? "")[at];
    expect(block).toBeDefined();
    let shell = "";
    const printed: string[] = [];
    const flush = async () => {
      if (shell.trim() !== "") printed.push(await sh(shell, real));
      shell = "";
    };
    for (const line of (block ?? "").split("\n")) {
      const [, operation] = /^pulumi (up|preview)$/.exec(line) ?? [];
      if (operation === undefined) {
        shell += `${line}\n`;
        continue;
      }
      await flush();
      const ended = await stack[operation as "up" | "preview"](program);
      mustSucceed(ended);
      printed.push(ended.output);
    }
    await flush();
    return printed.join("\n");
  }

  function sh(commands: string, real: Record<string, string>): Promise<string> {
    const engine = testEngine();
    // Both commands as they are installed at a user's.
    const cli = `npx() { shift 3; node "${path.join(ROOT, "dist/cli/index.js")}" "$@"; }`;
    const helper = setup.replace(/^export .*\n/, "");
    const text = Object.entries(real).reduce((all, [shown, meant]) => all.replaceAll(shown, meant), commands);
    const env = {
      ...process.env,
      ...engine.env,
      PATH: `${path.dirname(engine.command)}:${process.env["PATH"]}`,
      ...stack.environment,
      OPENAI_ADMIN_KEY: KEY,
      OPENAI_BASE_URL: emulator.url,
    };
    return new Promise((resolve, reject) => {
      execFile("sh", ["-euc", `${cli}\n${helper}\n${text}`], { cwd: stack.workDir, env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr);
        else reject(new Error(`${text}\n${stdout}${stderr}`));
      });
    });
  }

  it("lead out of an mTLS admin path that refuses the provider", async () => {
    const accepted = await createAuthority({ commonName: "Corp Root" });
    const stranger = await (await createAuthority({ commonName: "Other" })).client({ commonName: "provider" });
    const guarded = await startEmulator({ adminKey: KEY, adminTls: { clientCa: accepted.certificate } });
    try {
      stack = new TestStack({
        env: {
          OPENAI_ADMIN_KEY: KEY,
          NODE_EXTRA_CA_CERTS: file("host.pem", guarded.mtlsCa),
          OPENAI_MTLS_CERT_CHAIN: file("chain.pem", stranger.chain),
          OPENAI_MTLS_KEY: file("key.pem", stranger.key),
        },
      });
      const refused = await stack.up(declared(pemA), {
        config: { "openai:baseUrl": { value: guarded.adminTlsUrl ?? "" } },
      });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toMatch(MTLS_REFUSAL);
      await run("Locked out", 0, declared(pemA), { "https://api.openai.com/v1": emulator.url });
      await run("Locked out", 1, declared(pemA));
      expect(active()).toHaveLength(1);
    } finally {
      await guarded.close();
    }
  });

  describe("for a pending delete that fails at every run", () => {
    let old: string;
    beforeEach(async () => {
      stack = newStack();
      mustSucceed(await stack.up(declared(pemA)));
      [old = ""] = active();
      organization().activate([old], "proj_abc");
      await expectHeldUp();
      expect(stack.resources().filter(({ delete: isPending }) => isPending)).toMatchObject([{ id: old }]);
    });

    async function expectHeldUp(): Promise<void> {
      const failed = await stack.up(declared(pemB));
      expect(failed.exitCode).not.toBe(0);
      expect(failed.output).toMatch(
        `${old} "root" is not deleted: it is still active in project proj_abc "Other team"`,
      );
    }

    it("deactivate it where the message says", async () => {
      await expectHeldUp();
      await run("A pending delete", 0, declared(pemB), { cert_abc: old });
      expect(organization().certificates()).toMatchObject([{ active: true, activeProjects: [] }]);
      expect((await stack.drift(declared(pemB))).exitCode).toBe(0);
    });

    it("or let the stack forget it, and leave it uploaded and active there", async () => {
      const before = organization().certificates();
      await run("A pending delete", 1, declared(pemB), { cert_abc: old });
      expect(organization().certificates()).toEqual(before);
      expect(stack.resources().map(({ id }) => id)).not.toContain(old);
      const { exitCode, changes } = await stack.up(declared(pemB));
      expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { same: 3 } });
    });
  });

  it("for the wrong organization's key, with which nothing is written and no certificate forgotten", async () => {
    stack = newStack();
    mustSucceed(await stack.up(declared(pemA)));
    const [uploaded = ""] = active();
    emulator.requests.length = 0;
    const wrong = { config: { "openai:adminKey": { value: OTHER_KEY, secret: true } } };
    const up = await stack.up(declared(pemA), wrong);
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toMatch(/was last seen in organization .*, and the admin key now belongs to organization/);
    const refreshed = await stack.refresh(wrong);
    expect(refreshed.output).toMatch(/It is kept in state\./);
    expect((await stack.destroy(wrong)).exitCode).not.toBe(0);
    expect(writes(emulator.requests).filter(({ status }) => status < 400)).toEqual([]);
    expect(stack.resources().map(({ id }) => id)).toContain(uploaded);

    await sh("pulumi config rm openai:adminKey\n", {});
    const real = { "export OPENAI_ADMIN_KEY=…": `export OPENAI_ADMIN_KEY=${KEY}` };
    expect(await run("A run with the wrong", 0, declared(pemA), real)).toContain(uploaded);
    mustSucceed(await stack.up(declared(pemA)));
    expect(writes(emulator.requests).filter(({ status }) => status < 400)).toEqual([]);
    expect(active()).toEqual([uploaded]);
  });

  it("for certificates dropped from state: adopt: true takes them over, and nothing is written", async () => {
    stack = newStack();
    const program = (adopt: boolean): Declared => ({
      certificates: { a: { certificate: pemA, adopt }, b: { certificate: pemB, adopt } },
      activations: { org: { certificateIds: ["@a"] } },
    });
    mustSucceed(await stack.up(program(false)));
    const there = organization().certificates();
    for (const { urn } of stack
      .resources()
      .filter(({ id }) => id !== undefined)
      .reverse()) {
      await sh(`pulumi state delete --yes '${urn}'`, {});
    }
    expect(stack.resources()).toEqual([]);
    const plain = await stack.preview(program(false));
    expect(plain.output).toMatch(
      /holds the same certificate as "a", which is to be uploaded.*take it over with adopt: true/,
    );
    emulator.requests.length = 0;
    await run("Certificates dropped", 0, program(true));
    expect(writes(emulator.requests)).toEqual([]);
    expect(organization().certificates()).toEqual(there);
  });

  it("end enforcement by a change of the program that preview shows", async () => {
    stack = newStack();
    mustSucceed(await stack.up(declared(pemA)));
    const off: Declared = { ...declared(pemA), activations: { org: { certificateIds: [], allowEmpty: true } } };
    const printed = await run("Enforcement has to end", 0, off);
    expect(printed.match(/mTLS enforcement turns OFF in the organization/g)?.length).toBeGreaterThan(1);
    expect(active()).toEqual([]);
  });

  it("end enforcement by hand, more than ten anchors too", async () => {
    stack = newStack();
    const ids = realAnchors(12).map((certificate, n) => organization().upload({ name: `root-${n}`, certificate }));
    organization().activate(ids.slice(0, 10));
    organization().activate(ids.slice(10));
    await run("Enforcement has to end", 1, {});
    expect(active()).toEqual([]);
    expect(organization().certificates()).toHaveLength(12);
  });

  function newStack(): TestStack {
    return new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
  }

  function file(name: string, text = ""): string {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  }
});
