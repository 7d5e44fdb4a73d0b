import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { type Authority, createAuthority, type Emulator, type Issued, startEmulator } from "../../../emulator";
import { codeBlocks } from "../../support/documents";

const KEY = "sk-admin-local-recovery";
const [look = "", api = "", list = "", activate = "", activateInProject = "", upload = "", deactivate = ""] =
  codeBlocks("docs/guides/lock-out.md", "sh");

describe("the commands of the guide for a lock-out", () => {
  let emulator: Emulator;
  let folder: string;
  let authority: Authority;
  let client: Issued;
  let old: string;
  let next: string;

  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY, mtlsPort: 0 });
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-lock-out-"));
    authority = await createAuthority({ commonName: "Corp Root 2026" });
    client = await authority.client();
    const { certificate } = await createAuthority({ commonName: "Corp Root 2027" });
    old = organization().upload({ name: "corp-root-2026", certificate: authority.certificate });
    next = organization().upload({ name: "corp-root-2027", certificate });
    organization().activate([next]);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  });
  const organization = () => emulator.organization();

  /** Runs a block of the guide as it stands there, but for the ids. */
  function run(block: string, ids: Record<string, string> = {}): Promise<{ status: number; output: string }> {
    const command = Object.entries(ids).reduce((text, [id, real]) => text.replaceAll(id, real), block);
    const env = { ...process.env, OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url };
    return new Promise((resolve) => {
      execFile("sh", ["-euc", `${api}\n${command}`], { cwd: folder, env }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  /** What the client gets at the mTLS host: `200`, or the code it is refused with. */
  function served(project?: string): Promise<string> {
    const { chain: cert, key } = client;
    const headers = { authorization: "Bearer sk-any", ...(project && { "openai-project": project }) };
    const options = { cert, key, headers, ca: emulator.mtlsCa, agent: false };
    return new Promise((resolve, reject) => {
      const request = https.get(`${emulator.mtlsUrl}/models`, options, async (response) => {
        const chunks = await response.toArray();
        const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error?: { code: string } };
        resolve(error?.code ?? String(response.statusCode));
      });
      request.once("error", reject);
    });
  }

  it("look: the report's environment is the one that the other commands use", async () => {
    expect(look).toContain("export OPENAI_ADMIN_KEY=… OPENAI_BASE_URL=https://api.openai.com/v1");
    const listed = await run(list);
    expect(listed.status).toBe(0);
    const { data } = JSON.parse(listed.output) as { data: { id: string; active: boolean }[] };
    expect(data.map(({ id, active }) => [id, active])).toEqual([
      [next, true],
      [old, false],
    ]);
  });

  it("3a: activating the anchor that is still there lets the client in again, and nobody out", async () => {
    expect(await served()).toBe("certificate_verification_failed");
    expect(await run(activate, { cert_abc: old })).toMatchObject({ status: 0 });
    expect(await served()).toBe("200");
    expect(
      organization()
        .certificates()
        .map(({ active }) => active),
    ).toEqual([true, true]);
  });

  it("3a in a project that has a set of its own, which the organization's set does not help", async () => {
    const project = organization().projects()[0]?.id ?? "";
    organization().activate([next], project);
    expect(await run(activate, { cert_abc: old })).toMatchObject({ status: 0 });
    expect(await served(project)).toBe("certificate_verification_failed");
    expect(await run(activateInProject, { cert_abc: old, proj_abc: project })).toMatchObject({ status: 0 });
    expect(await served(project)).toBe("200");
  });

  it("3b: an anchor that was deleted comes back from its PEM file, with a new id for 3a", async () => {
    organization().remove(old);
    writeFileSync(path.join(folder, "corp-root-2026.pem"), authority.certificate);
    const uploaded = await run(upload);
    expect(uploaded.status).toBe(0);
    const { id } = JSON.parse(uploaded.output) as { id: string };
    expect(await run(activate, { cert_abc: id })).toMatchObject({ status: 0 });
    expect(await served()).toBe("200");
  });

  it("3c: with everything deactivated nobody is asked for a certificate", async () => {
    organization().activate([old]);
    expect(await run(deactivate, { cert_abc: old, cert_def: next })).toMatchObject({ status: 0 });
    expect(
      organization()
        .certificates()
        .map(({ active }) => active),
    ).toEqual([false, false]);
    expect(await served()).toBe("200");
  });

  it("fail with the API's own words, and never put the key on a command line", async () => {
    const failed = await run(activate);
    expect(failed.status).not.toBe(0);
    expect(failed.output).toContain("cert_abc");
    expect(api).toMatch(/printf .*\$OPENAI_ADMIN_KEY" \|\n\s+curl --config -/);
  });
});
