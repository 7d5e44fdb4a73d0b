import { UNKNOWN } from "../../../provider/unknown";
import type { Run } from "../../support/rig";
import { Guarded } from "./guarded";
import { done, type InState, preview, toggles } from "./planned";

/** The gateway needs the old anchor, or its renewal, which preview knows by its content alone. */
describe("requiredClients of a project, where the organization's set changes in the same run", () => {
  const on = Guarded.perTest();
  let { rig, ids } = on;
  let project: string;
  let renewed: string;
  beforeEach(async () => {
    ({ rig, ids } = on);
    project = rig.organization.addProject({ name: "pilot" }).id;
    renewed = (await on.old.renew()).certificate;
  });
  const inProject = (...certificateIds: string[]) => ({
    ...on.active(...certificateIds),
    projectId: project,
    allowEmpty: true,
  });
  const uploads = (certificate: string) => ({
    certificateIds: [UNKNOWN],
    certificateHints: [{ id: UNKNOWN, name: "new", certificate, isExact: true }],
  });
  const organizationHas = (...certificateIds: string[]) => done(rig.run(), "activation", undefined, { certificateIds });
  const projectHas = (...certificateIds: string[]) =>
    done(rig.run(), "project", undefined, inProject(...certificateIds));
  const update = (run: Run, kind: "activation" | "project", state: InState, inputs: object) =>
    run[kind].update(state.id, state.outs, { ...state.inputs, ...inputs });

  describe("and the project gives up its own", () => {
    it.each([
      ["has nothing in common with what is live", () => [ids.old]],
      ["is to be empty", () => []],
    ])("counts on no plan that is not carried out yet, also where it %s", async (_, planned) => {
      const whole = await organizationHas(ids.next);
      const mine = await projectHas(ids.old);
      const organization = { certificateIds: planned(), allowEmpty: true };
      const run = rig.run();
      expect(await preview(run, "activation", whole, organization)).toBe("");
      expect(await preview(run, "project", mine, inProject())).toBe("");
      expect(run.said.text).toMatch(/warning: up may refuse this: required client CN=gateway .*\(dependsOn\)/);
      rig.calls();
      await expect(update(run, "project", mine, inProject())).rejects.toThrow(/CN=gateway.*would be locked out/);
      expect(rig.writes()).toEqual([]);
      await update(run, "activation", whole, organization);
      await update(run, "project", mine, inProject());
      expect(rig.active(project)).toEqual([]);
    });

    it("goes through where it depends on the organization's, which uploads the anchor that its client needs", async () => {
      const whole = await organizationHas(ids.next);
      const mine = await projectHas(ids.old);
      const run = rig.run();
      expect(await preview(run, "activation", whole, uploads(renewed))).toBe("");
      expect(await preview(run, "project", mine, inProject())).toBe("");
      expect(run.said.text).toMatch(/warning: up may refuse this: required client CN=gateway/);
    });

    it.each(["an id", "the whole list"])(
      "is not refused where %s of the organization's is not known yet",
      async (what) => {
        const whole = await organizationHas(ids.next);
        const mine = await projectHas(ids.old);
        const run = rig.run();
        const certificateIds = what === "an id" ? [UNKNOWN] : UNKNOWN;
        expect(await preview(run, "activation", whole, { certificateIds })).toBe("");
        expect(await preview(run, "project", mine, inProject())).toBe("");
        expect(run.said.text).toMatch(/warning: up may refuse this: required client CN=gateway/);
      },
    );
  });

  describe("and the project has none", () => {
    it("refuses in preview an upload of the organization's set that takes the place of the anchor that they need", async () => {
      const whole = await organizationHas(ids.old);
      const mine = await projectHas();
      const run = rig.run();
      expect(await preview(run, "activation", whole, uploads(on.next.certificate))).toBe("");
      expect(await preview(run, "project", mine, inProject())).toMatch(
        new RegExp(
          `CN=gateway.*would be locked out of project ${project}: .*${ids.old} "corp-2024", which the organization's`,
        ),
      );
    });

    it.each(["an id", "the whole list"])(
      "says that they could not be checked where %s is not known yet",
      async (what) => {
        const whole = await organizationHas(ids.old);
        const mine = await projectHas();
        const certificateIds = what === "an id" ? [UNKNOWN] : UNKNOWN;
        const first = rig.run();
        expect(await preview(first, "activation", whole, { certificateIds })).toBe("");
        expect(await preview(first, "project", mine, inProject())).toBe("");
        expect(first.said.text).toMatch(
          /warning: not all requiredClients could be checked for project .* List them in requiredClients of the organization's activation as well/,
        );
        const last = rig.run();
        expect(await preview(last, "project", mine, inProject())).toBe("");
        expect(await preview(last, "activation", whole, { certificateIds })).toBe("");
        expect(last.said.text).toMatch(/not all requiredClients could be checked|and checks requiredClients/);
      },
    );
  });

  describe("and the project gets its first", () => {
    const fromBothToNext = async () => {
      const whole = await organizationHas(ids.old, ids.next);
      return { run: rig.run(), whole, organization: { certificateIds: [ids.next] } };
    };

    it("refuses in preview that the organization's goes first, because the project's waits for an upload", async () => {
      const { run, whole, organization } = await fromBothToNext();
      expect(await preview(run, "activation", whole, organization)).toBe("");
      expect(await preview(run, "project", undefined, { ...inProject(), ...uploads(renewed) })).toMatch(
        /CN=gateway.*would be locked out of project .* until this activation has filled .*Let the organization's activation depend on this one \(dependsOn\)$/,
      );
    });

    it("refuses it as well where the organization's set is the first one", async () => {
      const run = rig.run();
      expect(await preview(run, "activation", undefined, { certificateIds: [ids.next] })).toBe("");
      expect(await preview(run, "project", undefined, { ...inProject(), ...uploads(renewed) })).toMatch(
        /CN=gateway.*would be locked out of project .* until this activation has filled/,
      );
    });

    it("refuses it as well where what the project gets is not known at all", async () => {
      for (const certificateIds of [[UNKNOWN], UNKNOWN]) {
        const { run, whole, organization } = await fromBothToNext();
        expect(await preview(run, "activation", whole, organization)).toBe("");
        const mine = { ...inProject(), certificateIds };
        expect(await preview(run, "project", undefined, mine)).toMatch(/until this activation has filled/);
      }
    });

    it("warns where either may go first, and never keeps the project's from being filled", async () => {
      const { run, whole, organization } = await fromBothToNext();
      expect(await preview(run, "activation", whole, organization)).toBe("");
      const { inputs } = await run.project.check({}, inProject(ids.old));
      expect(run.said.text).toMatch(
        /warning: if the organization's activation goes first, required client CN=gateway .* would be locked out/,
      );
      rig.calls();
      await expect(update(run, "activation", whole, organization)).rejects.toThrow(
        /CN=gateway.* of project .*locked out/,
      );
      await run.project.create(inputs);
      await update(run, "activation", whole, organization);
      expect(toggles(rig)).toEqual(["+ corp-2024", "- corp-2024"]);
    });

    it("warns of it in the other order of the checks too, which is also that of dependsOn", async () => {
      for (const certificateIds of [[UNKNOWN], UNKNOWN]) {
        const { run, whole, organization } = await fromBothToNext();
        expect(await preview(run, "project", undefined, { ...inProject(), certificateIds })).toBe("");
        expect(await preview(run, "activation", whole, organization)).toBe("");
        expect(run.said.text).toMatch(
          /warning: up may refuse this, or lock the client out until the project's set is filled: required client CN=gateway/,
        );
      }
    });

    it("fetches no anchor where the organization's set loses nothing", async () => {
      const whole = await organizationHas(ids.old);
      const run = rig.run();
      await preview(run, "activation", whole, { certificateIds: [ids.old, ids.other] });
      rig.calls();
      await preview(run, "project", undefined, { ...inProject(), ...uploads(renewed) });
      expect(rig.calls()).not.toContain("GET /organization/certificates/{id}");
    });
  });
});
