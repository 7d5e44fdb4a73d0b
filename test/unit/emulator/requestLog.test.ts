import { createHash, X509Certificate } from "node:crypto";
import { writes } from "../../../emulator";
import { anchor, call, emulators, KEY } from "./helpers";

const PATH = "/organization/certificates";

describe("the emulator's request log", () => {
  const start = emulators();

  it("has each request with its path, query, body, status, code and organization", async () => {
    const at = new Date("2026-05-01T00:00:00Z");
    const emulator = await start({ now: () => at });
    await call(emulator, "GET", `${PATH}?limit=5&after=cert_x`);
    await call(emulator, "POST", `${PATH}/activate`, { body: { certificate_ids: [] } });
    await call(emulator, "GET", PATH, { key: "sk-admin-wrong" });
    await call(emulator, "GET", PATH);
    const common = {
      listener: "admin",
      requestId: expect.stringMatching(/^req_/),
      at,
      path: PATH,
      query: {},
      userAgent: "node",
    };
    expect(emulator.requests).toEqual([
      {
        ...common,
        method: "GET",
        query: { limit: "5", after: "cert_x" },
        status: 400,
        code: "invalid_value",
        organization: "default",
      },
      {
        ...common,
        method: "POST",
        path: `${PATH}/activate`,
        body: { certificate_ids: [] },
        status: 400,
        code: "empty_array",
        organization: "default",
      },
      { ...common, method: "GET", status: 401, code: "invalid_api_key" },
      { ...common, method: "GET", status: 200, organization: "default" },
    ]);
  });

  it("holds a certificate's fingerprint in place of its content, and never a key", async () => {
    const emulator = await start();
    const text = `# root\n${anchor()}`;
    await call(emulator, "POST", PATH, { body: { name: "a", certificate: text } });
    await call(emulator, "POST", PATH, { body: { certificate: "no certificate" } });
    await call(emulator, "POST", PATH, { body: { content: text, nested: [{ deep: anchor(1) }] } });
    await call(emulator, "POST", PATH, { body: `{"certificate": "${anchor().slice(0, 100)}` });
    const fingerprint = (n: number) =>
      createHash("sha256")
        .update(new X509Certificate(anchor(n)).raw)
        .digest("hex");
    expect(emulator.requests.map(({ body }) => body)).toEqual([
      { name: "a", certificate: fingerprint(0) },
      { certificate: createHash("sha256").update("no certificate").digest("hex") },
      { content: fingerprint(0), nested: [{ deep: fingerprint(1) }] },
      undefined,
    ]);
    const log = JSON.stringify(emulator.requests);
    expect(log).not.toContain("BEGIN");
    expect(log).not.toContain(KEY);
  });

  it("has a field called __proto__ as a field", async () => {
    const emulator = await start();
    await call(emulator, "POST", `${PATH}?__proto__=1`, { body: '{"__proto__":{"polluted":1}}' });
    const [request] = emulator.requests;
    expect(Object.keys(request?.body as object)).toEqual(["__proto__"]);
    expect(Object.keys(request?.query as object)).toEqual(["__proto__"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("is filtered for writes, and emptied", async () => {
    const emulator = await start();
    await call(emulator, "GET", PATH);
    await call(emulator, "HEAD", PATH);
    await call(emulator, "POST", PATH, { body: {} });
    await call(emulator, "DELETE", `${PATH}/cert_1`);
    expect(writes(emulator.requests).map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    emulator.requests.length = 0;
    await call(emulator, "GET", PATH);
    expect(emulator.requests).toHaveLength(1);
  });

  it("drops the oldest requests beyond its limit", async () => {
    const emulator = await start({ maxRequests: 10 });
    for (let n = 0; n < 25; n++) await call(emulator, "GET", `${PATH}?after=${n}`);
    expect(emulator.requests).toHaveLength(10);
    expect(emulator.requests.map(({ query }) => Number(query["after"]))).toEqual(
      Array.from({ length: 10 }, (_, n) => n + 15),
    );
  });
});
