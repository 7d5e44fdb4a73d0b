import { Anchored, DEACTIVATE, LIST } from "./anchored";

describe("CertificateActivation", () => {
  const on = Anchored.perTest();

  describe("read", () => {
    it("answers the observed set as outputs and inputs, for one call", async () => {
      const { outs, inputs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.deactivate(on.some(1, 2));
      on.rig.organization.activate(on.some(9, 10));
      on.rig.calls();
      const observed = [on.ids[0], on.ids[2], on.ids[9]].sort();
      expect(await on.rig.run().activation.read("organization", outs)).toEqual({
        id: "organization",
        props: { ...outs, certificateIds: observed },
        inputs: { ...inputs, certificateIds: observed },
      });
      expect(on.rig.calls()).toEqual([LIST]);
    });

    it.each([
      ["without data", { kind: "page", page: "no_data" }],
      ["with has_more but no cursor", { kind: "page", page: "no_cursor" }],
      ["cut short", { kind: "truncate" }],
      ["HTML", { kind: "garbage" }],
    ] as const)("never takes an answer that is %s for an empty set", async (_, fault) => {
      const { outs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.emulator.faults.add({ ...fault, match: { times: Infinity } });
      await expect(on.rig.run().activation.read("organization", outs)).rejects.toThrow(
        /^GET \/organization\/certificates/,
      );
    });
  });

  describe("delete", () => {
    it("deactivates what it manages and is still live, and leaves the rest", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.deactivate(on.some(0, 1));
      on.rig.organization.activate(on.some(9, 10));
      on.rig.calls();
      await on.rig.run().activation.delete("organization", outs);
      expect(on.rig.calls()).toEqual([LIST, DEACTIVATE]);
      expect(on.live()).toEqual(on.some(9, 10));
    });

    it("says when it ends enforcement", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 1) });
      const run = on.rig.run();
      await run.activation.delete("organization", outs);
      expect(run.said.text).toMatch(/nothing is active in the organization any more: mTLS is not enforced/);
    });

    it("keeps what another activation took in the same run: a renamed resource writes nothing", async () => {
      const { outs, inputs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.calls();
      const run = on.rig.run();
      await on.create(inputs, run);
      await run.activation.delete("organization", outs);
      expect(on.rig.writes()).toEqual([]);
      expect(on.live()).toEqual(on.some(0, 3));
    });

    it("keeps it also in the run after a kill, when the renamed resource is in state already", async () => {
      const { outs, inputs } = await on.create({ certificateIds: on.some(0, 3) });
      const run = on.rig.run();
      await on.up({ outs, inputs }, inputs, run);
      await run.activation.delete("organization", outs);
      expect(on.live()).toEqual(on.some(0, 3));
    });

    it("never touches ignored anchors", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 2) });
      await on.rig.run().activation.delete("organization", { ...outs, ignoreCertificateIds: on.some(0, 1) });
      expect(on.live()).toEqual(on.some(0, 1));
    });
  });

  describe("ProjectCertificateActivation", () => {
    it("does the same on the project's endpoints and leaves the organization's set alone", async () => {
      const projectId = on.rig.organization.addProject({ name: "pilot" }).id;
      on.rig.organization.activate(on.some(20, 21));
      on.rig.calls();
      const { project } = on.rig.run();
      const { inputs, failures } = await project.check({}, { projectId, certificateIds: on.some(0, 2) });
      expect(failures).toEqual([]);
      const { id, outs } = await project.create(inputs);
      expect(id).toBe(projectId);
      expect(on.rig.calls()).toEqual([
        "GET /organization/projects/{project}/certificates",
        "POST /organization/projects/{project}/certificates/activate",
      ]);
      expect(on.rig.active(projectId)).toEqual(["anchor-0", "anchor-1"]);
      expect(on.rig.active()).toEqual(["anchor-20"]);
      expect(await on.rig.run().project.read(projectId, {})).toMatchObject({
        props: { projectId, certificateIds: outs["certificateIds"] },
      });
      await on.rig.run().project.delete(projectId, outs);
      expect(on.rig.active(projectId)).toEqual([]);
      expect(on.rig.active()).toEqual(["anchor-20"]);
    });

    it("is replaced for another project, and gone when the project is", async () => {
      const { project } = on.rig.run();
      expect(await project.diff("proj_a", { projectId: "proj_a" }, { projectId: "proj_b" })).toMatchObject({
        replaces: ["projectId"],
      });
      expect(await project.read("proj_gone", {})).toEqual({});
      expect((await project.check({}, { certificateIds: [] })).failures[0]?.reason).toMatch(/^projectId is required/);
    });
  });
});
