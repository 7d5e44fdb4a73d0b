import type { Emulator } from "../../../emulator";
import { call, emulators, uploadAnchors } from "./helpers";

const LISTS = ["/organization/certificates", "/organization/projects/proj_a/certificates"];
const projects = [{ id: "proj_a", name: "A" }];

describe.each(LISTS)("the emulator's list %s", (path) => {
  const start = emulators();

  async function list(emulator: Emulator, query: Record<string, string> = {}) {
    const { status, body } = await call(emulator, "GET", `${path}?${new URLSearchParams(query)}`);
    const ids: string[] = body.data?.map((one: { id: string }) => one.id);
    return { status, ids, body, code: body.error?.code, param: body.error?.param };
  }

  it("has 20 to a page by default, the newest first", async () => {
    const emulator = await start({ projects });
    const ids = uploadAnchors(emulator, 21).reverse();
    const { ids: listed, body } = await list(emulator);
    expect(listed).toEqual(ids.slice(0, 20));
    expect(body).toMatchObject({ object: "list", first_id: ids[0], last_id: ids[19], has_more: true });
  });

  it("keeps the order of upload within one second, and follows creation otherwise", async () => {
    const times = ["2026-01-02", "2026-01-01", "2026-01-02"].map((day) => new Date(day));
    let uploaded = 0;
    const emulator = await start({ projects, now: () => times[uploaded] ?? new Date(0) });
    const ids = times.map(() => {
      const [id = ""] = uploadAnchors(emulator, 1);
      uploaded += 1;
      return id;
    });
    const [later1, earlier, later2] = ids;
    expect((await list(emulator, { order: "asc" })).ids).toEqual([earlier, later1, later2]);
    expect((await list(emulator, { order: "desc" })).ids).toEqual([later2, later1, earlier]);
  });

  it("takes a limit of 1 to 100", async () => {
    const emulator = await start({ projects });
    uploadAnchors(emulator, 3);
    expect((await list(emulator, { limit: "1" })).ids).toHaveLength(1);
    expect((await list(emulator, { limit: "100" })).ids).toHaveLength(3);
    const refusal = { status: 400, param: "limit" };
    expect(await list(emulator, { limit: "0" })).toMatchObject({ ...refusal, code: "integer_below_min_value" });
    expect(await list(emulator, { limit: "-1" })).toMatchObject({ ...refusal, code: "integer_below_min_value" });
    expect(await list(emulator, { limit: "101" })).toMatchObject({ ...refusal, code: "integer_above_max_value" });
    for (const limit of ["", "ten", "1.5", "1e1", "0x10"]) {
      expect(await list(emulator, { limit })).toMatchObject({ ...refusal, code: "invalid_type" });
    }
  });

  it("is paged through by `after`, in either order, to an end where has_more is false", async () => {
    const emulator = await start({ projects });
    const ids = uploadAnchors(emulator, 5);
    const all = async (order: string) => {
      const pages: string[][] = [];
      let after: string | undefined;
      for (let more = true; more; ) {
        const query = { order, limit: "2", ...(after === undefined ? {} : { after }) };
        const page = await list(emulator, query);
        pages.push(page.ids);
        after = page.body.last_id;
        more = page.body.has_more;
      }
      return pages;
    };
    expect(await all("asc")).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((await all("desc")).flat()).toEqual([...ids].reverse());
  });

  it("has no more after a page that takes all that is left", async () => {
    const emulator = await start({ projects });
    const ids = uploadAnchors(emulator, 4);
    expect((await list(emulator, { limit: "4" })).body.has_more).toBe(false);
    const { body } = await list(emulator, { order: "asc", limit: "2", after: ids[1] ?? "" });
    expect([body.last_id, body.has_more]).toEqual([ids[3], false]);
  });

  it("is empty, with null for both ids, after the last one", async () => {
    const emulator = await start({ projects });
    const [id = ""] = uploadAnchors(emulator, 1);
    const { body } = await list(emulator, { after: id });
    expect(body).toEqual({ object: "list", data: [], first_id: null, last_id: null, has_more: false });
  });

  it("refuses a cursor it does not know and an order there is not", async () => {
    const emulator = await start({ projects });
    expect(await list(emulator, { after: "cert_x" })).toMatchObject({ status: 400, param: "after" });
    expect(await list(emulator, { order: "up" })).toMatchObject({ status: 400, code: "invalid_value", param: "order" });
  });

  it("has no page longer than maxPageSize, whatever the limit", async () => {
    const emulator = await start({ projects, maxPageSize: 2 });
    uploadAnchors(emulator, 3);
    const { ids, body } = await list(emulator, { limit: "100" });
    expect([ids.length, body.has_more]).toEqual([2, true]);
  });

  it("shows each certificate's state and details, but no content", async () => {
    const emulator = await start({ projects });
    const ids = uploadAnchors(emulator, 2);
    const scope = path.includes("proj_a") ? "proj_a" : undefined;
    emulator.organization().activate(ids.slice(0, 1), scope);
    const { body } = await list(emulator, { order: "asc" });
    expect(body.data.map((one: { active: boolean }) => one.active)).toEqual([true, false]);
    expect(Object.keys(body.data[0].certificate_details)).toEqual(["valid_at", "expires_at"]);
    expect(body.data[0].object).toBe(scope ? "organization.project.certificate" : "organization.certificate");
  });
});

describe("the emulator's projects", () => {
  const start = emulators();

  it("are one by default, active", async () => {
    const emulator = await start();
    const { body } = await call(emulator, "GET", "/organization/projects");
    expect(body.data).toMatchObject([{ object: "organization.project", name: "Default project", status: "active" }]);
    expect(body.data[0].id).toMatch(/^proj_[0-9a-f]{24}$/);
    expect(body.data[0].archived_at).toBeNull();
  });

  it("are paged through, archived ones only when they are asked for", async () => {
    const seeds = [
      { id: "proj_a", name: "A" },
      { id: "proj_b", name: "B", archived: true },
      { id: "proj_c", name: "C" },
    ];
    const emulator = await start({ projects: seeds });
    const ids = async (query: string) => {
      const { body } = await call(emulator, "GET", `/organization/projects?${query}`);
      return [body.data.map((one: { id: string }) => one.id), body.has_more];
    };
    expect(await ids("")).toEqual([["proj_a", "proj_c"], false]);
    expect(await ids("include_archived=false&limit=1")).toEqual([["proj_a"], true]);
    expect(await ids("include_archived=true&limit=2")).toEqual([["proj_a", "proj_b"], true]);
    expect(await ids("include_archived=true&after=proj_b")).toEqual([["proj_c"], false]);
    const { body } = await call(emulator, "GET", "/organization/projects?include_archived=maybe");
    expect(body.error).toMatchObject({ code: "invalid_type", param: "include_archived" });
  });

  it("tell when they were archived", async () => {
    const emulator = await start({ projects: [{ id: "proj_b", name: "B", archived: true }] });
    const { body } = await call(emulator, "GET", "/organization/projects/proj_b");
    expect(body).toMatchObject({ id: "proj_b", name: "B", status: "archived", archived_at: expect.any(Number) });
  });
});
