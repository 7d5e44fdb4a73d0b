import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { Anchored, DEACTIVATE, LIST } from "./anchored";

describe("CertificateActivation", () => {
  const on = Anchored.perTest();

  describe("read", () => {
    it("answers the observed set as outputs and what the program listed as inputs, for one call", async () => {
      const { outs, inputs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.deactivate(on.some(1, 2));
      on.rig.organization.activate(on.some(9, 10));
      on.rig.calls();
      const observed = [on.ids[0], on.ids[2], on.ids[9]].sort();
      expect(await on.rig.run().activation.read("organization", outs)).toEqual({
        id: "organization",
        props: { ...outs, certificateIds: observed, listedCertificateIds: on.some(0, 3) },
        inputs,
      });
      expect(on.rig.calls()).toEqual([LIST]);
    });

    it("is corrected by the next up where somebody has put the set right since a refresh, without a write", async () => {
      const state = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.deactivate(on.some(0, 1));
      const { props: outs = {}, inputs = {} } = await on.rig.run().activation.read("organization", state.outs);
      on.rig.organization.activate(on.some(0, 1));
      on.rig.calls();
      const after = await on.up({ outs, inputs }, inputs);
      expect(after).toMatchObject({ changed: true, outs: { certificateIds: on.some(0, 3).sort() } });
      expect(after.said).toBe(
        "active set of the organization: as declared; what state says of it is out of date, and is corrected",
      );
      expect(await on.up(after, inputs)).toMatchObject({ changed: false, said: "" });
      expect(on.rig.writes()).toEqual([]);
    });

    it("keeps a set that is empty on purpose, whatever others activate in it", async () => {
      const state = await on.create({ certificateIds: [], allowEmpty: true });
      on.rig.organization.activate(on.some(9, 10));
      const { props = {}, inputs = {} } = await on.rig.run().activation.read("organization", state.outs);
      expect(props).toMatchObject({ certificateIds: on.some(9, 10), listedCertificateIds: [] });
      await on.up({ outs: props, inputs }, { certificateIds: [], allowEmpty: true });
      expect(on.live()).toEqual([]);
    });

    it("reads the live set from the id alone, for an import, and refuses other ids", async () => {
      on.rig.organization.activate(on.some(3, 5));
      expect(await on.rig.run().activation.read("organization", {})).toMatchObject({
        inputs: { certificateIds: on.some(3, 5).sort() },
      });
      await expect(on.rig.run().activation.read("wrongid", {})).rejects.toThrow(
        /"wrongid" is not the id of an organization's active set/,
      );
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
    it("writes nothing, whatever is active, and says what stays", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 2) });
      on.rig.organization.activate(on.some(9, 10));
      on.rig.calls();
      const run = on.rig.run();
      await run.activation.delete("organization", outs);
      expect(on.rig.calls()).toEqual([LIST]);
      expect(run.said.text).toContain("the active set of the organization stays as it is without its activation: ");
      expect(run.said.text).toContain(`${on.ids[0]} "anchor-0"`);
      expect(on.live()).toEqual([...on.some(0, 2), ...on.some(9, 10)]);
    });

    it("says a way to deactivate what stays that the next runs take without a refusal", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 2) });
      const run = on.rig.run();
      await run.activation.delete("organization", outs);
      expect(run.said.text).toMatch(
        /declare the activation again as it was .*, then take them out .* allowEmpty: true/,
      );
      const again = await on.create({ certificateIds: on.some(0, 2) });
      await on.up(again, { certificateIds: [], allowEmpty: true });
      expect(on.live()).toEqual([]);
    });

    it("names what a run before could not deactivate, and no more than that", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 2), exclusive: false });
      on.rig.organization.activate(on.some(9, 10));
      const state = { ...outs, certificateIds: on.some(1, 2), listedCertificateIds: [on.ids[1], on.ids[0]] };
      const run = on.rig.run();
      await run.activation.delete("organization", state);
      expect(run.said.text).toContain(`${on.ids[0]} "anchor-0"`);
      expect(run.said.text).not.toContain(on.ids[9]);
    });

    it("says nothing of the set of a project that is gone", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 1) });
      const run = on.rig.run();
      await run.project.delete("proj_gone", { ...outs, projectId: "proj_gone" });
      expect(run.said.text).toBe("");
    });

    it("writes nothing also where the list cannot be had, and names what state has observed", async () => {
      const { outs } = await on.create({ certificateIds: on.some(0, 2) });
      on.rig.emulator.faults.add({ kind: "status", status: 401, match: { times: Infinity } });
      const run = on.rig.run();
      await run.activation.delete("organization", outs);
      expect(run.said.text).toContain([...on.some(0, 2)].sort().join(", "));
    });

    describe("with deactivateOnDelete in its state", () => {
      const told = { deactivateOnDelete: true };

      it("deactivates what was listed and is still live, and leaves what others activated, also after a refresh", async () => {
        const state = await on.create({ certificateIds: on.some(0, 3), ...told });
        on.rig.organization.deactivate(on.some(0, 1));
        on.rig.organization.activate(on.some(9, 10));
        const { props = {} } = await on.rig.run().activation.read("organization", state.outs);
        on.rig.calls();
        await on.rig.run().activation.delete("organization", props);
        expect(on.rig.calls()).toEqual([LIST, DEACTIVATE]);
        expect(on.live()).toEqual(on.some(9, 10));
      });

      it("says when it ends enforcement", async () => {
        const { outs } = await on.create({ certificateIds: on.some(0, 1), ...told });
        const run = on.rig.run();
        await run.activation.delete("organization", outs);
        expect(run.said.text).toMatch(/nothing is active in the organization any more: mTLS is not enforced/);
      });

      it("never touches ignored anchors", async () => {
        const { outs } = await on.create({ certificateIds: on.some(0, 2), ...told });
        await on.rig.run().activation.delete("organization", { ...outs, ignoreCertificateIds: on.some(0, 1) });
        expect(on.live()).toEqual(on.some(0, 1));
      });

      it("ends well where the project is gone, and with it its set", async () => {
        const { outs } = await on.create({ certificateIds: on.some(0, 1) });
        await on.rig.run().project.delete("proj_gone", { ...outs, projectId: "proj_gone", ...told });
        expect(on.live()).toEqual(on.some(0, 1));
      });

      it("asks no required client, so that a destroy never hangs on one", async () => {
        const { certificate, client } = await createAuthority();
        const id = on.rig.organization.upload({ name: "clients", certificate });
        const { chain } = await client();
        const { outs } = await on.create({ certificateIds: [id], requiredClients: [chain], ...told });
        await on.rig.run().activation.delete("organization", outs);
        expect(on.live()).toEqual([]);
      });
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
      expect(on.rig.active(projectId)).toEqual(["anchor-0", "anchor-1"]);
      await on.rig.run().project.delete(projectId, { ...outs, deactivateOnDelete: true });
      expect(on.rig.active(projectId)).toEqual([]);
      expect(on.rig.active()).toEqual(["anchor-20"]);
    });

    it("names no ignored anchor among those that a move to another project takes away, where state says deactivateOnDelete", async () => {
      const [from, to] = ["old", "new"].map((name) => on.rig.organization.addProject({ name }).id);
      const told = { projectId: from, certificateIds: on.some(0, 2), deactivateOnDelete: true };
      const { inputs: olds } = await on.rig.run().project.check({}, told);
      const { id, outs } = await on.rig.run().project.create(olds);
      const state = { ...outs, ignoreCertificateIds: on.some(0, 1) };
      const run = on.rig.run();
      const { inputs } = await run.project.check(olds, { projectId: to, certificateIds: on.some(0, 2) });
      await run.project.diff(id, state, inputs);
      expect(run.said.text).toMatch(
        new RegExp(
          `warning: deactivateOnDelete was set by an earlier run: this replacement deactivates ${on.ids[1]} in project ${from},`,
        ),
      );
    });

    it("is replaced for another project, and forgotten when the project is certainly gone", async () => {
      const { project } = on.rig.run();
      expect(await project.diff("proj_a", { projectId: "proj_a" }, { projectId: "proj_b" })).toMatchObject({
        replaces: ["projectId"],
      });
      expect(await project.diff("proj_a", { projectId: "proj_a" }, { projectId: UNKNOWN })).toEqual({ changes: true });
      await expect(project.read("proj_gone", {})).rejects.toThrow(
        /the organization has no project proj_gone\. Is the id right/,
      );
      const { outs } = await on.create({ certificateIds: on.some(0, 1) });
      const state = { ...outs, projectId: "proj_gone" };
      expect(await on.rig.run().project.read("proj_gone", state)).toEqual({});
      const unproved = { ...state, organizationId: undefined };
      expect(await on.rig.run().project.read("proj_gone", unproved)).toMatchObject({ id: "proj_gone" });
      expect((await project.check({}, { certificateIds: [] })).failures[0]?.reason).toMatch(/^projectId is required/);
    });
  });
});
