import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchor, call, emulators, KEY, uploadAnchors } from "./helpers";

const PATH = "/organization/certificates";
const LOG = "/organization/audit_logs";
const projects = [{ id: "proj_a", name: "A" }];

describe("the emulator's audit log", () => {
  const start = emulators();
  let now: number;
  const clock = () => new Date(now);
  beforeEach(() => {
    now = Date.parse("2030-06-15T12:00:00Z");
  });

  it("says who uploaded, renamed, activated, deactivated and deleted what, and when, newest first", async () => {
    const emulator = await start({ now: clock, projects });
    const { body: uploaded } = await call(emulator, "POST", PATH, { body: { name: "root", certificate: anchor() } });
    const { id } = uploaded;
    const ids = { certificate_ids: [id] };
    now += 1000;
    await call(emulator, "POST", `${PATH}/activate`, { body: ids });
    await call(emulator, "POST", "/organization/projects/proj_a/certificates/activate", { body: ids });
    const alice = emulator.organization().by({ email: "alice@example.com", id: "user-alice", ip: "198.51.100.7" });
    now += 1000;
    alice.deactivate([id]);
    alice.deactivate([id], "proj_a");
    alice.rename(id, "root-2");
    await call(emulator, "DELETE", `${PATH}/${id}`);

    const { status, body } = await call(emulator, "GET", LOG);
    expect([status, body.has_more]).toEqual([200, false]);
    const key = { type: "api_key", api_key: expect.objectContaining({ id: expect.stringMatching(/^key_\w+$/) }) };
    const session = {
      type: "session",
      session: { user: { id: "user-alice", email: "alice@example.com" }, ip_address: "198.51.100.7" },
    };
    const at = Date.parse("2030-06-15T12:00:00Z") / 1000;
    const root = { id, name: "root" };
    const project = { id: "proj_a", name: "A" };
    const event = { id: expect.stringMatching(/^audit_log-\w+$/) };
    expect(body.data).toEqual([
      {
        ...event,
        type: "certificate.deleted",
        effective_at: at + 2,
        actor: key,
        "certificate.deleted": { id, name: "root-2", certificate: anchor() },
      },
      {
        ...event,
        type: "certificate.updated",
        effective_at: at + 2,
        actor: session,
        "certificate.updated": { id, name: "root-2" },
      },
      {
        ...event,
        type: "certificates.deactivated",
        effective_at: at + 2,
        project,
        actor: session,
        "certificates.deactivated": { certificates: [root] },
      },
      {
        ...event,
        type: "certificates.deactivated",
        effective_at: at + 2,
        actor: session,
        "certificates.deactivated": { certificates: [root] },
      },
      {
        ...event,
        type: "certificates.activated",
        effective_at: at + 1,
        project,
        actor: key,
        "certificates.activated": { certificates: [root] },
      },
      {
        ...event,
        type: "certificates.activated",
        effective_at: at + 1,
        actor: key,
        "certificates.activated": { certificates: [root] },
      },
      { ...event, type: "certificate.created", effective_at: at, actor: key, "certificate.created": root },
    ]);
    expect(JSON.stringify(body)).not.toContain(KEY);
  });

  it("tells nothing of calls that changed nothing or were refused", async () => {
    const emulator = await start();
    const [id = "", other = ""] = uploadAnchors(emulator, 2);
    emulator.organization().activate([id]);
    const before = (await call(emulator, "GET", LOG)).body.data;
    await call(emulator, "POST", `${PATH}/activate`, { body: { certificate_ids: [id] } });
    await call(emulator, "POST", `${PATH}/deactivate`, { body: { certificate_ids: [other] } });
    await call(emulator, "DELETE", `${PATH}/${id}`);
    await call(emulator, "POST", `${PATH}/activate`, { body: { certificate_ids: [other, "cert_unknown"] } });
    expect((await call(emulator, "GET", LOG)).body.data).toEqual(before);
    await call(emulator, "POST", `${PATH}/activate`, { body: { certificate_ids: [id, other] } });
    const [latest] = (await call(emulator, "GET", LOG)).body.data;
    expect(latest["certificates.activated"].certificates).toEqual([{ id: other, name: "anchor-1" }]);
  });

  it("finds events by type, certificate, project, actor, e-mail address and time", async () => {
    const emulator = await start({ now: clock, projects });
    const [a = "", b = ""] = uploadAnchors(emulator, 2);
    now += 10_000;
    const bob = emulator.organization().by({ email: "bob@example.com", id: "user-bob" });
    bob.activate([a, b]);
    bob.activate([b], "proj_a");
    await call(emulator, "POST", `${PATH}/deactivate`, { body: { certificate_ids: [a] } });
    const at = now / 1000;
    const found = async (query: string) =>
      (await call(emulator, "GET", `${LOG}?${query}`)).body.data.map(({ type }: { type: string }) => type);
    const [activated, deactivated, created] = [
      "certificates.activated",
      "certificates.deactivated",
      "certificate.created",
    ];
    expect(await found(`event_types[]=${created}&event_types[]=${deactivated}`)).toEqual([
      deactivated,
      created,
      created,
    ]);
    expect(await found(`resource_ids[]=${a}`)).toEqual([deactivated, activated, created]);
    expect(await found("project_ids[]=proj_a")).toEqual([activated]);
    expect(await found("actor_emails[]=bob@example.com")).toEqual([activated, activated]);
    expect(await found("actor_ids[]=user-bob")).toEqual([activated, activated]);
    expect(await found(`effective_at[lt]=${at}`)).toEqual([created, created]);
    expect(await found(`effective_at[gte]=${at}&resource_ids[]=${a}`)).toEqual([deactivated, activated]);
    expect(await found(`effective_at[gt]=${at}`)).toEqual([]);
  });

  it("is read page by page, in both directions", async () => {
    const emulator = await start();
    uploadAnchors(emulator, 5);
    const read = async (query: string) => (await call(emulator, "GET", `${LOG}?${query}`)).body;
    const all = (await read("")).data.map(({ id }: { id: string }) => id);
    const ids = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    const first = await read("limit=2");
    expect([ids(first), first.has_more, first.last_id]).toEqual([all.slice(0, 2), true, all[1]]);
    const last = await read(`limit=3&after=${first.last_id}`);
    expect([ids(last), last.has_more]).toEqual([all.slice(2), false]);
    const back = await read(`limit=2&before=${all[3]}`);
    expect([ids(back), back.has_more]).toEqual([all.slice(1, 3), true]);
    const start2 = await read(`limit=2&before=${all[1]}`);
    expect([ids(start2), start2.has_more]).toEqual([all.slice(0, 1), false]);
  });

  it.each([
    ["event_types[]=user.added", "invalid_value"],
    ["effective_at[gt]=yesterday", "invalid_type"],
    ["after=audit_log-unknown", "invalid_value"],
    ["limit=0", "integer_below_min_value"],
    ["tenant_only=maybe", "invalid_type"],
  ])("refuses %s", async (query, code) => {
    const { status, body } = await call(await start(), "GET", `${LOG}?${query}`);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it("keeps organizations apart", async () => {
    const emulator = await start({ adminKey: { acme: KEY, beta: "sk-admin-beta" } });
    emulator.organization("beta").upload({ certificate: anchor() });
    expect((await call(emulator, "GET", LOG)).body.data).toEqual([]);
    expect((await call(emulator, "GET", LOG, { key: "sk-admin-beta" })).body.data).toHaveLength(1);
  });

  it("can be off, as it is until an organization switches it on", async () => {
    const emulator = await start({ auditLog: false });
    uploadAnchors(emulator, 1);
    const { status, body } = await call(emulator, "GET", LOG);
    expect([status, body.error.code]).toEqual([403, "audit_logs_not_enabled"]);
  });

  it("survives a restart in the state file; a file of an earlier release has none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    try {
      const stateFile = join(folder, "state.json");
      const first = await start({ stateFile, projects });
      const [a = "", b = ""] = uploadAnchors(first, 2);
      first.organization().by({ email: "alice@example.com" }).activate([a], "proj_a");
      await call(first, "DELETE", `${PATH}/${b}`);
      const before = (await call(first, "GET", LOG)).body.data;
      expect(before).toHaveLength(4);
      await first.close();
      const second = await start({ stateFile });
      expect((await call(second, "GET", LOG)).body.data).toEqual(before);
      await second.close();

      const saved = JSON.parse(readFileSync(stateFile, "utf8"));
      for (const organization of saved.organizations) delete organization.events;
      writeFileSync(stateFile, JSON.stringify(saved));
      expect((await call(await start({ stateFile }), "GET", LOG)).body.data).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("holds a thousand events and drops the oldest", async () => {
    const emulator = await start({ maxPageSize: 2000 });
    const [id = ""] = uploadAnchors(emulator, 1);
    for (let n = 0; n < 1000; n++) emulator.organization().rename(id, `name-${n}`);
    const { body } = await call(emulator, "GET", `${LOG}?event_types[]=certificate.created`);
    expect(body.data).toEqual([]);
  });
});
