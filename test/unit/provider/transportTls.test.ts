import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, createAuthority } from "../../../emulator";
import { apiError, caller, EMPTY, failure, json, loopback } from "./callers";

const PATH = "/organization/certificates";
const listen = loopback();

describe("a host behind TLS", () => {
  let authority: Authority;
  let folder: string;
  beforeAll(async () => {
    authority = await createAuthority();
    folder = mkdtempSync(join(tmpdir(), "transport-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function tls() {
    const { key, chain: cert } = await authority.server({ names: ["localhost"], ips: ["127.0.0.1"] });
    const { port, connections } = await listen(createTlsServer({ key, cert }, (_, response) => json(response, EMPTY)));
    return { baseUrl: `https://localhost:${port}/v1`, origin: `https://localhost:${port}`, connections };
  }

  it("that is not trusted gets one attempt and no request, and the error tells the code and the way out", async () => {
    const { baseUrl, origin, connections } = await tls();
    const { api: certificates, clock } = caller(baseUrl);
    const error = await apiError(certificates.upload("root", "pem"));
    expect(error.message).toBe(
      `POST ${PATH}: cannot reach ${origin}: UNABLE_TO_VERIFY_LEAF_SIGNATURE. ` +
        "If a private authority issued this host's certificate, set NODE_EXTRA_CA_CERTS to that authority's file.",
    );
    expect(error.lost).toBe(false);
    expect(clock.sleeps).toEqual([]);
    expect(connections()).toBe(1);
  });

  it("that speaks plain HTTP gets one attempt", async () => {
    const { port } = await listen(createServer((_, response) => json(response, EMPTY)));
    const { api: certificates, clock } = caller(`https://127.0.0.1:${port}/v1`);
    expect((await apiError(certificates.list())).message).toMatch(
      /: ERR_SSL_WRONG_VERSION_NUMBER\. Is openai:baseUrl \(or OPENAI_BASE_URL\) right/,
    );
    expect(clock.sleeps).toEqual([]);
  });

  it("that accepts the connection and never the handshake is given up on, as a host that cannot be reached", async () => {
    const { port } = await listen(createTcpServer());
    const { api: certificates } = caller(`https://localhost:${port}/v1`, { timeoutSeconds: 0.2, maxRetries: 0 });
    const error = await apiError(certificates.upload("root", "pem"));
    expect(error).toMatchObject({ lost: false, message: expect.stringMatching(/: UND_ERR_CONNECT_TIMEOUT\. Gave up/) });
  }, 8_000);

  it("is not called with a client certificate that cannot be used: one attempt, and the settings are named", async () => {
    const { baseUrl, connections } = await tls();
    const [mine, other] = [await authority.client(), await authority.client()];
    const locked = createPrivateKey(mine.key)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
      .toString();
    for (const [clientCertificate, clientKey] of [
      [mine.chain, other.key],
      [mine.chain, mine.chain],
      [mine.chain, locked],
    ]) {
      const { api: certificates, clock } = caller(baseUrl, { clientCertificate, clientKey });
      const { message } = await apiError(certificates.list());
      expect(message).toMatch(
        /: ERR_OSSL_\w+\. Are openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\) and openai:clientKey \(or OPENAI_MTLS_KEY\) PEM without a passphrase, and do they belong together\?$/,
      );
      expect(message).not.toMatch(/-----|MII/);
      expect(clock.sleeps).toEqual([]);
    }
    expect(connections()).toBe(0);
  });

  it("is not called where the client certificate's file is not there, and neither path nor content is repeated", async () => {
    const { baseUrl, connections } = await tls();
    const { chain, key } = await authority.client();
    const there = join(folder, "chain.pem");
    writeFileSync(there, chain);
    const empty = join(folder, "empty.pem");
    writeFileSync(empty, "\n");
    const bare = key.split("\n").slice(1, -2).join("");
    for (const [clientCertificate, clientKey, message] of [
      [
        join(folder, "none.pem"),
        key,
        /^openai:clientCertificate \(or OPENAI_MTLS_CERT_CHAIN\) is neither PEM text nor the path of a file .*\(ENOENT\)/,
      ],
      [folder, key, /^openai:clientCertificate \S+ \S+ is neither .*\(EISDIR\)/],
      [there, empty, /^openai:clientKey \(or OPENAI_MTLS_KEY\) names a file without PEM text$/],
      [there, bare, /^openai:clientKey \(or OPENAI_MTLS_KEY\) is neither .*; relative paths start at /],
    ] as const) {
      const { api: certificates } = caller(baseUrl, { clientCertificate, clientKey });
      const error = await failure(certificates.list());
      expect(error.message).toMatch(message);
      expect(error.stack).toBe(error.message);
      expect(error.message).not.toContain(bare);
    }
    expect(connections()).toBe(0);
  });
});
