import { createServer } from "node:http";
import { parseAuditPage } from "../../../provider/api/auditWire";
import { MalformedAnswer } from "../../../provider/api/fields";
import { apiError, caller, loopback } from "./callers";

const activated = {
  id: "audit_2",
  type: "certificates.activated",
  effective_at: 1_790_000_100,
  project: { id: "proj_a", name: "Pilot" },
  actor: { type: "api_key", api_key: { id: "key_a", type: "service_account", service_account: { id: "svc_a" } } },
  "certificates.activated": { certificates: [{ id: "cert_a", name: "root" }, { id: "cert_b" }] },
};
const deleted = {
  id: "audit_1",
  type: "certificate.deleted",
  effective_at: 1_790_000_000,
  actor: { type: "session", session: { user: { id: "user_a", email: "jane@example.com" }, ip_address: "192.0.2.7" } },
  "certificate.deleted": { id: "cert_a", name: "root", certificate: "PEM" },
};
const page = (data: unknown[], more = false) => ({
  object: "list",
  data,
  first_id: null,
  last_id: (data.at(-1) as { id?: string } | undefined)?.id ?? null,
  has_more: more,
});

describe("an event of the audit log", () => {
  const events = (...data: unknown[]) => parseAuditPage(page(data)).items.map(({ event }) => event);

  it("tells who activated what, where and when", () => {
    expect(events(activated)).toEqual([
      {
        id: "audit_2",
        type: "certificates.activated",
        effectiveAt: 1_790_000_100,
        actor: { kind: "api_key", key: { id: "key_a", type: "service_account" }, serviceAccountId: "svc_a" },
        project: { id: "proj_a", name: "Pilot" },
        certificates: [
          { id: "cert_a", name: "root" },
          { id: "cert_b", name: null },
        ],
      },
    ]);
  });

  it("of a deletion holds the certificate that was deleted", () => {
    expect(events(deleted)).toEqual([
      {
        id: "audit_1",
        type: "certificate.deleted",
        effectiveAt: 1_790_000_000,
        actor: { kind: "session", user: { id: "user_a", email: "jane@example.com" }, ip: "192.0.2.7" },
        project: undefined,
        certificates: [{ id: "cert_a", name: "root" }],
        pem: "PEM",
      },
    ]);
  });

  it("may lack its actor, or what is known of one", () => {
    for (const actor of [null, undefined]) {
      expect(events({ ...deleted, actor })).toMatchObject([{ actor: undefined }]);
    }
    expect(events({ ...deleted, actor: { type: "session" } })[0]?.actor).toEqual({ kind: "session" });
  });

  it("that is not about certificates is passed over", () => {
    expect(events({ id: "audit_0", type: "user.added", effective_at: 1 }, deleted)).toEqual([
      undefined,
      expect.objectContaining({ id: "audit_1" }),
    ]);
  });

  it.each([
    ["without an id", { ...deleted, id: undefined }, "data[0].id is missing"],
    [
      "without its time",
      { ...deleted, effective_at: "now" },
      "data[0].effective_at is a string instead of a Unix time",
    ],
    ["without its details", { ...deleted, "certificate.deleted": undefined }, "data[0].certificate.deleted is missing"],
    [
      "without the certificates",
      { ...activated, "certificates.activated": {} },
      "data[0].certificates.activated.certificates is missing",
    ],
    [
      "with a certificate without its id",
      { ...activated, "certificates.activated": { certificates: [{ name: "root" }] } },
      "data[0].certificates.activated.certificates[0].id is missing",
    ],
    ["by nobody known", { ...deleted, actor: { type: "robot" } }, "data[0].actor.type is neither session nor api_key"],
    ["with an actor that is text", { ...deleted, actor: "jane" }, "data[0].actor is a string instead of an object"],
  ])("%s is malformed", (_, event, message) => {
    expect(() => events(event)).toThrow(MalformedAnswer);
    expect(() => events(event)).toThrow(message);
  });
});

describe("asking the audit log", () => {
  const listen = loopback();

  async function log(answer: (query: URLSearchParams) => { status?: number; body: unknown }) {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
      asked.push(searchParams);
      const { status = 200, body } = pathname === "/v1/organization/audit_logs" ? answer(searchParams) : { body: {} };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const { port } = await listen(server);
    return { ...caller(`http://127.0.0.1:${port}/v1`), asked };
  }

  it("is about every certificate event by default, page by page", async () => {
    const { api, asked } = await log((query) => ({
      body: query.get("after") === null ? page([activated], true) : page([deleted]),
    }));
    expect((await api.auditEvents()).map(({ id }) => id)).toEqual(["audit_2", "audit_1"]);
    expect(asked.map((query) => query.get("after"))).toEqual([null, "audit_2"]);
    expect(asked[0]?.getAll("event_types[]")).toEqual([
      "certificate.created",
      "certificate.updated",
      "certificate.deleted",
      "certificates.activated",
      "certificates.deactivated",
    ]);
    expect(asked[0]?.get("limit")).toBe("100");
  });

  it("is about what it is asked for, and stops when it has enough", async () => {
    const { api, asked } = await log(() => ({ body: page([activated, deleted], true) }));
    const query = {
      resourceIds: ["cert_a", "cert_b"],
      eventTypes: ["certificates.activated"],
      since: 1_790_000_000,
      limit: 1,
    } as const;
    expect((await api.auditEvents(query)).map(({ id }) => id)).toEqual(["audit_2"]);
    expect(asked.map(String)).toEqual([
      new URLSearchParams([
        ["limit", "1"],
        ["event_types[]", "certificates.activated"],
        ["resource_ids[]", "cert_a"],
        ["resource_ids[]", "cert_b"],
        ["effective_at[gte]", "1790000000"],
      ]).toString(),
    ]);
  });

  it("with a key that may not is refused with advice that fits, in one call", async () => {
    const error = {
      message: "You have insufficient permissions",
      type: "invalid_request_error",
      param: null,
      code: null,
    };
    const { api, asked } = await log(() => ({ status: 403, body: { error } }));
    const refused = await apiError(api.auditEvents());
    expect(refused).toMatchObject({ status: 403, fromApi: true });
    expect(refused.message).toBe(
      "GET /organization/audit_logs: 403: You have insufficient permissions. The admin key needs permission to read the organization's audit log.",
    );
    expect(asked).toHaveLength(1);
  });
});
