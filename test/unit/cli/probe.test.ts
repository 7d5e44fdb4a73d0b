import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { UsageError } from "../../../cli/command";
import { runProbe } from "../../../cli/probe";
import type { Surroundings } from "../../../cli/surroundings";
import {
  type Authority,
  createAuthority,
  type Emulator,
  type Fault,
  type Issued,
  startEmulator,
} from "../../../emulator";
import { openaiCertificates } from "./run";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const describesProbe = ajv.compile(require("../../../docs/probe.schema.json"));

const API_KEY = "sk-proj-of-the-probe";
const ADMIN_KEY = "sk-admin-of-the-probe";

let emulator: Emulator;
let folder: string;
let corp: Authority;
let other: Authority;
let port: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-probe-"));
  emulator = await startEmulator({ adminKey: ADMIN_KEY, mtlsPort: 0, projects: [{ id: "proj_pay", name: "Pay" }] });
  corp = await createAuthority({ commonName: "Corp Root" });
  other = await createAuthority({ commonName: "Other Root" });
  const organization = emulator.organization();
  organization.activate([organization.upload({ name: "corp", certificate: corp.certificate })]);
  organization.activate([organization.upload({ name: "other", certificate: other.certificate })], "proj_pay");
  writeFileSync(path.join(folder, "ca.pem"), emulator.mtlsCa ?? "");
  port = new URL(emulator.mtlsUrl ?? "").port;
  await write("gateway", corp.client({ commonName: "gateway" }));
  await write("stranger", other.client({ commonName: "stranger" }));
  const issuing = await corp.intermediate();
  await write("below", issuing.client());
  await write(
    "bare",
    issuing.client().then((leaf) => ({ ...leaf, chain: leaf.certificate })),
  );
  await write("anonymous", corp.client({ omit: ["authorityKeyIdentifier"] }));
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
  await write("expired", corp.client({ notBefore: new Date(0), notAfter: yesterday }));
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await emulator.close();
});

async function write(name: string, issued: Promise<Issued>): Promise<void> {
  const { chain, key } = await issued;
  writeFileSync(path.join(folder, `${name}.pem`), chain);
  writeFileSync(path.join(folder, `${name}.key`), key);
}

/** What goes wrong with the next request of a client. */
const strike = (fault: Fault) => emulator.faults.add({ ...fault, match: { listener: "mtls" } });

const client = (name: string) => ["--client", `${name}=${path.join(folder, name)}.pem,${path.join(folder, name)}.key`];

/** On the emulator's mTLS listener, whose authority is trusted. */
function probe(args: readonly string[], changed: Readonly<Record<string, string>> = {}) {
  return openaiCertificates(["probe", "--host", `https://localhost:${port}`, ...args], {
    OPENAI_API_KEY: API_KEY,
    NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    ...changed,
  });
}

/** What `--json` prints, which the published schema has to describe whatever the outcome. */
async function results(args: readonly string[], changed: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await probe([...args, "--json"], changed);
  const report = JSON.parse(stdout);
  expect(describesProbe(report) || describesProbe.errors).toBe(true);
  return { code, ...report };
}

