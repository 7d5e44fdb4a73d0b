import { Agent, request } from "undici";
import { type Authority, createAuthority, type Emulator, type Issued } from "../../../emulator";
import { call, emulators, KEY } from "./helpers";
import { connection, models } from "./mtlsClient";

const DAY_MS = 24 * 60 * 60 * 1000;
const projects = [
  { id: "proj_a", name: "A" },
  { id: "proj_b", name: "B" },
];

describe("the emulator's listener for client certificates", () => {
  const start = emulators();
  let corp: Authority;
  let other: Authority;
  let client: Issued;
  beforeAll(async () => {
    corp = await createAuthority({ commonName: "Corp Root" });
    other = await createAuthority({ commonName: "Other Root" });
    client = await corp.client({ commonName: "billing" });
  });

  const withMtls = () => start({ mtlsPort: 0, projects, adminKey: { acme: KEY, beta: "sk-admin-beta" } });

  async function trusting(...anchors: Authority[]): Promise<Emulator> {
    const emulator = await withMtls();
    const store = emulator.organization();
    store.activate(anchors.map(({ certificate }) => store.upload({ certificate })));
    return emulator;
  }

  it("checks nothing while nothing is active, but wants a bearer key", async () => {
    const emulator = await withMtls();
    emulator.organization().upload({ certificate: corp.certificate });
    expect(await models(emulator)).toBe("ok");
    expect(await models(emulator, await other.client())).toBe("ok");
    expect(await models(emulator, undefined, { authorization: "" })).toBe("401 invalid_api_key");
  });

  it("demands a certificate that chains to an active anchor", async () => {
    const emulator = await trusting(corp);
    expect(await models(emulator)).toBe("401 certificate_required");
    expect(await models(emulator, client)).toBe("ok");
    expect(await models(emulator, await other.client())).toBe("401 certificate_verification_failed");
  });

  it("follows the active set from one request to the next on the same connection", async () => {
    const emulator = await withMtls();
    const store = emulator.organization();
    const id = store.upload({ certificate: corp.certificate });
    const stranger = connection(emulator, await other.client());
    const refused = "401 certificate_verification_failed";
    expect([await stranger.models(), await stranger.models()]).toEqual(["ok", "ok"]);
    store.activate([id]);
    expect([await stranger.models(), await stranger.models()]).toEqual([refused, refused]);
    store.deactivate([id]);
    expect(await stranger.models()).toBe("ok");
    store.activate([id]);
    expect(await stranger.models()).toBe(refused);
    store.remove(id);
    expect(await stranger.models()).toBe("ok");
    await stranger.close();
  });

  it("notices on an open connection that its client's certificate has expired", async () => {
    let now = Date.now();
    const emulator = await start({ mtlsPort: 0, now: () => new Date(now) });
    const store = emulator.organization();
    store.activate([store.upload({ certificate: corp.certificate })]);
    const open = connection(emulator, await corp.client({ notAfter: new Date(now + DAY_MS) }));
    expect(await open.models()).toBe("ok");
    now += 2 * DAY_MS;
    expect(await open.models()).toBe("401 certificate_verification_failed");
    await open.close();
  });

  it("judges every request on a connection for its own organization and project", async () => {
    const emulator = await trusting(corp);
    const store = emulator.organization();
    store.activate([store.upload({ certificate: other.certificate })], "proj_a");
    const beta = emulator.organization("beta");
    beta.activate([beta.upload({ certificate: other.certificate })]);
    beta.activate([]);
    const open = connection(emulator, client);
    const refused = "401 certificate_verification_failed";
    for (let again = 0; again < 2; again++) {
      expect(await open.models()).toBe("ok");
      expect(await open.models({ "OpenAI-Organization": "beta" })).toBe(refused);
      expect(await open.models({ "OpenAI-Project": "proj_b" })).toBe("ok");
      expect(await open.models({ "OpenAI-Project": "proj_a" })).toBe(refused);
    }
    await open.close();
  });

  it("accepts any of several active anchors: the overlap of a rotation", async () => {
    const emulator = await trusting(corp, other);
    expect([await models(emulator, client), await models(emulator, await other.client())]).toEqual(["ok", "ok"]);
  });

  it("looks at a project's anchors before the organization's", async () => {
    const emulator = await trusting(corp);
    const store = emulator.organization();
    store.activate([store.upload({ certificate: other.certificate })], "proj_a");
    const inA = { "OpenAI-Project": "proj_a" };
    const inB = { "OpenAI-Project": "proj_b" };
    const stranger = await other.client();
    expect(await models(emulator, client, inA)).toBe("401 certificate_verification_failed");
    expect(await models(emulator, stranger, inA)).toBe("ok");
    expect(await models(emulator, client, inB)).toBe("ok");
    expect(await models(emulator, stranger, inB)).toBe("401 certificate_verification_failed");
    expect(await models(emulator, stranger)).toBe("401 certificate_verification_failed");
    expect(await models(emulator, client, { "OpenAI-Project": "proj_x" })).toBe("404 not_found");
  });

  it("keeps organizations apart by the header OpenAI-Organization", async () => {
    const emulator = await trusting(corp);
    expect(await models(emulator, undefined, { "OpenAI-Organization": "beta" })).toBe("ok");
    expect(await models(emulator, undefined, { "OpenAI-Organization": "acme" })).toBe("401 certificate_required");
    expect(await models(emulator, client, { "OpenAI-Organization": "gamma" })).toBe("401 invalid_organization");
    for (const [key, expected] of [
      [KEY, "401 certificate_required"],
      ["sk-admin-beta", "ok"],
    ] as const) {
      const { headers } = await call(emulator, "GET", "/organization/certificates", { key });
      const id = headers.get("openai-organization") ?? "";
      expect(await models(emulator, undefined, { "OpenAI-Organization": id })).toBe(expected);
    }
  });

  it("is found by requests of their own kind in the log, and struck by faults of their own", async () => {
    const emulator = await trusting(corp);
    emulator.faults.add({
      kind: "status",
      status: 503,
      match: { listener: "mtls" },
    });
    await call(emulator, "GET", "/organization/certificates");
    expect(await models(emulator, client)).toBe("503 authentication_temporarily_unavailable");
    expect(await models(emulator)).toBe("401 certificate_required");
    expect(emulator.requests).toMatchObject([
      { listener: "admin", status: 200 },
      { listener: "mtls", method: "GET", path: "/models", status: 503, fault: "status" },
      { listener: "mtls", path: "/models", status: 401, code: "certificate_required", organization: "acme" },
    ]);
  });

  it("serves nothing but GET /v1/models, the admin API least of all", async () => {
    const emulator = await withMtls();
    const dispatcher = new Agent({ connect: { ca: emulator.mtlsCa ?? "" } });
    const headers = { authorization: `Bearer ${KEY}` };
    for (const [method, path] of [
      ["GET", "/organization/certificates"],
      ["POST", "/models"],
    ] as const) {
      const { statusCode, body } = await request(emulator.mtlsUrl + path, { dispatcher, method, headers });
      expect([statusCode, await body.json()]).toMatchObject([404, { error: { code: "unknown_url" } }]);
    }
    await dispatcher.close();
  });
});
