import { type Emulator, startEmulator } from "../../emulator";
import { ANCHORS, anchor, type CallOptions, call, KEY, type Seen } from "../unit/emulator/helpers";
import { operationFor, operationIds, violations } from "./document";

/** Every answer in this file is validated against the document before a test gets to see it. */
describe("the emulator's answers are those of the API's document", () => {
  let emulator: Emulator;
  let projectId: string;
  const succeeded = new Set<string>();
  const failed = new Set<string>();

  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY, maxPageSize: 7 });
    projectId = emulator.organization().projects()[0]!.id;
  });
  afterEach(() => emulator.close());

  async function send(method: string, path: string, options: CallOptions = {}): Promise<Seen> {
    const answer = await call(emulator, method, path, options);
    const operation = operationFor(method, path);
    const where = `${method} ${path} → ${answer.status}`;
    expect({ where, violations: violations(operation, answer.status, answer.body) }).toEqual({ where, violations: [] });
    if (operation) (answer.status === 200 ? succeeded : failed).add(operation.operationId);
    return answer;
  }

  async function upload(n = 0): Promise<string> {
    const { status, body } = await send("POST", "/organization/certificates", {
      body: { name: `anchor-${n}`, certificate: anchor(n) },
    });
    expect(status).toBe(200);
    return body.id;
  }

  const succeed = async (...request: Parameters<typeof send>) => {
    const answer = await send(...request);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  const refuse = async (status: number, ...request: Parameters<typeof send>) => {
    const answer = await send(...request);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body.error).sort()).toEqual(["code", "message", "param", "type"]);
    return answer.body.error.code;
  };

  it("uploads, retrieves, renames and deletes a certificate", async () => {
    const id = await upload();
    const path = `/organization/certificates/${id}`;
    expect(await succeed("GET", path)).toMatchObject({ object: "certificate", id, name: "anchor-0" });
    expect((await succeed("GET", `${path}?include[]=content`)).certificate_details.content).toBe(anchor());
    expect(await succeed("POST", path, { body: { name: "renamed" } })).toMatchObject({ id, name: "renamed" });
    expect(await succeed("DELETE", path)).toEqual({ object: "certificate.deleted", id });
  });

  it("uploads without a name, which is null then", async () => {
    const body = await succeed("POST", "/organization/certificates", { body: { certificate: anchor() } });
    expect(body.name).toBeNull();
  });

  it("pages through the organization's certificates, empty lists included", async () => {
    expect(await succeed("GET", "/organization/certificates")).toEqual({
      object: "list",
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
    for (const n of ANCHORS.keys()) if (n < 9) await upload(n);
    const first = await succeed("GET", "/organization/certificates?limit=8&order=asc");
    const second = await succeed("GET", `/organization/certificates?order=asc&after=${first.last_id}`);
    expect([first.data.length, first.has_more, second.data.length, second.has_more]).toEqual([7, true, 2, false]);
  });

  it("activates and deactivates in the organization and in a project", async () => {
    const body = { certificate_ids: [await upload(0), await upload(1)] };
    for (const scope of ["/organization/certificates", `/organization/projects/${projectId}/certificates`]) {
      const activated = await succeed("POST", `${scope}/activate`, { body });
      expect(activated.data.map((one: { active: boolean }) => one.active)).toEqual([true, true]);
      expect((await succeed("GET", scope)).data).toHaveLength(2);
      const deactivated = await succeed("POST", `${scope}/deactivate`, { body });
      expect(deactivated.data.map((one: { active: boolean }) => one.active)).toEqual([false, false]);
    }
  });

  it("lists and retrieves projects, archived ones included", async () => {
    const archived = emulator.organization().addProject({ name: "Old", archived: true });
    expect((await succeed("GET", "/organization/projects")).data).toHaveLength(1);
    expect((await succeed("GET", "/organization/projects?include_archived=true")).data).toHaveLength(2);
    expect(await succeed("GET", `/organization/projects/${archived.id}`)).toMatchObject({ status: "archived" });
  });

  it("tells in the audit log what was done, by a key and by people, in the organization and in a project", async () => {
    const id = await upload();
    const body = { certificate_ids: [id] };
    await succeed("POST", `/organization/projects/${projectId}/certificates/activate`, { body });
    const byAlice = emulator.organization().by({ email: "alice@example.com" });
    byAlice.deactivate([id], projectId);
    byAlice.rename(id, "renamed");
    byAlice.remove(byAlice.upload({ certificate: anchor(1) }));
    const { data } = await succeed("GET", "/organization/audit_logs");
    expect(data.map(({ type }: { type: string }) => type)).toEqual([
      "certificate.deleted",
      "certificate.created",
      "certificate.updated",
      "certificates.deactivated",
      "certificates.activated",
      "certificate.created",
    ]);
    const first = await succeed("GET", "/organization/audit_logs?limit=1&event_types[]=certificate.created");
    expect([first.data.length, first.has_more]).toEqual([1, true]);
  });

  it("answers errors of the common shape on every operation", async () => {
    const unknown = "cert_000000000000000000000000";
    const body = { certificate_ids: [unknown] };
    const scopes = ["/organization/certificates", `/organization/projects/${projectId}/certificates`];
    for (const scope of scopes) {
      expect(await refuse(400, "GET", `${scope}?limit=0`)).toBe("integer_below_min_value");
      expect(await refuse(404, "POST", `${scope}/activate`, { body })).toBe("not_found");
      expect(await refuse(404, "POST", `${scope}/deactivate`, { body })).toBe("not_found");
    }
    expect(await refuse(400, "POST", "/organization/certificates", { body: "{" })).toBe("invalid_json");
    for (const method of ["GET", "DELETE"]) {
      expect(await refuse(404, method, `/organization/certificates/${unknown}`)).toBe("not_found");
    }
    expect(await refuse(404, "POST", `/organization/certificates/${unknown}`, { body: {} })).toBe("not_found");
    expect(await refuse(404, "GET", "/organization/projects/proj_unknown")).toBe("not_found");
    expect(await refuse(400, "GET", "/organization/projects?limit=many")).toBe("invalid_type");
    expect(await refuse(400, "GET", "/organization/audit_logs?limit=101")).toBe("integer_above_max_value");
    expect(await refuse(401, "GET", "/organization/certificates", { key: "sk-wrong" })).toBe("invalid_api_key");
    expect(await refuse(404, "GET", "/organization/secrets")).toBe("unknown_url");
    expect(await refuse(405, "PUT", "/organization/certificates")).toBe("method_not_supported");
  });

  it("answers injected errors of the common shape, with the document's Retry-After", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 3 });
    const { status, headers } = await send("GET", "/organization/certificates");
    expect([status, headers.get("retry-after")]).toEqual([429, "3"]);
  });

  it("covers every operation of the document, with a success and with an error", () => {
    expect([...succeeded].sort()).toEqual(operationIds);
    expect([...failed].sort()).toEqual(operationIds);
  });
});
