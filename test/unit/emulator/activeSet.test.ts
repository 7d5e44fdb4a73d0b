import type { Emulator } from "../../../emulator";
import { call, emulators, uploadAnchors } from "./helpers";

const SCOPES = [
  ["organization", "/organization/certificates", undefined, "organization.certificate"],
  ["project", "/organization/projects/proj_a/certificates", "proj_a", "organization.project.certificate"],
] as const;

describe.each(SCOPES)("the active set of the emulator's %s", (_scope, path, projectId, object) => {
  const start = emulators();
  const projects = [
    { id: "proj_a", name: "A" },
    { id: "proj_b", name: "B" },
  ];

  const toggle = async (emulator: Emulator, action: string, certificate_ids: unknown) => {
    const { status, body } = await call(emulator, "POST", `${path}/${action}`, { body: { certificate_ids } });
    return { status, body, code: body.error?.code, param: body.error?.param };
  };
  const live = (emulator: Emulator) =>
    emulator
      .organization()
      .certificates()
      .filter((one) => (projectId === undefined ? one.active : one.activeProjects.includes(projectId)))
      .map(({ id }) => id);

  it("is changed by activation and deactivation, each idempotent and answering what was named", async () => {
    const emulator = await start({ projects });
    const [a = "", b = "", c = ""] = uploadAnchors(emulator, 3);
    for (let again = 0; again < 2; again++) {
      const { body } = await toggle(emulator, "activate", [b, a, b]);
      expect(body.object).toBe(`${object}.activation`);
      expect(body.data).toMatchObject([
        { object, id: b, name: "anchor-1", active: true },
        { object, id: a, name: "anchor-0", active: true },
      ]);
      expect(live(emulator)).toEqual([a, b]);
    }
    for (let again = 0; again < 2; again++) {
      const { body } = await toggle(emulator, "deactivate", [b, c]);
      expect(body.object).toBe(`${object}.deactivation`);
      expect(body.data).toMatchObject([
        { id: b, active: false },
        { id: c, active: false },
      ]);
      expect(live(emulator)).toEqual([a]);
    }
  });

  it("touches no other scope", async () => {
    const emulator = await start({ projects });
    const [id = ""] = uploadAnchors(emulator, 1);
    await toggle(emulator, "activate", [id]);
    const [certificate] = emulator.organization().certificates();
    expect([certificate?.active, certificate?.activeProjects]).toEqual(
      projectId === undefined ? [true, []] : [false, [projectId]],
    );
    const inB = await call(emulator, "GET", "/organization/projects/proj_b/certificates");
    expect(inB.body.data).toMatchObject([{ id, active: false }]);
  });

  it("stays as it was when one of the ids is unknown", async () => {
    const emulator = await start({ projects });
    const [a = "", b = ""] = uploadAnchors(emulator, 2);
    await toggle(emulator, "activate", [a]);
    const unknown = "cert_unknown";
    for (const action of ["activate", "deactivate"]) {
      const refused = await toggle(emulator, action, [a, b, unknown]);
      expect(refused).toMatchObject({ status: 404, code: "not_found", param: "certificate_ids" });
      expect(refused.body.error.message).toContain(unknown);
    }
    expect(live(emulator)).toEqual([a]);
  });

  it("takes 1 to 10 ids a call", async () => {
    const emulator = await start({ projects });
    const ids = uploadAnchors(emulator, 11);
    const refusal = { status: 400, param: "certificate_ids" };
    expect(await toggle(emulator, "activate", [])).toMatchObject({ ...refusal, code: "empty_array" });
    expect(await toggle(emulator, "activate", ids)).toMatchObject({ ...refusal, code: "array_above_max_length" });
    // Repetition does not make room: the document limits the array, not the set.
    const eleven = Array(11).fill(ids[0]);
    expect(await toggle(emulator, "activate", eleven)).toMatchObject({ ...refusal, code: "array_above_max_length" });
    expect(live(emulator)).toEqual([]);
    expect((await toggle(emulator, "activate", ids.slice(0, 10))).status).toBe(200);
    expect(live(emulator)).toHaveLength(10);
  });

  it.each([
    [undefined, "missing_required_parameter"],
    [null, "invalid_type"],
    ["cert_1", "invalid_type"],
    [[1], "invalid_type"],
    [{ 0: "cert_1" }, "invalid_type"],
  ])("refuses %j for the ids as %s", async (ids, code) => {
    const emulator = await start({ projects });
    expect(await toggle(emulator, "activate", ids)).toMatchObject({ status: 400, code, param: "certificate_ids" });
  });

  it("is answered as a plain list where the older shape is asked for", async () => {
    const emulator = await start({ projects, legacyToggleShape: true });
    const [a = "", b = ""] = uploadAnchors(emulator, 2);
    const { body } = await toggle(emulator, "activate", [a, b]);
    expect(body).toMatchObject({ object: "list", first_id: a, last_id: b, has_more: false });
    expect(body.data.map((one: { id: string }) => one.id)).toEqual([a, b]);
  });
});

describe("a project that does not exist", () => {
  const start = emulators();

  it.each(["GET ", "POST /activate", "POST /deactivate"])("is a 404 for %s", async (request) => {
    const [method = "", action] = request.split(" ");
    const emulator = await start();
    const body = method === "POST" ? { certificate_ids: ["cert_1"] } : undefined;
    const answer = await call(emulator, method, `/organization/projects/proj_x/certificates${action}`, { body });
    expect([answer.status, answer.body.error]).toEqual([
      404,
      { type: "invalid_request_error", code: "not_found", param: "project_id", message: expect.any(String) },
    ]);
  });
});
