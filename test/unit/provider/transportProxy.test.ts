import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { type Authority, createAuthority, startEmulator } from "../../../emulator";
import { ADMIN_KEY } from "../../support/rig";
import { deadPort, loopback } from "./callers";
import { callInChild } from "./childCaller";

const HOST = "api.example.test";
const EMPTY = JSON.stringify({ object: "list", data: [], first_id: null, last_id: null, has_more: false });

describe("a proxy", () => {
  const listen = loopback();
  let authority: Authority;
  let folder: string;
  let trust: { NODE_EXTRA_CA_CERTS: string };
  beforeAll(async () => {
    authority = await createAuthority();
    folder = mkdtempSync(join(tmpdir(), "proxy-"));
    trust = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
    writeFileSync(trust.NODE_EXTRA_CA_CERTS, authority.certificate);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** An API on loopback behind TLS, for any of these names; `clients` makes it demand their certificate. */
  async function api(clients?: Authority) {
    const { key, chain: cert } = await authority.server({ names: [HOST, "localhost"], ips: ["0.0.0.0"] });
    const requests: string[] = [];
    const demand =
      clients === undefined ? {} : { ca: clients.certificate, requestCert: true, rejectUnauthorized: true };
    const server = createTlsServer({ key, cert, ...demand }, (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody";
      requests.push(`${request.method} ${request.headers.host}${request.url} ${peer}`);
      response.end(EMPTY);
    });
    return { ...(await listen(server)), requests };
  }

  /** A proxy that leads every tunnel to one port of loopback, or does something else with CONNECT. */
  async function proxy(target: number | ((socket: Socket, request: IncomingMessage) => void)) {
    const seen: string[] = [];
    const headers: string[] = [];
    const server = createProxy((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(500).end();
    });
    server.on("connect", (request: IncomingMessage, socket: Socket) => {
      seen.push(`${request.method} ${request.url}`);
      headers.push(JSON.stringify(request.headers));
      socket.on("error", () => undefined);
      if (typeof target !== "number") {
        target(socket, request);
        return;
      }
      const tunnel = connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        socket.pipe(tunnel).pipe(socket);
      });
      tunnel.on("error", () => socket.destroy());
    });
    const { port, connections } = await listen(server);
    return { seen, headers, port, connections, url: `http://127.0.0.1:${port}` };
  }

  const baseUrl = `https://${HOST}/v1`;
  const list = (env: Record<string, string>, config = {}) =>
    callInChild({ baseUrl, config, calls: ["list", "list"] }, env);
  const served = { ids: [], sleeps: [] };

  it.each([
    ["HTTPS_PROXY", "http://"],
    ["https_proxy", "http://"],
    ["HTTPS_PROXY", ""],
    ["HTTP_PROXY", "http://"],
  ])(
    "in %s, written with %j in front, carries the calls through one tunnel and never sees the key",
    async (name, scheme) => {
      const { port, requests } = await api();
      const { seen, headers, port: proxyPort } = await proxy(port);
      expect(await list({ ...trust, [name]: `${scheme}127.0.0.1:${proxyPort}` })).toEqual([served, served]);
      expect(seen).toEqual([`CONNECT ${HOST}:443`]);
      expect(headers.join()).not.toContain(ADMIN_KEY);
      expect(requests).toEqual(Array(2).fill(`GET ${HOST}/v1/organization/certificates?limit=100 nobody`));
    },
  );

  it("carries the client certificate to a host that demands one", async () => {
    const clients = await createAuthority({ commonName: "Clients" });
    const { chain, key } = await clients.client({ commonName: "pipeline" });
    const { port, requests } = await api(clients);
    const { url } = await proxy(port);
    const config = { clientCertificate: chain, clientKey: key };
    expect(await list({ ...trust, HTTPS_PROXY: url }, config)).toEqual([served, served]);
    expect(requests[0]).toMatch(/ pipeline$/);
  });

  it("is told user and password from its URL, which no error repeats", async () => {
    const { seen, headers, port } = await proxy((socket) => socket.end("HTTP/1.1 407 Who are you\r\n\r\n"));
    const [result] = await list({ HTTPS_PROXY: `http://jane:s3cret@127.0.0.1:${port}` });
    expect(JSON.parse(headers[0] ?? "")["proxy-authorization"]).toBe(
      `Basic ${Buffer.from("jane:s3cret").toString("base64")}`,
    );
    expect(result).toEqual({
      error: {
        message:
          `GET /organization/certificates: cannot reach https://${HOST}: the proxy http://127.0.0.1:${port} answers 407 to CONNECT. ` +
          "Are HTTPS_PROXY and NO_PROXY right?",
        lost: false,
      },
      sleeps: [],
    });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ["jane:50%", "jane:50%"],
    ["jane:100%25", "jane:100%"],
    ["jane:%zz%41", "jane:%zzA"],
    ["jane:%E4", "jane:%E4"],
    ["dom\\jane:pass", "dom\\jane:pass"],
    ["dom\\jane:p@ss%", "dom\\jane:p@ss%"],
    ["jane:$ecret!+&", "jane:$ecret!+&"],
  ])("is told the user and password of %s@ as %s", async (written, told) => {
    const { headers, port } = await proxy((socket) => socket.end("HTTP/1.1 407 Who are you\r\n\r\n"));
    const env = { HTTPS_PROXY: `http://${written}@127.0.0.1:${port}` };
    const [result] = await callInChild({ baseUrl, calls: ["list"] }, env);
    expect(JSON.parse(headers[0] ?? "{}")["proxy-authorization"]).toBe(`Basic ${Buffer.from(told).toString("base64")}`);
    expect(result?.error?.message).toMatch(/: the proxy http:\/\/127\.0\.0\.1:\d+ answers 407 to CONNECT\./);
  });

  // undici 7 would try forever, and its timeout would never come (nodejs/undici#3897).
  it("that closes the connection instead of opening a tunnel is tried as often as any host that cannot be reached", async () => {
    const { seen, url } = await proxy((socket) => socket.destroy());
    const [result] = await list({ HTTPS_PROXY: url });
    expect(result?.error?.message).toMatch(
      /: the proxy http:\/\/127\.0\.0\.1:\d+ did not open a tunnel \(UND_ERR_SOCKET\)\. Gave up after 6 attempts\. Are HTTPS_PROXY and NO_PROXY right\?$/,
    );
    expect(result?.sleeps).toHaveLength(5);
    expect(seen).toHaveLength(12);
  });

  it("that cannot reach the host for now is tried again, for an upload too, since nothing was sent", async () => {
    const { port, requests } = await api();
    let refusals = 1;
    const { seen, url } = await proxy((socket) => {
      if (refusals-- > 0) {
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        return;
      }
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(connect(port, "127.0.0.1")).pipe(socket);
    });
    const [result] = await callInChild({ baseUrl, calls: ["upload"] }, { ...trust, HTTPS_PROXY: url });
    expect(result?.sleeps).toHaveLength(1);
    expect(result?.error).toMatchObject({
      lost: true,
      message: expect.stringMatching(/malformed: .* Gave up after 2 attempts/),
    });
    expect(seen).toHaveLength(2);
    expect(requests).toEqual([`POST ${HOST}/v1/organization/certificates nobody`]);
  });

  it("that talks something else than HTTP is named", async () => {
    const { port } = await listen(createServer((socket) => socket.once("data", () => socket.end("hello\r\n\r\n"))));
    const [result] = await list({ HTTPS_PROXY: `http://127.0.0.1:${port}` }, { maxRetries: 0 });
    expect(result?.error?.message).toMatch(
      /: the proxy http:\/\/127\.0\.0\.1:\d+ did not open a tunnel \(HTTPParserError\)\./,
    );
  });

  it("that never answers CONNECT is given up on, and does not keep the process alive", async () => {
    const { url } = await proxy(() => undefined);
    const [result] = await list({ HTTPS_PROXY: url }, { maxRetries: 0, timeoutSeconds: 0.2 });
    expect(result?.error?.message).toMatch(
      /: the proxy http:\/\/127\.0\.0\.1:\d+ did not open a tunnel \(UND_ERR_HEADERS_TIMEOUT\)\. Gave up/,
    );
  });

  it("that is not there is named", async () => {
    const port = await deadPort(createServer());
    const [result] = await list({ HTTPS_PROXY: `http://127.0.0.1:${port}` }, { maxRetries: 0 });
    expect(result?.error?.message).toMatch(
      new RegExp(
        `: the proxy http://127\\.0\\.0\\.1:${port} did not open a tunnel \\(ECONNREFUSED\\)\\. Gave up after 1 attempt\\.`,
      ),
    );
  });

  it("whose address is no URL is refused by the variable's name, without repeating the address", async () => {
    for (const address of [
      "http://jane:s3cret@:x",
      "http://jane:s3/cret@proxy.example:3128",
      "ftp://jane:s3cret@proxy.example",
    ]) {
      const [result] = await list({ HTTPS_PROXY: address });
      expect(result?.error?.message).toBe(
        "the proxy in HTTPS_PROXY is not a URL like http://proxy.example:3128; " +
          "in a user or password, write / as %2F, ? as %3F and # as %23",
      );
    }
  });

  it("does not see what NO_PROXY excepts", async () => {
    const { port, requests } = await api();
    const { seen, url } = await proxy(port);
    // Of all addresses that end on loopback, this is one that we do not take for loopback.
    const job = { baseUrl: `https://0.0.0.0:${port}/v1`, calls: ["list"] } as const;
    expect(await callInChild(job, { ...trust, HTTPS_PROXY: url })).toEqual([served]);
    expect(seen).toEqual([`CONNECT 0.0.0.0:${port}`]);
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const excepted = { ...trust, HTTPS_PROXY: url, HTTP_PROXY: url, [name]: "example.com, 0.0.0.0" };
      expect(await callInChild(job, excepted)).toEqual([served]);
    }
    expect(seen).toHaveLength(1);
    expect(requests).toHaveLength(3);
  });

  it("never sees calls to loopback, such as those to the emulator", async () => {
    const emulator = await startEmulator({ adminKey: ADMIN_KEY });
    try {
      const { connections, url } = await proxy(1);
      const env = { HTTPS_PROXY: url, HTTP_PROXY: url, http_proxy: url, https_proxy: url };
      for (const host of ["127.0.0.1", "localhost"]) {
        const job = { baseUrl: emulator.url.replace("127.0.0.1", host), calls: ["list"] } as const;
        expect(await callInChild(job, env)).toEqual([served]);
      }
      const { port, requests } = await api();
      const overTls = { baseUrl: `https://localhost:${port}/v1`, calls: ["list"] } as const;
      expect(await callInChild(overTls, { ...trust, ...env })).toEqual([served]);
      expect(connections()).toBe(0);
      expect([emulator.requests, requests]).toMatchObject([{ length: 2 }, { length: 1 }]);
    } finally {
      await emulator.close();
    }
  });
});
