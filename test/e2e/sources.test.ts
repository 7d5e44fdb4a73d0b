import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createAuthority } from "../../emulator";
import { ROOT } from "../support/documents";

interface Ran {
  readonly status: number | null;
  readonly stderr: string;
  readonly asked: readonly unknown[];
  readonly certificates: Readonly<Record<string, string>>;
}

const pem = async () => (await createAuthority({ commonName: "corp-root" })).certificate;
const der = (certificate: string) => new X509Certificate(certificate).raw.toString("base64");
const fingerprint = (certificate: string) =>
  new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();

/** One of the programs, with its configuration, by Pulumi's mocks: `answers` is what providers say, by token or type. */
async function run(program: string, config: object, answers: object = {}, env: object = {}): Promise<Ran> {
  const settings = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `sources:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const args = [`examples/sources/${program}.ts`, JSON.stringify(settings), JSON.stringify(answers)];
  const child = spawn(process.execPath, ["--import", "tsx", "test/support/mockedProgram.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const { asked = [], certificates = {} } = (stdout === "" ? {} : JSON.parse(stdout)) as Partial<Ran>;
  return { status, stderr, asked, certificates };
}

async function listen(server: http.Server | https.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `${server instanceof https.Server ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the programs that take anchors from where they are issued", () => {
  let certificate: string;
  const servers: { close(): void }[] = [];
  beforeAll(async () => {
    certificate = await pem();
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const only = { "organization-corp-root-2026": expect.anything() };

  it("Vault: each issuer, by its id, from the backend that is configured", async () => {
    const token = "vault:pkiSecret/getBackendIssuer:getBackendIssuer";
    const config = { issuers: { "corp-root-2026": "5f9a1c0e" }, backend: "pki_root" };
    const ran = await run("vault", config, { [token]: { certificate } });
    expect(ran).toMatchObject({ status: 0, certificates: only });
    expect(Object.values(ran.certificates)).toEqual([certificate]);
    expect(ran.asked).toEqual([{ token, inputs: { backend: "pki_root", issuerRef: "5f9a1c0e" } }]);
  });

  it("cert-manager: each Secret's ca.crt, as text that is not a secret; a Secret without it is named", async () => {
    const type = "kubernetes:core/v1:Secret";
    const config = { secrets: { "corp-root-2026": "cert-manager/corp-root-2026" } };
    const data = { "ca.crt": Buffer.from(certificate).toString("base64") };
    const ran = await run("certManager", config, { [type]: { data } });
    expect(Object.values(ran.certificates)).toEqual([certificate]);
    expect(ran.asked).toEqual([{ type, id: "cert-manager/corp-root-2026" }]);
    const without = await run("certManager", config, { [type]: { data: {} } });
    expect(without.status).not.toBe(0);
    expect(without.stderr).toContain("the Secret cert-manager/corp-root-2026 has no ca.crt");
  });

  it("AWS Private CA: each authority's own certificate, by one call of its API", async () => {
    const calls: unknown[] = [];
    const server = http.createServer(async (request, response) => {
      calls.push([request.headers["x-amz-target"], JSON.parse(await text(request))]);
      response
        .writeHead(200, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify({ Certificate: certificate }));
    });
    servers.push(server);
    const arn = "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/1";
    const ran = await run(
      "awsPrivateCa",
      { authorities: { "corp-root-2026": arn } },
      {},
      {
        AWS_ENDPOINT_URL_ACM_PCA: await listen(server),
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
        AWS_SECRET_ACCESS_KEY: "example",
      },
    );
    expect(Object.values(ran.certificates)).toEqual([certificate]);
    expect(calls).toEqual([["ACMPrivateCA.GetCertificateAuthorityCertificate", { CertificateAuthorityArn: arn }]]);
  });

  it("SPIFFE: every X.509 authority of the bundle and no JWT authority; an empty bundle is an error, not an empty set", async () => {
    const other = await pem();
    let keys: object[] = [
      { use: "x509-svid", kty: "EC", x5c: [der(certificate)] },
      { use: "x509-svid", kty: "EC", x5c: [der(other)] },
      { use: "jwt-svid", kty: "EC", kid: "1" },
    ];
    const server = http.createServer((_, response) => response.end(JSON.stringify({ keys, spiffe_sequence: 1 })));
    servers.push(server);
    const bundle = await listen(server);
    const { certificates } = await run("spiffe", { bundle });
    const names = [certificate, other].map((one) => `organization-spiffe-${fingerprint(one).slice(0, 12)}`);
    expect(Object.keys(certificates).sort()).toEqual(names.sort());
    expect(Object.values(certificates).map(der).sort()).toEqual([certificate, other].map(der).sort());
    keys = [];
    const empty = await run("spiffe", { bundle });
    expect(empty.status).not.toBe(0);
    expect(empty.stderr).toContain("has no X.509 authority");
  });

  it("step-ca: a root is taken only with the fingerprint that was asked for", async () => {
    const authority = await createAuthority({ commonName: "step" });
    const { chain: cert, key } = await authority.server({ names: ["localhost"], ips: ["127.0.0.1"] });
    const server = https.createServer({ cert, key }, (_, response) =>
      response.end(JSON.stringify({ ca: certificate })),
    );
    servers.push(server);
    const config = { authority: await listen(server), roots: { "corp-root-2026": fingerprint(certificate) } };
    expect(Object.values((await run("stepCa", config)).certificates)).toEqual([certificate]);
    const wrong = await run("stepCa", { ...config, roots: { "corp-root-2026": fingerprint(await pem()) } });
    expect(wrong).toMatchObject({
      status: 1,
      certificates: {},
      stderr: expect.stringContaining("another certificate"),
    });
  });

  const stepCa = spawnSync("step-ca", ["version"]).status === 0;
  (stepCa ? it : it.skip)(`step-ca itself${stepCa ? "" : " (skipped: step-ca is not on PATH)"}`, async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-step-"));
    const { url, root, server } = await startStepCa(folder);
    try {
      const ran = await run("stepCa", { authority: url, roots: { "corp-root-2026": fingerprint(root) } });
      expect(Object.values(ran.certificates).map(der)).toEqual([der(root)]);
    } finally {
      const closed = once(server, "close");
      server.kill();
      await closed;
      rmSync(folder, { recursive: true });
    }
  });
});

/** A real step-ca with a root and an intermediate made here; its configuration is the least that it takes. */
async function startStepCa(folder: string): Promise<{ url: string; root: string; server: ChildProcess }> {
  const root = await createAuthority({ commonName: "step root" });
  const intermediate = await root.intermediate({ commonName: "step intermediate" });
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  const put = (name: string, content: string) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const config = {
    root: put("root.crt", root.certificate),
    crt: put("intermediate.crt", intermediate.certificate),
    key: put("intermediate.key", intermediate.key),
    address: `127.0.0.1:${port}`,
    dnsNames: ["127.0.0.1"],
    db: { type: "badgerv2", dataSource: path.join(folder, "db") },
    authority: { provisioners: [{ type: "ACME", name: "acme" }] },
  };
  const server = spawn("step-ca", [put("ca.json", JSON.stringify(config))], { stdio: ["ignore", "pipe", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    let log = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (more: string) => {
        log += more;
        if (log.includes("Serving HTTPS on")) resolve();
      });
    }
    server.once("close", () => reject(new Error(`step-ca has ended:\n${log}`)));
  });
  return { url: `https://127.0.0.1:${port}`, root: root.certificate, server };
}
