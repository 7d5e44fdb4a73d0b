import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";

const [anchor = ""] = realAnchors(1);

describe("the delete of a certificate that is still active somewhere", () => {
  let rig: Rig;
  let id: string;
  let outs: Record<string, unknown>;
  beforeEach(async () => {
    rig = await Rig.start({ maxPageSize: 2, projects: [] });
    const { certificate } = rig.run();
    ({ id, outs } = await certificate.create({ certificate: anchor, name: "corp" }));
  });
  afterEach(() => rig.close());

  const project = (name: string, archived = false) => rig.organization.addProject({ name, archived }).id;
  const message = async () => {
    rig.calls();
    const { certificate } = rig.run();
    return certificate.delete(id, outs).then(
      () => "deleted",
      (error: Error) => error.message,
    );
  };

  it("names its holders among projects on several pages, archived ones too, and no other", async () => {
    const held = [project("first"), project("old", true)];
    const free = [project("free"), project("free and old", true)];
    held.push(project("last"));
    for (const projectId of held) {
      rig.organization.activate([id], projectId);
    }
    const text = await message();
    expect(text).toMatch(/^cert_\w+ "corp" is not deleted: it is still active in project .*\(400 certificate_in_use/);
    for (const projectId of held) {
      expect(text).toContain(`project ${projectId} "`);
    }
    for (const projectId of free) {
      expect(text).not.toContain(projectId);
    }
    expect(text).not.toContain("the organization,");
    expect(rig.organization.certificates()).toHaveLength(1);
  });

  it("deactivates nothing anywhere", async () => {
    const pilot = project("pilot");
    rig.organization.activate([id]);
    rig.organization.activate([id], pilot);
    expect(await message()).toMatch(/still active in the organization, project \w+ "pilot"/);
    expect(rig.calls().filter((call) => /activate$/.test(call))).toEqual([]);
    expect(rig.organization.certificates()[0]).toMatchObject({ active: true, activeProjects: [pilot] });
  });

  it("succeeds in a later run, once the holders have let it go", async () => {
    const pilot = project("pilot");
    rig.organization.activate([id], pilot);
    expect(await message()).toContain(pilot);
    rig.organization.deactivate([id], pilot);
    expect(await message()).toBe("deleted");
    expect(rig.organization.certificates()).toEqual([]);
  });

  it("names the holders that can be listed, and what cannot, whatever single lists answer", async () => {
    const [listed, broken] = [project("listed"), project("broken")];
    for (const projectId of [listed, broken]) {
      rig.organization.activate([id], projectId);
    }
    const path = new RegExp(`projects/${broken}/certificates$`);
    rig.emulator.faults.add({ kind: "status", status: 404, match: { path, times: Infinity } });
    const text = await message();
    expect(text).toContain(
      `still active in project ${listed} "listed"; project ${broken} "broken" could not be listed`,
    );
    rig.emulator.faults.clear();
    rig.organization.activate([id]);
    rig.emulator.faults.add({
      kind: "status",
      status: 403,
      match: { path: "/organization/projects", times: Infinity },
    });
    expect(await message()).toMatch(/still active in the organization; the projects could not be listed \(GET .*403/);
  });

  it("finds the holders of all certificates once, says how to proceed once, and waits a few seconds in all", async () => {
    const created = await Promise.all(
      realAnchors(6).map((pem, index) => rig.run().certificate.create({ certificate: pem, name: `root-${index}` })),
    );
    const { certificate, clock } = rig.run();
    rig.organization.activate(created.map((one) => one.id));
    rig.calls();
    const began = clock.now();
    const failed = await Promise.all(
      created.map((one) =>
        certificate.delete(one.id, one.outs).then(
          () => "deleted",
          (error: Error) => error.message,
        ),
      ),
    );
    expect(failed.filter((text) => text.includes("deactivateOnDelete"))).toHaveLength(1);
    for (const [index, { id: one }] of created.entries()) {
      expect(failed[index]).toContain(`${one} "root-${index}" is not deleted: it is still active in the organization`);
    }
    expect(rig.calls().filter((call) => call.startsWith("GET"))).toHaveLength(1 + 4);
    expect(clock.now() - began).toBeLessThan(60_000);
  });

  it("waits again, and finds the holders again, after the run has deactivated something", async () => {
    await rig.close();
    rig = await Rig.start({ projects: [], deactivationLag: 2 });
    const created = await Promise.all(
      realAnchors(3).map((pem, index) => rig.run().certificate.create({ certificate: pem, name: `root-${index}` })),
    );
    const [blocked, free, held] = created.map((one) => one.id) as [string, string, string];
    const { certificate, activation } = rig.run();
    const set = await activation.create({ certificateIds: [free, held], deactivateOnDelete: true });
    const pilot = project("pilot");
    rig.organization.activate([blocked, held], pilot);
    const remove = (index: number) => certificate.delete(created[index]!.id, created[index]!.outs);
    await expect(remove(0)).rejects.toThrow(pilot);
    await activation.delete(set.id, set.outs);
    await remove(1);
    await expect(remove(2)).rejects.toThrow(
      new RegExp(`${held} "root-2" is not deleted: it is still active in project ${pilot} "pilot" \\(`),
    );
  });

  it("says that the organization could not be listed where that is all there is to ask", async () => {
    rig.organization.activate([id]);
    rig.emulator.faults.add({ kind: "status", status: 403, match: { method: "GET", times: Infinity } });
    expect(await message()).toMatch(
      /still active in a scope that could not be listed: the projects could not be listed .*; the organization could not be listed/,
    );
  });
});