describe("openai-certificates probe", () => {
  it("says of each client whether it is accepted, or refused with which code, by one request each", async () => {
    emulator.requests.length = 0;
    const seen = await results([
      ...["gateway", "below", "stranger", "bare", "anonymous"].flatMap(client),
      ...["--client", "nobody=none", "--expect", "refused", "--expect", "gateway=accepted"],
      ...["--expect", "below=accepted"],
    ]);
    expect(seen).toMatchObject({
      code: 0,
      schemaVersion: 1,
      url: `https://localhost:${port}/v1/models`,
      project: null,
      clients: [
        { name: "gateway", subject: "CN=gateway", result: "accepted", status: 200, code: null, check: null },
        { name: "below", result: "accepted" },
        { name: "stranger", result: "refused", status: 401, code: "certificate_verification_failed" },
        { name: "bare", result: "refused", code: "certificate_verification_failed" },
        { name: "anonymous", result: "refused", code: "invalid_certificate" },
        { name: "nobody", subject: null, expiresAt: null, result: "refused", code: "certificate_required" },
      ],
    });
    expect(seen.clients[2].requestId).toMatch(/^req_/);
    expect(seen.clients[2].check).toContain("are all intermediates in the chain file");
    expect(emulator.requests.map(({ listener, path: at }) => [listener, at])).toEqual(
      Array.from({ length: 6 }, () => ["mtls", "/models"]),
    );
  });

  it("refuses an expired client, and tells when it expired", async () => {
    const { code, stdout } = await probe([...client("expired"), "--expect", "refused"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/expired +refused +refused\n {2}CN=test-client, valid until \d{4}-\d\d-\d\d\n/);
  });

  it("asks for a project where it is told to", async () => {
    const seen = await results([...client("stranger"), ...client("gateway"), "--project", "proj_pay"]);
    expect(seen).toMatchObject({
      code: 3,
      project: "proj_pay",
      clients: [{ result: "accepted" }, { result: "refused", expected: "accepted" }],
    });
  });

  it("ends with 3 where a client is refused against expectation, and says so beside it and what to check", async () => {
    const { code, stdout, stderr } = await probe([...client("gateway"), ...client("stranger")]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toMatch(/^2 clients at https:\/\/localhost:\d+\/v1\/models\n\nCLIENT +EXPECTED +RESULT\n/);
    expect(stdout).toMatch(/\ngateway +accepted +accepted\n {2}CN=gateway, valid until [\d-]+\n/);
    expect(stdout).toMatch(/\nstranger +accepted +refused +NOT AS EXPECTED\n {2}CN=stranger/);
    expect(stdout).toMatch(/\n {2}401 certificate_verification_failed: [\s\S]*\(request\s+req_\w+\)\n/);
    expect(stdout).toContain("No active anchor accepts it");
  });

  it("ends with 3 where a client is accepted that should be refused", async () => {
    expect((await probe([...client("gateway"), "--expect", "refused"])).code).toBe(3);
  });

  it("names the CEL filter where that refuses a client", async () => {
    strike({ kind: "status", status: 401, code: "certificate_attribute_verification_failed" });
    const seen = await results([...client("gateway"), "--expect", "refused"]);
    expect(seen).toMatchObject({ code: 0, clients: [{ check: expect.stringContaining("CEL filter") }] });
  });

  it.each([
    ["the API cannot tell just now", { status: 503 }, "authentication_temporarily_unavailable", "again later"],
    [
      "a server's error comes with the code of a refusal",
      { status: 500, code: "certificate_verification_failed" },
      "certificate_verification_failed",
      "again later",
    ],
    ["the key is wrong", { status: 401, code: "invalid_api_key" }, "invalid_api_key", "OPENAI_API_KEY"],
    ["the key may not list models", { status: 403, code: "forbidden" }, "forbidden", "permission to list models"],
  ])("takes it neither for accepted nor for refused where %s, and ends with 1", async (_, fault, errorCode, check) => {
    for (const expected of ["accepted", "refused"]) {
      strike({ kind: "status", ...fault });
      expect(await results([...client("stranger"), "--expect", expected])).toMatchObject({
        code: 1,
        clients: [{ result: "failed", code: errorCode, check: expect.stringContaining(check) }],
      });
    }
  });

  it("does not take a page of somebody else's for an acceptance", async () => {
    strike({ kind: "garbage" });
    expect(await results(client("gateway"))).toMatchObject({ code: 1, clients: [{ result: "failed", status: 200 }] });
  });

  it("gives up on a host that does not answer in time", async () => {
    strike({ kind: "hang" });
    expect(await results([...client("gateway"), "--timeout", "1"])).toMatchObject({
      code: 1,
      clients: [{ result: "failed", status: null, code: "ETIMEDOUT", reason: "no answer within 1 s (--timeout)" }],
    });
  });

  it("says that a host is not trusted, or has another name", async () => {
    const untrusted = await results(client("gateway"), { NODE_EXTRA_CA_CERTS: "" });
    expect(untrusted).toMatchObject({
      code: 1,
      clients: [{ result: "failed", check: expect.stringContaining("NODE_EXTRA_CA_CERTS") }],
    });
  });

  it("says that nothing answers at a host", async () => {
    const free = await freePort();
    const { code, stdout } = await probe([...client("gateway"), "--host", `https://localhost:${free}`]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/gateway +accepted +failed +NOT AS EXPECTED\n/);
    expect(stdout).toContain("ECONNREFUSED: could not connect to the host, or the connection broke");
  });

  it("goes through the proxy of the environment, and tells a host of another name", async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      const tunnel = net.connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        tunnel.pipe(socket).pipe(tunnel);
      });
      for (const end of [socket, tunnel]) end.on("error", () => undefined);
    });
    const at = await listening(proxy);
    const seen = await results([...client("gateway"), "--host", "eu"], { HTTPS_PROXY: `http://127.0.0.1:${at}` });
    await new Promise((done) => proxy.close(done));
    expect(asked).toEqual(["mtls-eu.api.openai.com:443"]);
    expect(seen).toMatchObject({
      code: 1,
      url: "https://mtls-eu.api.openai.com/v1/models",
      clients: [{ result: "failed", code: "ERR_TLS_CERT_ALTNAME_INVALID" }],
    });
  });

  it("names a proxy that does not let the host through", async () => {
    const proxy = createServer();
    proxy.on("connect", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    const at = await listening(proxy);
    const seen = await results([...client("gateway"), "--host", "us"], { HTTPS_PROXY: `http://127.0.0.1:${at}` });
    await new Promise((done) => proxy.close(done));
    expect(seen).toMatchObject({
      code: 1,
      clients: [{ result: "failed", reason: expect.stringContaining("answers 403 to CONNECT") }],
    });
  });

  it("prints neither the API key nor a private key, whatever goes wrong", async () => {
    strike({ kind: "status", status: 401, code: "invalid_api_key", message: `Wrong key: ${API_KEY}.` });
    for (const args of [[], ["--json"]]) {
      const { stdout, stderr } = await probe([...client("gateway"), ...args]);
      expect(stdout + stderr).not.toContain(API_KEY);
      expect(stdout + stderr).not.toContain("PRIVATE KEY");
    }
  });
});

