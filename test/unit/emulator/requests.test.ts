import { once } from "node:events";
import { connect } from "node:net";
import { createAuthority, type Emulator } from "../../../emulator";
import { anchor, call, emulators, KEY, uploadAnchors } from "./helpers";

const PATH = "/organization/certificates";

/** Sends bytes as they stand and answers all that comes back until the connection ends. */
async function raw(emulator: Emulator, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  let received = "";
  socket.setEncoding("utf8").on("data", (text) => {
    received += text;
  });
  socket.write(bytes);
  await once(socket, "close");
  return received;
}

describe("the emulator's admin key", () => {
  const start = emulators();

  it.each([
    ["no header", {}],
    ["another key", { authorization: "Bearer sk-admin-wrong-key" }],
    ["the key with one letter more", { authorization: `Bearer ${KEY}x` }],
    ["an empty key", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${KEY}` }],
  ])("is demanded: %s is a 401 that repeats no key and changes nothing", async (_what, headers) => {
    const emulator = await start();
    const body = { certificate: anchor() };
    const answer = await call(emulator, "POST", PATH, { key: null, headers, body });
    expect(answer.status).toBe(401);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", code: "invalid_api_key", param: null });
    expect(JSON.stringify(answer.body)).not.toMatch(/sk-admin/);
    expect(emulator.organization().certificates()).toEqual([]);
  });

  it("is accepted whatever the case of the scheme", async () => {
    const headers = { authorization: `bearer ${KEY}` };
    expect((await call(await start(), "GET", PATH, { key: null, headers })).status).toBe(200);
  });
});

describe("a request body the emulator cannot use", () => {
  const start = emulators();
  const certificate = anchor();

  it.each([
    [PATH, "{", "invalid_json", null],
    [PATH, "", "invalid_json", null],
    [PATH, "\uFEFF{}", "invalid_json", null],
    [PATH, "null", "invalid_type", null],
    [PATH, "[]", "invalid_type", null],
    [PATH, '"text"', "invalid_type", null],
    [PATH, "{}", "missing_required_parameter", "certificate"],
    [PATH, { name: "a" }, "missing_required_parameter", "certificate"],
    [PATH, { certificate: 1 }, "invalid_type", "certificate"],
    [PATH, { certificate: null }, "invalid_type", "certificate"],
    [PATH, { certificate, name: 1 }, "invalid_type", "name"],
    [PATH, { certificate, name: null }, "invalid_type", "name"],
    [PATH, { certificate, content: "x" }, "unknown_parameter", "content"],
    [PATH, `{"__proto__":{"certificate":"x"}}`, "unknown_parameter", "__proto__"],
    [PATH, `{"constructor":{"prototype":{"active":true}}}`, "unknown_parameter", "constructor"],
    [`${PATH}/activate`, { certificate_ids: ["cert_1"], force: true }, "unknown_parameter", "force"],
    [`${PATH}/cert_1`, { certificate }, "unknown_parameter", "certificate"],
    [`${PATH}/cert_1`, { name: [] }, "invalid_type", "name"],
  ])("%s %j is refused as %s of %s", async (path, body, code, param) => {
    const emulator = await start();
    const answer = await call(emulator, "POST", path, { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error", code, param });
    expect(JSON.stringify(answer.body)).not.toContain("BEGIN");
    expect(({} as { certificate?: unknown }).certificate).toBeUndefined();
    expect(emulator.organization().certificates()).toEqual([]);
  });

  it("is nested ten thousand levels deep", async () => {
    const body = "[".repeat(10_000) + "]".repeat(10_000);
    const emulator = await start();
    expect((await call(emulator, "POST", PATH, { body })).body.error.code).toBe("invalid_type");
    expect(emulator.requests[0]?.body).toEqual([[[[[[[["…"]]]]]]]]);
  });

  it("is larger than 64 kB: a 413, and the connection goes on to serve", async () => {
    const emulator = await start();
    const body = { certificate, name: "x".repeat(3_000_000) };
    const answer = await call(emulator, "POST", PATH, { body });
    expect([answer.status, answer.body.error.code]).toEqual([413, "request_too_large"]);
    const largest = JSON.stringify({ certificate, name: "" }).length;
    const fits = { certificate, name: "x".repeat(64 * 1024 - largest) };
    expect((await call(emulator, "POST", PATH, { body: fits })).status).toBe(200);
    fits.name += "x";
    expect((await call(emulator, "POST", PATH, { body: fits })).status).toBe(413);
  });
});

describe("a path or method the emulator does not know", () => {
  const start = emulators();

  it.each([
    "/organization",
    `${PATH}/`,
    `${PATH}/cert_1/extra`,
    "/organization/projects/p/certificates/rotate",
    "/models",
    "/",
    "//organization/certificates",
  ])("%s is a 404", async (path) => {
    const { status, body } = await call(await start(), "GET", path);
    expect([status, body.error.code]).toEqual([404, "unknown_url"]);
  });

  it("is a 404 without the /v1 of the base URL", async () => {
    const emulator = await start();
    for (const path of [PATH, `/v2${PATH}`, `/v1/v1${PATH}`]) {
      const response = await fetch(new URL(path, emulator.url), { headers: { authorization: `Bearer ${KEY}` } });
      expect([response.status, await response.json()]).toMatchObject([404, { error: { code: "unknown_url" } }]);
    }
  });

  it.each([
    ["PUT", PATH, "GET, POST"],
    ["PATCH", `${PATH}/cert_1`, "GET, POST, DELETE"],
    ["OPTIONS", PATH, "GET, POST"],
    ["GET", `${PATH}/activate`, "POST"],
    ["DELETE", "/organization/projects/p", "GET"],
  ])("%s %s is a 405 that allows %s", async (method, path, allow) => {
    const { status, headers, body } = await call(await start(), method, path);
    expect([status, body.error.code, headers.get("allow")]).toEqual([405, "method_not_supported", allow]);
  });

  it("HEAD is a 405 without a body", async () => {
    const { status, headers, body } = await call(await start(), "HEAD", PATH);
    expect([status, headers.get("allow"), body]).toEqual([405, "GET, POST", undefined]);
  });

  it.each(["%", "%zz", "%C0%AF", "cert_%E0%A4%A"])("the id %s is a 400, not a crash", async (id) => {
    const { status, body } = await call(await start(), "GET", `${PATH}/${id}`);
    expect([status, body.error.code, body.error.param]).toEqual([400, "invalid_value", "certificate_id"]);
  });

  it.each(["sk-admin-pasted-by-mistake", "constructor", "__proto__", "a%2Fb", "x".repeat(5000)])(
    "the id %s is a 404 that does not repeat it",
    async (id) => {
      const { status, body } = await call(await start(), "GET", `${PATH}/${id}`);
      expect([status, body.error.code]).toEqual([404, "not_found"]);
      expect(body.error.message).toBe("No certificate found with this id.");
    },
  );

  it("does not mind a percent-encoded id", async () => {
    const emulator = await start();
    const [id = ""] = uploadAnchors(emulator, 1);
    const encoded = `${PATH}/${id.replace("_", "%5F")}`;
    expect((await call(emulator, "GET", encoded)).body.id).toBe(id);
    expect(emulator.requests[0]?.path).toBe(`${PATH}/${id}`);
  });
});

describe("what is not HTTP at all", () => {
  const start = emulators();

  it.each([
    ["a TLS handshake", "\x16\x03\x01\x02\x00\x01\r\n\r\n", 405],
    ["a header without a colon", "GET /v1/organization/certificates HTTP/1.1\r\nHost x\r\n\r\n", 400],
    ["a method there is not", "BREW /v1/organization/certificates HTTP/1.1\r\nHost: x\r\n\r\n", 405],
    ["a proxy's CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", 405],
    ["two lengths", "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
  ])("%s is answered in the API's error shape", async (_what, bytes, status) => {
    const emulator = await start();
    const [head = "", body = ""] = (await raw(emulator, bytes)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(body).error).toMatchObject({ type: "invalid_request_error", param: null });
    expect((await call(emulator, "GET", PATH)).status).toBe(200);
  });

  it("a request that breaks off leaves no trace and does no harm", async () => {
    const emulator = await start();
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    const head = `POST /v1${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\nContent-Length: 9999\r\n\r\n`;
    socket.write(`${head}{"certificate":`, () => socket.destroy());
    await once(socket, "close");
    expect((await call(emulator, "GET", PATH)).status).toBe(200);
    expect(emulator.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("the emulator's listeners", () => {
  const start = emulators();

  it("are on 127.0.0.1 alone: even another loopback address finds none of them", async () => {
    const { certificate } = await createAuthority();
    const emulator = await start({ mtlsPort: 0, adminTls: { clientCa: certificate } });
    for (const url of [emulator.url, emulator.mtlsUrl, emulator.adminTlsUrl]) {
      const { hostname, port } = new URL(url ?? "");
      expect(hostname).toMatch(/^(127\.0\.0\.1|localhost)$/);
      const elsewhere = connect(Number(port), "127.0.0.2");
      await expect(once(elsewhere, "connect")).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL|ETIMEDOUT/);
    }
  });
});

describe("every answer of the emulator", () => {
  const start = emulators();

  it("has a request id of its own, which the log has too", async () => {
    const emulator = await start();
    const ids: (string | null)[] = [];
    for (const path of [PATH, PATH, "/nowhere"]) {
      ids.push((await call(emulator, "GET", path)).headers.get("x-request-id"));
    }
    expect(new Set(ids).size).toBe(3);
    expect(emulator.requests.map(({ requestId }) => requestId)).toEqual(ids);
    expect(ids[0]).toMatch(/^req_[0-9a-f]{24}$/);
  });
});
