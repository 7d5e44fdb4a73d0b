import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { ADMIN_KEY } from "../../support/rig";
import { apiError, caller, EMPTY, failure, json, loopback } from "./callers";

const PATH = "/organization/certificates";

const listen = loopback();

/** A server whose requests are listed, and a caller of it. */
async function api(respond: RequestListener, config: Record<string, unknown> = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => respond(request, response));
  });
  const { port, connections } = await listen(server);
  return { ...caller(`http://127.0.0.1:${port}/v1`, config), port, requests, connections };
}

describe("connections", () => {
  it("are kept: twenty calls one after the other use one", async () => {
    const { api: certificates, requests, connections } = await api((_, response) => json(response, EMPTY));
    for (let call = 0; call < 20; call++) {
      await certificates.list();
    }
    expect(requests).toHaveLength(20);
    expect(connections()).toBe(1);
  });

  it("carry the key, say what calls, and declare JSON where they send it", async () => {
    const seen: unknown[] = [];
    const { api: certificates } = await api(({ headers, method }, response) => {
      seen.push([method, headers.authorization, headers.accept, headers["content-type"], headers["user-agent"]]);
      json(response, method === "GET" ? EMPTY : { object: "list", data: [] });
    });
    await certificates.list();
    await certificates.activate(["cert_a"]);
    const { version } = require("../../../package.json") as { version: string };
    const caller = `pulumi-openai-certificates/${version}`;
    const common = [`Bearer ${ADMIN_KEY}`, "application/json"];
    expect(seen).toEqual([
      ["GET", ...common, undefined, caller],
      ["POST", ...common, "application/json", caller],
    ]);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("(%d) is not followed, so that the key goes nowhere else", async (status) => {
    const elsewhere = await api((_, response) => json(response, EMPTY));
    const location = `http://127.0.0.1:${elsewhere.port}/v1${PATH}`;
    const { api: certificates, requests } = await api((_, response) => json(response, {}, status, { location }));
    for (const call of [certificates.list(), certificates.upload("root", "pem"), certificates.delete("cert_a")]) {
      const error = await apiError(call);
      expect(error.message).toContain(`: ${status}: an answer that is not the API's`);
      expect(error.message).toMatch(
        /Redirects are not followed.* set openai:baseUrl \(or OPENAI_BASE_URL\) to the final address\.$/,
      );
      expect(error.message).not.toContain(String(elsewhere.port));
    }
    expect(requests).toHaveLength(3);
    expect(elsewhere.requests).toEqual([]);
    expect(elsewhere.connections()).toBe(0);
  });
});

describe("an answer", () => {
  const MB = 1024 * 1024;
  const padded = (bytes: number) => {
    const body = JSON.stringify({ ...EMPTY, padding: "" });
    return body.replace('""', `"${"x".repeat(bytes - body.length)}"`);
  };

  it("of 4 MB is read, of a byte more refused, with and without a Content-Length", async () => {
    for (const headers of [{}, { "transfer-encoding": "chunked" }]) {
      let size = 4 * MB;
      const { api: certificates, requests } = await api(
        (_, response) => response.writeHead(200, headers).end(padded(size)),
        {
          maxRetries: 1,
        },
      );
      expect(await certificates.list()).toEqual([]);
      size += 1;
      const error = await apiError(certificates.list());
      expect(error.message).toMatch(/: the answer is larger than 4 MB\. Gave up after 2 attempts\. Run again later\.$/);
      expect(requests).toHaveLength(3);
    }
  });

  it("of an error that is too large is refused as well", async () => {
    const { api: certificates } = await api((_, response) => response.writeHead(400).end("x".repeat(5 * MB)), {
      maxRetries: 0,
    });
    expect((await apiError(certificates.list())).message).toMatch(/larger than 4 MB/);
  });

  it("that names prototypes changes none", async () => {
    const hostile = `{
      "__proto__": {"polluted": true, "data": [], "has_more": false},
      "constructor": {"prototype": {"polluted": true}},
      "object": "list", "has_more": false, "data": [{
        "__proto__": {"polluted": true}, "id": "cert_a", "name": null, "created_at": 1, "active": true,
        "certificate_details": {"__proto__": {"content": "x"}, "valid_at": 1, "expires_at": 2}
      }]}`;
    const { api: certificates } = await api((_, response) => response.end(hostile));
    const listed = await certificates.list();
    expect(listed).toEqual([{ id: "cert_a", name: null, createdAt: 1, validAt: 1, expiresAt: 2, active: true }]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((listed[0] as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("is not taken from what a hostile body's prototype would say", async () => {
    const { api: certificates } = await api(
      (_, response) => response.end('{"__proto__": {"data": [], "has_more": false}}'),
      {
        maxRetries: 0,
      },
    );
    expect((await apiError(certificates.list())).message).toMatch(/malformed: data is missing/);
  });

  it("that is no HTTP at all is an error that says so", async () => {
    const { port } = await listen(
      createTcpServer((socket) => socket.once("data", () => socket.end("SSH-2.0-x\r\n\r\n"))),
    );
    const { api: certificates } = caller(`http://127.0.0.1:${port}/v1`);
    const error = await apiError(certificates.upload("root", "pem"));
    expect(error).toMatchObject({ lost: true, message: expect.stringMatching(/: the answer is not HTTP\. Gave up/) });
  });
});

describe("a host that becomes unreachable", () => {
  const CONNECTED = "undici:client:connected";

  it.each([
    ["under a request: it may have been carried out", "read", true],
    ["under a connection that is being made: nothing was sent", "connect", false],
  ])("%s", async (_, syscall, lost) => {
    const sockets: Socket[] = [];
    const connected = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
    subscribe(CONNECTED, connected);
    const unreachable = Object.assign(new Error("no route"), { code: "EHOSTUNREACH", syscall });
    const { api: certificates } = await api(() => sockets.pop()?.destroy(unreachable), { maxRetries: 0 });
    const error = await apiError(certificates.upload("root", "pem"));
    unsubscribe(CONNECTED, connected);
    expect(error).toMatchObject({ lost, message: expect.stringContaining("EHOSTUNREACH") });
  });
});

describe("the header that says whose organization answers", () => {
  it.each([
    ["repeats a key, which must get into no state", ADMIN_KEY, EMPTY, 200],
    ["comes with a page that is not the API's", "org-of-a-proxy", {}, 404],
  ])("is passed over where it %s", async (_, organization, body, status) => {
    const header = { "openai-organization": organization };
    const { api: certificates } = await api((_request, response) => json(response, body, status, header));
    await certificates.list().catch(() => undefined);
    expect(certificates.organizationId).toBeUndefined();
  });
});

describe("an id", () => {
  it.each(["../x", "a/b", "a?b", "a#b", "%2e%2e", "%", " ", "ü", "...", "a\\b", "a:b", "a;b&c=d"])(
    "%j reaches the API as the one id it is",
    async (id) => {
      const { api: certificates, requests } = await api((_, response) => json(response, { object: "list", data: [] }));
      await failure(certificates.retrieve(id));
      await certificates.activate(["cert_a"], id);
      expect(new Set(requests)).toEqual(
        new Set([
          `GET /v1${PATH}/${encodeURIComponent(id)}`,
          `POST /v1/organization/projects/${encodeURIComponent(id)}/certificates/activate`,
        ]),
      );
    },
  );

  it.each(["", ".", ".."])("%j, which would make another path, is never sent", async (id) => {
    const { api: certificates, requests } = await api((_, response) => json(response, {}));
    for (const call of [certificates.retrieve(id), certificates.delete(id), certificates.rename(id, "x")]) {
      expect((await failure(call)).message).toBe(
        `${JSON.stringify(id)} is not a valid certificate_id: ids look like cert_abc or proj_abc`,
      );
    }
    expect((await failure(certificates.list(id))).message).toMatch(/ is not a valid project_id/);
    expect(requests).toEqual([]);
  });

  it("is not repeated in errors where it does not look like one: it may be a key or a certificate", async () => {
    const { api: certificates } = await api((_, response) => json(response, {}, 404));
    for (const id of ["-----BEGIN PRIVATE KEY-----\nMIIEvQ", "MIIEvQ+/==", "a b"]) {
      expect((await apiError(certificates.retrieve(id))).message).toMatch(
        /^GET \/organization\/certificates\/\{certificate_id\}: 404/,
      );
    }
    const key = await apiError(certificates.retrieve(ADMIN_KEY));
    expect(key.message).toMatch(/^GET \/organization\/certificates\/\[redacted\]: 404/);
    const plain = await apiError(certificates.retrieve("cert_aB-1"));
    expect(plain.message).toMatch(/^GET \/organization\/certificates\/cert_aB-1: 404/);
  });
});

describe("the key", () => {
  it.each([ADMIN_KEY, "no-prefix_0123456789", "a.b$c*d+e(f"])(
    "%s stays out of errors that repeat it",
    async (adminKey) => {
      const { api: certificates } = await api(
        ({ headers }, response) => {
          const said = `Incorrect API key provided: ${headers.authorization}, that is ${adminKey}`;
          const error = { message: said, type: "invalid_request_error", param: adminKey, code: adminKey };
          json(response, { error }, 401, { "x-request-id": adminKey });
        },
        { adminKey },
      );
      const error = await apiError(certificates.list());
      expect(error.message).toMatch(
        /^GET \/organization\/certificates: 401 \[redacted\]: Incorrect API key provided: /,
      );
      for (const shown of [error.message, error.stack, String(error), JSON.stringify(error.message)]) {
        expect(shown).not.toContain(adminKey);
      }
    },
  );
});

describe("the header openai-organization", () => {
  it.each([
    ["the key", ADMIN_KEY],
    ["another key", "sk-admin-AbC_123-defGHI456jkl"],
    ["part of a key, as the API shows it", "sk-admi*****wxyz"],
    ["white space", "org corp"],
    ["more than any name", "x".repeat(201)],
    ["nothing", ""],
  ])("that holds %s is taken for none", async (_, value) => {
    const { api: certificates } = await api((__, response) =>
      json(response, { object: "list", data: [], has_more: false }, 200, { "openai-organization": value }),
    );
    expect(await certificates.list()).toEqual([]);
    expect(certificates.organizationId).toBeUndefined();
  });

  it.each(["sk-telecom", "acme-sk-prod", "sk-telecom-production-europe"])(
    "that says %s names the organization",
    async (value) => {
      const { api: certificates } = await api((_, response) =>
        json(response, EMPTY, 200, { "openai-organization": value }),
      );
      await certificates.list();
      expect(certificates.organizationId).toBe(value);
    },
  );

  it("of a page that is not the API's says nothing", async () => {
    const { api: certificates } = await api((_, response) =>
      json(response, { welcome: true }, 404, { "openai-organization": "org-proxy" }),
    );
    await apiError(certificates.list());
    expect(certificates.organizationId).toBeUndefined();
  });
});