describe("wrong usage of probe", () => {
  const wrong = async (args: readonly string[], message: string, changed: Readonly<Record<string, string>> = {}) => {
    emulator.requests.length = 0;
    const silent = { write: () => expect("nothing is printed").toBe("but something was"), hasColors: () => false };
    const stream = silent as unknown as Surroundings["stdout"];
    const env = { OPENAI_API_KEY: API_KEY, ...changed };
    const argv = ["--host", `https://localhost:${port}`, ...args];
    const refused = await runProbe(argv, { stdout: stream, stderr: stream, env }).catch((error: Error) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toContain(message);
    expect((refused as Error).message).not.toMatch(/PRIVATE KEY|BEGIN|\n/);
    expect(emulator.requests).toEqual([]);
  };

  it("refuses the admin key, and a missing key", async () => {
    await wrong(client("gateway"), "holds an admin key", { OPENAI_API_KEY: ADMIN_KEY });
    await wrong(client("gateway"), "holds an admin key", { OPENAI_API_KEY: "sk-x", OPENAI_ADMIN_KEY: "sk-x" });
    await wrong(client("gateway"), "set the environment variable OPENAI_API_KEY", { OPENAI_API_KEY: "" });
  });

  it("refuses files that cannot be used, and says which and why", async () => {
    const at = (file: string) => path.join(folder, file);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const locked = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" });
    writeFileSync(at("locked.key"), locked);
    writeFileSync(at("empty.pem"), "");
    await wrong(["--client", `a=${at("no.pem")},${at("gateway.key")}`], "no.pem cannot be read (ENOENT)");
    await wrong(["--client", `a=${at("gateway.key")},${at("gateway.pem")}`], "are the two files swapped?");
    await wrong(
      ["--client", `a=${at("gateway.pem")},${at("stranger.key")}`],
      "does not belong to the first certificate",
    );
    await wrong(["--client", `a=${at("gateway.pem")},${at("locked.key")}`], "is protected by a passphrase");
    await wrong(["--client", `a=${at("empty.pem")},${at("gateway.key")}`], "holds no PEM certificate");
    await wrong(["--client", `a=${at("gateway.pem")},${at("empty.pem")}`], "holds no readable private key");
  });

  it.each([
    [[], "--client NAME=CHAIN.pem,KEY.pem is needed"],
    [["--client", "gateway"], "--client takes NAME=CHAIN.pem,KEY.pem"],
    [["--client", "a=none", "--client", "a=none"], "names 'a' twice"],
    [["--client", "a=none", "--expect", "b=refused"], "--expect names 'b', which no --client has"],
    [["--client", "a=none", "--expect", "rejected"], "--expect takes accepted or refused"],
    [["--client", "a=none", "--expect", "refused", "--expect", "accepted"], "twice for all clients"],
    [["--client", "a=none", "--host", "mtls.api.openai.com"], "--host takes default, us, eu or a URL"],
    [["--client", "a=none", "--host", "http://localhost"], "--host takes an https URL"],
    [["--client", "a=none", "--host", "https://u:p@localhost"], "without credentials"],
    [["--client", "a=none", "--project", "a b"], "--project takes an id"],
    [["--client", "a=none", "--timeout", "0"], "--timeout takes a whole number from 1 to 600"],
  ])("%j is refused before anything is sent", (args, message) => wrong(args, message));
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
}
