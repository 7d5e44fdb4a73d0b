import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createAuthority, type Emulator, type Issued, startEmulator } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { type Ended, TestStack } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const KEY = "sk-admin-Zq7JvN3mWx5TbL9cRy2KfD8h";
const anchors = realAnchors(3);
const declared: Declared = {
  certificates: { one: { certificate: anchors[0] ?? "" }, two: { certificate: anchors[1] ?? "" } },
  activations: { org: { certificateIds: ["@one", "@two"] } },
};
const LOUD = { extra: { logVerbosity: 9, logToStdErr: true, debug: true } };

describe.each(TRANSPORTS)("secrets, at the loudest that the engine and Node can be (%s)", (transport) => {
  const work = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-secrets-"));
  const organizationFile = path.join(work, "organization.json");
  let emulator: Emulator;
  let stack: TestStack;
  let client: Issued;
  const ended: Ended[] = [];

  beforeAll(async () => {
    const authority = await createAuthority({ commonName: "Administrators" });
    client = await authority.client({ commonName: "pipeline" });
    emulator = await startEmulator({
      adminKey: KEY,
      adminTls: { clientCa: authority.certificate },
      stateFile: organizationFile,
    });
    const ca = path.join(work, "ca.pem");
    writeFileSync(ca, emulator.mtlsCa ?? "");
    stack = new TestStack({
      transport,
      env: { NODE_EXTRA_CA_CERTS: ca, NODE_DEBUG: "http,https,net,tls,stream,undici,fetch" },
      config: {
        "openai:adminKey": { value: KEY, secret: true },
        "openai:baseUrl": { value: emulator.adminTlsUrl ?? "" },
        "openai:clientCertificate": { value: client.chain },
        "openai:clientKey": { value: client.key, secret: true },
      },
    });
    const foreign = emulator.organization().upload({ name: "foreign", certificate: anchors[2] ?? "" });
    ended.push(await stack.preview(declared, LOUD), await stack.up(declared, LOUD));
    emulator.organization().activate([foreign]);
    emulator.faults.add({
      kind: "status",
      status: 401,
      code: "invalid_api_key",
      message: `Incorrect API key provided: ${KEY}. Header: Bearer ${KEY}`,
      match: { method: "POST" },
    });
    ended.push(await stack.up(declared, LOUD), await stack.refresh(LOUD));
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
    rmSync(work, { recursive: true, force: true });
  });

  it("were looked for in runs that did what they should, and one that failed", () => {
    expect(ended.map(({ exitCode }) => exitCode === 0)).toEqual([true, true, false, true]);
    expect(ended[2]?.output).toMatch(/401 invalid_api_key/);
    expect(Math.min(...ended.map(({ output }) => output.length))).toBeGreaterThan(100_000);
    expect(emulator.requests.length).toBeGreaterThan(5);
  });

  it("are in nothing that was printed", () => {
    for (const { output, error = "" } of ended) {
      expect(secretsIn(output + error)).toEqual([]);
    }
  });

  it("are in no file of the stack: state, its copies, configuration, the engine's own files", () => {
    const files = filesBelow(stack.folder).map((file) => [file, readFileSync(file, "latin1")] as const);
    expect(files.some(([file]) => file.includes(path.join("stacks", "certificates", "test.json")))).toBe(true);
    expect(files.some(([file]) => file.endsWith("Pulumi.test.yaml"))).toBe(true);
    for (const [file, content] of files) {
      expect([file, ...secretsIn(content)]).toEqual([file]);
    }
  });

  it("are neither in the emulator's request log nor in its file", () => {
    expect(secretsIn(JSON.stringify(emulator.requests))).toEqual([]);
    expect(secretsIn(readFileSync(organizationFile, "utf8"))).toEqual([]);
  });

  it("are not a certificate's content, which state holds in the property certificate alone", async () => {
    const [, body = ""] = (anchors[0] ?? "").split("\n");
    // From -v=5 or so on the engine itself logs each property that it handles.
    expect((await stack.up(declared)).output).not.toContain(body);
    for (const resource of stack.resources()) {
      const without = JSON.stringify(resource, (key, value: unknown) => (key === "certificate" ? undefined : value));
      expect(without).not.toContain(body);
    }
    expect(JSON.stringify(emulator.requests)).not.toContain(body);
  });

  /** Which secrets a text has in it: as they are, in base64, or as part of a header in base64. */
  function secretsIn(text: string): string[] {
    const lines = client.key.split("\n").filter((line) => line.length > 40 && !line.startsWith("-"));
    expect(lines.length).toBeGreaterThan(0);
    const secrets = { "the admin key": [KEY], "the client's private key": lines };
    return Object.entries(secrets).flatMap(([name, forms]) =>
      forms.some((form) => text.includes(form) || text.includes(Buffer.from(form).toString("base64"))) ? [name] : [],
    );
  }
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    // The program's node_modules are a link to this repository's.
    if (name === "node_modules") {
      return [];
    }
    return statSync(file).isDirectory() ? filesBelow(file) : [file];
  });
}
