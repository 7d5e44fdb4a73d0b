import { Guarded } from "./guarded";
import { done, type InState, preview } from "./planned";

describe("requiredClients of a project", () => {
  const on = Guarded.perTest();
  let { rig, ids } = on;
  let project: string;
  beforeEach(() => {
    ({ rig, ids } = on);
    project = rig.organization.addProject({ name: "pilot" }).id;
  });
  const inProject = (...certificateIds: string[]) => ({
    ...on.active(...certificateIds),
    projectId: project,
    allowEmpty: true,
  });

  it("must be accepted by its own set as soon as it has one, whatever the organization's accepts", async () => {
    rig.organization.activate([ids.old]);
    expect(await preview(rig.run(), "project", undefined, inProject(ids.next))).toMatch(
      new RegExp(`CN=gateway.*would be locked out of project ${project}`),
    );
  });

  it("must be accepted by the organization's set where its own is emptied", async () => {
    const state = await done(rig.run(), "project", undefined, inProject(ids.old));
    rig.organization.activate([ids.next]);
    rig.calls();
    expect(await preview(rig.run(), "project", state, inProject())).toMatch(
      new RegExp(`CN=gateway.*would be locked out of project ${project}`),
    );
    expect(rig.writes()).toEqual([]);
    rig.organization.activate([ids.old]);
    await done(rig.run(), "project", state, inProject());
    expect(rig.active(project)).toEqual([]);
  });

  it("must be accepted by what the organization's set becomes in the same run, also where it never had one", async () => {
    rig.organization.activate([ids.old]);
    const whole = await done(rig.run(), "activation", undefined, { certificateIds: [ids.old] });
    const mine = await done(rig.run(), "project", undefined, inProject());
    rig.calls();
    const run = rig.run();
    expect(await preview(run, "activation", whole, { certificateIds: [ids.next] })).toBe("");
    expect(await preview(run, "project", mine, inProject())).toMatch(/CN=gateway.*would be locked out/);
    expect(rig.writes()).toEqual([]);
  });

  describe("whose set and the organization's change in one run, of which either may come first, or fail", () => {
    const both = () => {
      const run = rig.run();
      return {
        run,
        write: async (state: InState, kind: "activation" | "project") =>
          run[kind].update(state.id, state.outs, state.inputs),
      };
    };

    /** The project gives up the anchor that the organization gets. */
    const toOrganization = async () => {
      rig.organization.activate([ids.next]);
      const whole = await done(rig.run(), "activation", undefined, { certificateIds: [ids.next] });
      const mine = await done(rig.run(), "project", undefined, inProject(ids.old));
      return { ...both(), whole, mine, organization: { certificateIds: [ids.old, ids.next] } };
    };

    it("keeps its own anchor until the organization's accepts its clients, and preview says so", async () => {
      const { run, write, whole, mine, organization } = await toOrganization();
      expect(await preview(run, "activation", whole, organization)).toBe("");
      expect(await preview(run, "project", mine, inProject())).toBe("");
      expect(run.said.text).toMatch(
        /warning: up may refuse this: required client CN=gateway .*Where the organization's set is to change in the same run, let this activation depend on that one/,
      );
      rig.calls();
      await expect(write({ ...mine, inputs: inProject() }, "project")).rejects.toThrow(
        /CN=gateway.*would be locked out of project .*\(dependsOn\), or run again$/,
      );
      expect(rig.writes()).toEqual([]);
      await write({ ...whole, inputs: organization }, "activation");
      await write({ ...mine, inputs: inProject() }, "project");
      expect(rig.active(project)).toEqual([]);
    });

    it("waits for a change of the organization's set that is under way", async () => {
      const { run, write, whole, mine, organization } = await toOrganization();
      await preview(run, "activation", whole, organization);
      await preview(run, "project", mine, inProject());
      rig.emulator.faults.add({ kind: "latency", ms: 200, match: { path: "/organization/certificates/activate" } });
      await Promise.all([
        write({ ...whole, inputs: organization }, "activation"),
        write({ ...mine, inputs: inProject() }, "project"),
      ]);
      expect(rig.active(project)).toEqual([]);
    });

    it("has the organization's anchor until its own set is filled, and preview says so", async () => {
      rig.organization.activate([ids.old]);
      const whole = await done(rig.run(), "activation", undefined, { certificateIds: [ids.old, ids.next] });
      const mine = await done(rig.run(), "project", undefined, inProject());
      const { run, write } = both();
      const organization = { certificateIds: [ids.next] };
      expect(await preview(run, "project", mine, inProject(ids.old))).toBe("");
      expect(await preview(run, "activation", whole, organization)).toBe("");
      expect(run.said.text).toMatch(
        /warning: up may refuse this, or lock the client out .* of project .*Where the project's set is to change/,
      );
      rig.calls();
      await expect(write({ ...whole, inputs: organization }, "activation")).rejects.toThrow(
        /CN=gateway.* of project .*would be locked out .*\(dependsOn\), or run again$/,
      );
      expect(rig.writes()).toEqual([]);
      await write({ ...mine, inputs: inProject(ids.old) }, "project");
      await write({ ...whole, inputs: organization }, "activation");
      expect(rig.active()).toEqual(["corp-2026"]);
    });
  });

  it("is not counted where only a refresh asks about it, because the program may have removed it", async () => {
    rig.organization.activate([ids.old]);
    const whole = await done(rig.run(), "activation", undefined, { certificateIds: [ids.old] });
    const mine = await done(rig.run(), "project", undefined, inProject());
    const run = rig.run();
    expect(await run.project.diff(mine.id, mine.outs, mine.inputs)).toEqual({ changes: false });
    expect(await preview(run, "activation", whole, { certificateIds: [ids.next] })).toBe("");
  });

  it.each(["organization", "project"])(
    "and what the organization's set becomes in the same run counts, the %s being asked first",
    async (first) => {
      rig.organization.activate([ids.old]);
      const mine = await done(rig.run(), "project", undefined, inProject(ids.old));
      const whole = await done(rig.run(), "activation", undefined, { certificateIds: [ids.old] });
      rig.calls();
      const run = rig.run();
      const organization = () => preview(run, "activation", whole, { certificateIds: [ids.next] });
      const emptied = () => preview(run, "project", mine, inProject());
      const [ok, refused] =
        first === "project" ? [await emptied(), await organization()] : [await organization(), await emptied()];
      expect(ok).toBe("");
      expect(refused).toMatch(new RegExp(`CN=gateway.*would be locked out of project ${project}`));
      expect(rig.writes()).toEqual([]);
    },
  );
});
