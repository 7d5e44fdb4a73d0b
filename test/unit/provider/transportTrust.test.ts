import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, createAuthority, type Emulator, type Issued, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY } from "../../support/rig";
import { loopback } from "./callers";
import { callInChild } from "./childCaller";

const [first = ""] = realAnchors(1);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trust-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a file with this text. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("an admin API behind mTLS", () => {
  let clients: Authority;
  let client: Issued;
  let emulator: Emulator;
  let id: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    clients = await createAuthority({ commonName: "Clients" });
    const issuing = await clients.intermediate({ commonName: "Issuing" });
    client = await issuing.client();
    emulator = await startEmulator({ adminKey: ADMIN_KEY, adminTls: { clientCa: clients.certificate } });
    id = emulator.organization().upload({ certificate: first });
    env = { NODE_EXTRA_CA_CERTS: file("ca.pem", emulator.mtlsCa ?? "") };
  });
  afterAll(() => emulator.close());
  beforeEach(() => {
    emulator.requests.length = 0;
  });

  const list = (config: Record<string, unknown>) =>
    callInChild({ baseUrl: emulator.adminTlsUrl ?? "", config, calls: ["list"] }, env);

  it.each([
    ["PEM text", () => ({ clientCertificate: client.chain, clientKey: client.key })],
    ["paths", () => ({ clientCertificate: file("chain.pem", client.chain), clientKey: file("key.pem", client.key) })],
  ])("is reached with the client's chain and key given as %s", async (_, config) => {
    expect(await list(config())).toEqual([{ ids: [id], sleeps: [] }]);
    expect(emulator.requests).toHaveLength(1);
  });

  it("says that it may demand a client certificate where none is given", async () => {
    const [result] = await list({ maxRetries: 1 });
    expect(result?.error?.message).toMatch(
      /^GET .* on https:\/\/localhost:\d+: the connection broke \(\w+\), as it does where a host demands a client certificate: openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\), openai:clientKey \(or OPENAI_MTLS_KEY\)\. Gave up after 2 attempts\. Run again later\.$/,
    );
    expect(emulator.requests).toEqual([]);
  });

  it("says that it may not accept the client certificate of another authority", async () => {
    const stranger = await (await createAuthority()).client();
    const [result] = await list({ maxRetries: 0, clientCertificate: stranger.chain, clientKey: stranger.key });
    expect(result?.error?.message).toMatch(
      /as it does where a host does not accept openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\)\. Gave up/,
    );
    expect(emulator.requests).toEqual([]);
  });

  it("is not blamed for a client certificate once it has answered", async () => {
    const certificate = { clientCertificate: client.chain, clientKey: client.key, maxRetries: 0 };
    emulator.faults.add({ kind: "drop", match: { skip: 1 } });
    const results = await callInChild(
      { baseUrl: emulator.adminTlsUrl ?? "", config: certificate, calls: ["list", "list"] },
      env,
    );
    expect(results[1]?.error?.message).toMatch(/: the connection broke \(\w+\)\. Gave up/);
  });
});

describe("a host that offers HTTP/2", () => {
  const listen = loopback();

  it("is spoken to in HTTP/1.1, where the size of answers is limited and connections are kept", async () => {
    const authority = await createAuthority();
    const { key, chain: cert } = await authority.server({ names: ["localhost"] });
    const versions: string[] = [];
    const page = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
    const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      response.end(JSON.stringify(versions.length < 4 ? page : { ...page, padding: "x".repeat(5 * 1024 * 1024) }));
    });
    const { port, connections } = await listen(server);
    const [, , third, fourth] = await callInChild(
      { baseUrl: `https://localhost:${port}/v1`, config: { maxRetries: 0 }, calls: ["list", "list", "list", "list"] },
      { NODE_EXTRA_CA_CERTS: file("h2.pem", authority.certificate) },
    );
    expect(third).toEqual({ ids: [], sleeps: [] });
    expect(fourth?.error?.message).toMatch(/the answer is larger than 4 MB/);
    expect(versions).toEqual(["1.1", "1.1", "1.1", "1.1"]);
    expect(connections()).toBe(1);
  });
});
