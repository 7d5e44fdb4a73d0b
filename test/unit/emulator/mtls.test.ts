import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Agent, request } from "undici";
import { type Authority, createAuthority, type Emulator, type Issued } from "../../../emulator";
import { call, emulators, KEY } from "./helpers";

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

  /** "ok", or the error code a client with this identity gets; each call is a connection of its own. */
  async function models(
    emulator: Emulator,
    identity?: Pick<Issued, "chain" | "key">,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const connect = { ca: emulator.mtlsCa ?? "", ...(identity ? { cert: identity.chain, key: identity.key } : {}) };
    const dispatcher = new Agent({ connect });
    try {
      const answer = await request(`${emulator.mtlsUrl}/models`, {
        dispatcher,
        headers: { authorization: "Bearer sk-project-key", ...headers },
      });
      // biome-ignore lint/suspicious/noExplicitAny: a success or an error
      const body = (await answer.body.json()) as any;
      return answer.statusCode === 200 ? "ok" : `${answer.statusCode} ${body.error.code}`;
    } finally {
      await dispatcher.close();
    }
  }

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
    const intruder = await other.client();
    const dispatcher = new Agent({
      connections: 1,
      connect: { ca: emulator.mtlsCa ?? "", cert: intruder.chain, key: intruder.key },
    });
    const status = async () => {
      const headers = { authorization: "Bearer k" };
      const { statusCode, body } = await request(`${emulator.mtlsUrl}/models`, { dispatcher, headers });
      await body.dump();
      return statusCode;
    };
    const seen = [await status(), await status()];
    store.activate([id]);
    seen.push(await status(), await status());
    store.deactivate([id]);
    seen.push(await status());
    store.activate([id]);
    store.remove(id);
    seen.push(await status());
    await dispatcher.close();
    expect(seen).toEqual([200, 200, 401, 401, 200, 200]);
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

  describe("builds a path", () => {
    it("through the intermediates a client presents, in any order, with strangers among them", async () => {
      const policy = await corp.intermediate({ commonName: "Policy CA" });
      const issuing = await policy.intermediate({ commonName: "Issuing CA" });
      const { certificate: leaf, key } = await issuing.client();
      const [i, p, stranger] = [issuing.certificate, policy.certificate, other.certificate];
      const emulator = await trusting(corp);
      const presented = async (...chain: string[]) => models(emulator, { chain: [leaf, ...chain].join(""), key });
      expect(await presented(i, p)).toBe("ok");
      expect(await presented(p, i)).toBe("ok");
      expect(await presented(stranger, p, corp.certificate, i)).toBe("ok");
      expect(await presented(i)).toBe("401 certificate_verification_failed");
      expect(await presented()).toBe("401 certificate_verification_failed");
    });

    it("to an anchor that is an intermediate itself", async () => {
      const issuing = await corp.intermediate();
      const emulator = await trusting(issuing);
      expect(await models(emulator, await issuing.client())).toBe("ok");
      expect(await models(emulator, client)).toBe("401 certificate_verification_failed");
    });

    it("also on a resumed connection, which would lack the intermediates", async () => {
      const issuing = await corp.intermediate();
      const { chain, key } = await issuing.client();
      const emulator = await trusting(corp);
      const agent = new HttpsAgent({ keepAlive: false, ca: emulator.mtlsCa, cert: chain, key });
      const status = (maxVersion: "TLSv1.2" | "TLSv1.3") =>
        new Promise((resolve, reject) => {
          const options = { agent, maxVersion, headers: { authorization: "Bearer k" } };
          httpsRequest(`${emulator.mtlsUrl}/models`, options, (answer) => {
            answer.resume().on("end", () => resolve(answer.statusCode));
          })
            .on("error", reject)
            .end();
        });
      for (const version of ["TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3"] as const) {
        expect([version, await status(version)]).toEqual([version, 200]);
      }
    });

    it("not through a certificate that only bears the anchor's name", async () => {
      const impostor = await createAuthority({ commonName: "Corp Root" });
      expect(await models(await trusting(corp), await impostor.client())).toBe("401 certificate_verification_failed");
    });

    it("not through a client's certificate used as an authority", async () => {
      const leaf = await corp.intermediate({ omit: ["basicConstraints", "keyUsage"] });
      expect(await models(await trusting(corp), await leaf.client())).toBe("401 certificate_verification_failed");
    });

    it("not longer than a path length allows", async () => {
      const short = await createAuthority({ commonName: "Short", pathLength: 0 });
      const emulator = await trusting(short);
      expect(await models(emulator, await short.client())).toBe("ok");
      const below = await short.intermediate();
      expect(await models(emulator, await below.client())).toBe("401 certificate_verification_failed");
    });

    it("not through an intermediate or an anchor that has expired", async () => {
      const expired = { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
      const issuing = await corp.intermediate(expired);
      expect(await models(await trusting(corp), await issuing.client())).toBe("401 certificate_verification_failed");

      let now = Date.now();
      const emulator = await start({ mtlsPort: 0, now: () => new Date(now) });
      const brief = await createAuthority({ notAfter: new Date(now + 9 * DAY_MS) });
      emulator.organization().activate([emulator.organization().upload({ certificate: brief.certificate })]);
      const own = await brief.client();
      expect(await models(emulator, own)).toBe("ok");
      now += 10 * DAY_MS;
      expect(await models(emulator, own)).toBe("401 certificate_verification_failed");
    });
  });

  it.each([
    ["has expired", { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) }],
    ["is not valid yet", { notBefore: new Date(Date.now() + DAY_MS) }],
    ["is for servers only", { extendedKeyUsage: ["serverAuth" as const] }],
    ["lacks an Authority Key Identifier", { omit: ["authorityKeyIdentifier" as const] }],
  ])("calls a client certificate that %s an invalid_certificate", async (_what, options) => {
    expect(await models(await trusting(corp), await corp.client(options))).toBe("401 invalid_certificate");
  });

  it("accepts a client certificate without any usage, or with several", async () => {
    const emulator = await trusting(corp);
    expect(await models(emulator, await corp.client({ extendedKeyUsage: [] }))).toBe("ok");
    expect(await models(emulator, await corp.client({ extendedKeyUsage: ["serverAuth", "clientAuth"] }))).toBe("ok");
  });

  it("accepts RSA keys too", async () => {
    const rsa = await createAuthority({ algorithm: "rsa-2048" });
    expect(await models(await trusting(rsa), await rsa.client({ algorithm: "rsa-2048" }))).toBe("ok");
  });
});

