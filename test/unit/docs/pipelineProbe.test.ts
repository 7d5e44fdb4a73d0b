import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { type Authority, createAuthority, type Emulator, type Issued, startEmulator } from "../../../emulator";

const ROOT = path.resolve(__dirname, "../../..");

describe("the step between activating the next anchor and retiring the old one", () => {
  let emulator: Emulator;
  let folder: string;
  let next: Authority;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-probe-step-"));
    const bin = path.join(folder, "node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    const command = `#!/bin/sh\nexec node "${path.join(ROOT, "dist/cli/index.js")}" "$@"\n`;
    writeFileSync(path.join(bin, "openai-certificates"), command, { mode: 0o755 });
    emulator = await startEmulator({ adminKey: "sk-admin-local-probe", mtlsPort: 0 });
    writeFileSync(path.join(folder, "ca.pem"), emulator.mtlsCa ?? "");
    next = await createAuthority({ commonName: "corp-root-2027" });
    const organization = emulator.organization();
    organization.activate([organization.upload({ name: "corp-root-2027", certificate: next.certificate })]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  });

  async function probe(
    client: Issued,
    key: Record<string, string> = { PROBE_KEY: client.key },
  ): Promise<{ code: number | null; output: string; left: string[] }> {
    writeFileSync(path.join(folder, "gateway.pem"), client.chain);
    const temporary = mkdtempSync(path.join(folder, "tmp-"));
    const child = spawn("sh", [path.join(ROOT, "examples/pipelines/steps/probe.sh")], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        TMPDIR: temporary,
        NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
        OPENAI_API_KEY: "sk-proj-example",
        PROBE_CHAIN: "gateway.pem",
        ...key,
        PROBE_HOST: emulator.mtlsUrl,
      },
    });
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once("close", resolve)),
    ]);
    return { code, output: stdout + stderr, left: readdirSync(temporary).filter((name) => name.startsWith("tmp.")) };
  }

  it("passes for a client of the next authority, and leaves its key nowhere", async () => {
    const client = await next.client({ commonName: "gateway" });
    const { code, output, left } = await probe(client);
    expect(code === 0 ? "" : output).toBe("");
    expect(output).toContain("accepted");
    expect(output).not.toContain(client.key.split("\n")[1]);
    expect(left).toEqual([]);
  });

  it("takes the key from a file as well, which is the pipeline's, and stays", async () => {
    const client = await next.client({ commonName: "gateway" });
    const file = path.join(folder, "gateway-key.pem");
    writeFileSync(file, client.key);
    expect(await probe(client, { PROBE_KEY_FILE: file })).toMatchObject({ code: 0, left: [] });
    expect(readFileSync(file, "utf8")).toBe(client.key);
  });

  it("fails with 3 for a client of an authority that is not active, with the API's code", async () => {
    const stranger = await (await createAuthority({ commonName: "stranger" })).client();
    expect(await probe(stranger)).toMatchObject({
      code: 3,
      output: expect.stringContaining("certificate_verification_failed"),
      left: [],
    });
  });
});