describe("the emulator's admin API over TLS", () => {
  const start = emulators();

  it("serves clients with a certificate of the given authority, and nobody else", async () => {
    const authority = await createAuthority();
    const emulator = await start({ adminTls: { clientCa: authority.certificate } });
    const status = async (identity?: Issued) => {
      const identityOptions = identity ? { cert: identity.chain, key: identity.key } : {};
      const dispatcher = new Agent({ connect: { ca: emulator.mtlsCa ?? "", ...identityOptions } });
      try {
        const { statusCode, body } = await request(`${emulator.adminTlsUrl}/organization/certificates`, {
          dispatcher,
          headers: { authorization: `Bearer ${KEY}` },
        });
        await body.dump();
        return statusCode;
      } finally {
        await dispatcher.destroy();
      }
    };
    expect(await status(await authority.client())).toBe(200);
    expect(await status(await (await authority.intermediate()).client())).toBe(200);
    await expect(status()).rejects.toThrow();
    await expect(status(await (await createAuthority()).client())).rejects.toThrow();
    expect(emulator.requests.map(({ listener, status }) => [listener, status])).toEqual([
      ["admin", 200],
      ["admin", 200],
    ]);
    expect(emulator.mtlsUrl).toBeUndefined();
    expect((await call(emulator, "GET", "/organization/certificates")).status).toBe(200);
  });
});
