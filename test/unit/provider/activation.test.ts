import { createAuthority } from "../../../emulator";
import { PartialFailure } from "../../../provider/errors";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig, type Run } from "../../support/rig";

const ACTIVATE = "POST /organization/certificates/activate";
const DEACTIVATE = "POST /organization/certificates/deactivate";
const LIST = "GET /organization/certificates";

describe("CertificateActivation", () => {
  let rig: Rig;
  let ids: string[];
  beforeEach(async () => {
    rig = await Rig.start();
    ids = realAnchors(25).map((certificate, index) =>
      rig.organization.upload({ name: `anchor-${index}`, certificate }),
    );
  });
  afterEach(() => rig.close());

  const some = (from: number, to: number) => ids.slice(from, to);
  const live = () =>
    rig.organization
      .certificates()
      .filter(({ active }) => active)
      .map(({ id }) => id);

  async function create(news: Record<string, unknown>, run: Run = rig.run()) {
    const checked = await run.activation.check({}, news);
    expect(checked.failures).toEqual([]);
    const created = await run.activation.create(checked.inputs);
    return { ...created, inputs: checked.inputs };
  }

  /** What the engine does in `up` with a resource that is in state. */
  async function up(
    state: { outs: Record<string, unknown>; inputs: Record<string, unknown> },
    news: Record<string, unknown>,
    run = rig.run(),
  ) {
    const checked = await run.activation.check(state.inputs, news);
    if (checked.failures.length > 0) {
      return { refused: checked.failures.map(({ reason }) => reason).join("\n"), ...state, said: run.said.text };
    }
    const diff = await run.activation.diff("organization", state.outs, checked.inputs);
    const outs = diff.changes
      ? (await run.activation.update("organization", state.outs, checked.inputs)).outs
      : state.outs;
    return { refused: undefined, changed: diff.changes, outs, inputs: checked.inputs, said: run.said.text };
  }

  const refusedBy = async (news: Record<string, unknown>, run = rig.run()) =>
    (await run.activation.check({}, news)).failures.map(({ reason }) => reason).join("\n");

  describe("check", () => {
    it("refuses wrong types, each by its property, and sends nothing", async () => {
      const reasons = await refusedBy({
        certificateIds: [1],
        exclusive: "yes",
        ignoreCertificateIds: "x",
        takeOver: 1,
        allowEmpty: null,
        requiredClients: [""],
        organization: "",
      });
      for (const property of [
        "certificateIds",
        "exclusive",
        "ignoreCertificateIds",
        "takeOver",
        "allowEmpty",
        "requiredClients",
        "organization",
      ]) {
        expect(reasons).toMatch(new RegExp(`^${property} `, "m"));
      }
      expect(await refusedBy({})).toMatch(/^certificateIds is required/);
      expect(rig.calls()).toEqual([]);
    });

    it("refuses an id that is both wanted and ignored", async () => {
      expect(await refusedBy({ certificateIds: some(0, 2), ignoreCertificateIds: some(1, 3) })).toContain(
        `${ids[1]} cannot be in certificateIds and in ignoreCertificateIds`,
      );
    });

    it("refuses an id that the organization does not have, after a second look", async () => {
      expect(await refusedBy({ certificateIds: ["cert_gone"] })).toMatch(
        /names cert_gone, which the organization does not have/,
      );
      expect(rig.calls()).toEqual([LIST, LIST]);
    });

    it("lets unknown values pass, as a whole and inside lists", async () => {
      expect(await refusedBy({ certificateIds: UNKNOWN })).toBe("");
      expect(await refusedBy({ certificateIds: [UNKNOWN, ids[0]], exclusive: UNKNOWN, organization: UNKNOWN })).toBe(
        "",
      );
    });

    it("takes order and repetition for nothing", async () => {
      const { activation } = rig.run();
      const one = await activation.check({}, { certificateIds: [ids[2], ids[0], ids[2]] });
      const other = await activation.check({}, { certificateIds: [ids[0], ids[2]] });
      expect(one.inputs).toEqual(other.inputs);
    });
  });

  describe("create", () => {
    it("activates in calls of ten and answers what is active", async () => {
      const { id, outs } = await create({ certificateIds: ids });
      expect(id).toBe("organization");
      expect(outs["certificateIds"]).toEqual([...ids].sort());
      expect(rig.calls()).toEqual([LIST, ACTIVATE, ACTIVATE, ACTIVATE]);
      expect(live()).toHaveLength(25);
    });

    it("writes nothing when the set is as wanted already", async () => {
      rig.organization.activate(some(0, 3));
      await create({ certificateIds: some(0, 3) });
      expect(rig.writes()).toEqual([]);
    });

    it("refuses to deactivate unlisted live anchors, naming each and three ways on, and writes nothing", async () => {
      rig.organization.activate(some(0, 2));
      const refused = await refusedBy({ certificateIds: some(5, 6) });
      for (const id of some(0, 2)) {
        expect(refused).toMatch(new RegExp(`${id} "anchor-\\d" \\(expires \\d{4}-\\d\\d-\\d\\d\\)`));
      }
      expect(refused).toMatch(/certificateIds.*ignoreCertificateIds.*takeOver: true/);
      await expect(rig.run().activation.create({ certificateIds: some(5, 6) })).rejects.toThrow(
        /would deactivate 2 anchors/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it.each([
      ["listed", () => ({ certificateIds: some(0, 6) }), () => some(0, 6)],
      [
        "ignored",
        () => ({ certificateIds: some(5, 6), ignoreCertificateIds: some(0, 2) }),
        () => [...some(0, 2), ...some(5, 6)],
      ],
      ["taken over", () => ({ certificateIds: some(5, 6), takeOver: true }), () => some(5, 6)],
      [
        "left alone by exclusive: false",
        () => ({ certificateIds: some(5, 6), exclusive: false }),
        () => [...some(0, 2), ...some(5, 6)],
      ],
    ])("goes on when they are %s", async (_, inputs, expected) => {
      rig.organization.activate(some(0, 2));
      await create(inputs());
      expect(live()).toEqual(expected());
    });

    it("activates before it deactivates", async () => {
      rig.organization.activate(some(0, 2));
      await create({ certificateIds: some(5, 6), takeOver: true });
      expect(rig.writes()).toEqual([ACTIVATE, DEACTIVATE]);
    });

    it("lists no output of what others manage: additive and ignored anchors stay out of it", async () => {
      rig.organization.activate(some(0, 2));
      expect((await create({ certificateIds: some(5, 6), exclusive: false })).outs["certificateIds"]).toEqual(
        some(5, 6),
      );
      const { outs } = await create({ certificateIds: some(5, 6), ignoreCertificateIds: some(0, 2) });
      expect(outs["certificateIds"]).toEqual(some(5, 6));
    });

    it("accepts the toggle's older answer, a plain list object", async () => {
      await rig.close();
      rig = await Rig.start({ legacyToggleShape: true });
      const id = rig.organization.upload({ name: "a", certificate: realAnchors(1)[0] ?? "" });
      await create({ certificateIds: [id] });
      expect(rig.calls()).toEqual([LIST, ACTIVATE]);
    });

    it("reads the list again when an answer does not confirm what was asked, and fails when that does not either", async () => {
      rig.emulator.faults.add({ kind: "body", change: () => ({ data: [] }), match: { path: /\/activate$/ } });
      await create({ certificateIds: some(0, 1) });
      expect(rig.calls()).toEqual([LIST, ACTIVATE, LIST]);
      const lie = (body: unknown) => {
        const page = body as { data: { active: boolean }[] };
        return { ...page, data: page.data.map((item) => ({ ...item, active: false })) };
      };
      rig.emulator.faults.add({ kind: "body", change: lie, match: { path: /\/activate$/ } });
      rig.emulator.faults.add({ kind: "body", change: lie, match: { method: "GET", skip: 1 } });
      const failed = rig.run().activation.create({ certificateIds: some(0, 2) });
      await expect(failed).rejects.toThrow(new RegExp(`${ids[0]} is not active|${ids[1]} is not active`));
    });
  });

  describe("update", () => {
    it("deactivates what another hand activated when exclusive, and never deletes it", async () => {
      const state = await create({ certificateIds: some(0, 3) });
      rig.organization.activate(some(7, 8));
      rig.calls();
      const { outs, said } = await up(state, { certificateIds: some(0, 3) });
      expect(rig.calls()).toEqual([LIST, DEACTIVATE]);
      expect(live()).toEqual(some(0, 3));
      expect(outs["certificateIds"]).toEqual(some(0, 3).sort());
      expect(said).toMatch(new RegExp(`- deactivate ${ids[7]} "anchor-7".*not activated by this resource`));
    });

    it("repairs a tampered set in a plain up, and a run that has nothing to do is one call", async () => {
      const state = await create({ certificateIds: some(0, 3) });
      rig.organization.deactivate(some(1, 2));
      rig.calls();
      expect(await up(state, { certificateIds: some(0, 3) })).toMatchObject({ changed: true });
      expect(rig.calls()).toEqual([LIST, ACTIVATE]);
      expect(await up(state, { certificateIds: some(0, 3) })).toMatchObject({ changed: false, said: "" });
      expect(rig.calls()).toEqual([LIST]);
    });

    it("additive: activates what it gains, deactivates what it drops, and leaves others alone", async () => {
      rig.organization.activate(some(20, 22));
      const state = await create({ certificateIds: some(0, 3), exclusive: false });
      await up(state, { certificateIds: some(1, 5), exclusive: false });
      expect(live()).toEqual([...some(1, 5), ...some(20, 22)]);
    });

    it("additive: does not drop what another activation of the run wants", async () => {
      const state = await create({ certificateIds: some(0, 3), exclusive: false });
      const run = rig.run();
      await create({ certificateIds: some(0, 1), exclusive: false }, run);
      await up(state, { certificateIds: some(1, 3), exclusive: false }, run);
      expect(live()).toEqual(some(0, 3));
    });

    it("refuses to end enforcement without allowEmpty, naming what would go, and does it with allowEmpty", async () => {
      const state = await create({ certificateIds: some(0, 2) });
      rig.calls();
      const { refused } = await up(state, { certificateIds: [] });
      expect(refused).toMatch(/nothing would be active in the organization/);
      expect(refused).toContain(`${ids[1]} "anchor-1"`);
      expect(refused).toMatch(/allowEmpty: true/);
      expect(rig.writes()).toEqual([]);
      const { said } = await up(state, { certificateIds: [], allowEmpty: true });
      expect(said).toMatch(/enforcement turns OFF/);
      expect(live()).toEqual([]);
    });

    it("asks for takeOver when it becomes exclusive over others' anchors", async () => {
      rig.organization.activate(some(20, 22));
      const state = await create({ certificateIds: some(0, 3), exclusive: false });
      expect((await up(state, { certificateIds: some(0, 3) })).refused).toMatch(/would deactivate 2 anchors/);
      await up(state, { certificateIds: some(0, 3), takeOver: true });
      expect(live()).toEqual(some(0, 3));
    });

    it("takes everything live for foreign when none of its own certificates exists: the key may be another organization's", async () => {
      const state = await create({ certificateIds: some(0, 3) });
      for (const id of some(0, 3)) {
        rig.organization.remove(id);
      }
      rig.organization.activate(some(20, 22));
      expect((await up(state, { certificateIds: some(5, 7) })).refused).toMatch(/would deactivate 2 anchors/);
    });

    it("keeps what was done when it stops half way, with every input in it", async () => {
      const state = await create({ certificateIds: some(20, 21) });
      rig.emulator.faults.add({ kind: "status", status: 403, message: "no", match: { path: /\/activate$/, skip: 1 } });
      const news = { ...state.inputs, certificateIds: some(0, 15), __provider: "bytes" };
      const failed = await rig
        .run()
        .activation.update("organization", state.outs, news)
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(PartialFailure);
      expect(failed).toMatchObject({ id: "organization", properties: { ...news, certificateIds: [...live()].sort() } });
      expect(live()).toHaveLength(11);
      expect((failed as PartialFailure).reasons.join()).toMatch(/403/);
    });

    it("does not stop a refresh, whose diff asks about a certificate that was deleted outside of Pulumi", async () => {
      const { outs, inputs } = await create({ certificateIds: some(0, 3) });
      rig.organization.remove(ids[1] ?? "");
      expect(await rig.run().activation.diff("organization", outs, inputs)).toEqual({ changes: true });
      expect(await refusedBy(inputs)).toMatch(/which the organization does not have/);
    });

    it("a change of options alone writes nothing", async () => {
      const state = await create({ certificateIds: some(0, 2), takeOver: true });
      rig.calls();
      expect(await up(state, { certificateIds: some(0, 2) })).toMatchObject({ changed: true });
      expect(rig.writes()).toEqual([]);
    });
  });

  describe("preview", () => {
    it("prints the plan, with enforcement turning on, and nothing where there is nothing to do", async () => {
      const run = rig.run();
      await run.activation.check({}, { certificateIds: some(0, 1) });
      expect(run.said.lines).toEqual([
        expect.stringMatching(
          new RegExp(
            `^active set of the organization:\n  \\+ activate ${ids[0]} "anchor-0" \\(expires .*\\)\n  mTLS enforcement turns ON`,
          ),
        ),
      ]);
      rig.organization.activate(some(0, 1));
      const again = rig.run();
      await again.activation.check({}, { certificateIds: some(0, 1) });
      expect(again.said.lines).toEqual([]);
    });

    it("names the certificates that are still to be created", async () => {
      const run = rig.run();
      const { certificate } = await createAuthority();
      await run.certificate.check({}, { certificate, name: "new-root" });
      await run.activation.check({}, { certificateIds: [UNKNOWN] });
      expect(run.said.text).toMatch(/\+ activate "new-root" \(to be created, expires /);
    });

    it("warns when the last anchor of the set expires within 30 days", async () => {
      const soon = await createAuthority({ notAfter: new Date(Date.now() + 20 * 24 * 60 * 60 * 1000) });
      const id = rig.organization.upload({ name: "soon", certificate: soon.certificate });
      const run = rig.run();
      await run.activation.check({}, { certificateIds: [id] });
      expect(run.said.text).toMatch(
        /warning: the last anchor of this set expires on \d{4}-\d\d-\d\d; then every client is refused/,
      );
    });

    it("refuses over foreign live anchors although its own ids are unknown, as the uploads explain them", async () => {
      rig.organization.activate(some(0, 2));
      const run = rig.run();
      const { certificate } = await createAuthority();
      await run.certificate.check({}, { certificate, name: "new-root" });
      expect(await refusedBy({ certificateIds: [UNKNOWN] }, run)).toMatch(/would deactivate 2 anchors/);
    });

    it("does not refuse over live anchors that certificates of the same program adopt", async () => {
      rig.organization.activate(some(0, 2));
      const run = rig.run();
      const anchors = realAnchors(2);
      await run.certificate.check({}, { certificate: anchors[0], name: "a", adopt: ids[0] });
      await run.certificate.check({}, { certificate: anchors[1], name: "b", adopt: true });
      expect(await refusedBy({ certificateIds: [UNKNOWN, UNKNOWN] }, run)).toBe("");
    });

    it("does not refuse where unknown ids from elsewhere may be the live ones", async () => {
      rig.organization.activate(some(0, 2));
      expect(await refusedBy({ certificateIds: [UNKNOWN, UNKNOWN] })).toBe("");
      expect(await refusedBy({ certificateIds: [UNKNOWN] })).toMatch(/would deactivate/);
    });
  });

  describe("read", () => {
    it("answers the observed set as outputs and inputs, for one call", async () => {
      const { outs, inputs } = await create({ certificateIds: some(0, 3) });
      rig.organization.deactivate(some(1, 2));
      rig.organization.activate(some(9, 10));
      rig.calls();
      const observed = [ids[0], ids[2], ids[9]].sort();
      expect(await rig.run().activation.read("organization", outs)).toEqual({
        id: "organization",
        props: { ...outs, certificateIds: observed },
        inputs: { ...inputs, certificateIds: observed },
      });
      expect(rig.calls()).toEqual([LIST]);
    });

    it.each([
      ["without data", { kind: "page", page: "no_data" }],
      ["with has_more but no cursor", { kind: "page", page: "no_cursor" }],
      ["cut short", { kind: "truncate" }],
      ["HTML", { kind: "garbage" }],
    ] as const)("never takes an answer that is %s for an empty set", async (_, fault) => {
      const { outs } = await create({ certificateIds: some(0, 3) });
      rig.emulator.faults.add({ ...fault, match: { times: Infinity } });
      await expect(rig.run().activation.read("organization", outs)).rejects.toThrow(
        /^GET \/organization\/certificates/,
      );
    });
  });

  describe("delete", () => {
    it("deactivates what it manages and is still live, and leaves the rest", async () => {
      const { outs } = await create({ certificateIds: some(0, 3) });
      rig.organization.deactivate(some(0, 1));
      rig.organization.activate(some(9, 10));
      rig.calls();
      await rig.run().activation.delete("organization", outs);
      expect(rig.calls()).toEqual([LIST, DEACTIVATE]);
      expect(live()).toEqual(some(9, 10));
    });

    it("says when it ends enforcement", async () => {
      const { outs } = await create({ certificateIds: some(0, 1) });
      const run = rig.run();
      await run.activation.delete("organization", outs);
      expect(run.said.text).toMatch(/nothing is active in the organization any more: mTLS is not enforced/);
    });

    it("keeps what another activation took in the same run: a renamed resource writes nothing", async () => {
      const { outs, inputs } = await create({ certificateIds: some(0, 3) });
      rig.calls();
      const run = rig.run();
      await create(inputs, run);
      await run.activation.delete("organization", outs);
      expect(rig.writes()).toEqual([]);
      expect(live()).toEqual(some(0, 3));
    });

    it("keeps it also in the run after a kill, when the renamed resource is in state already", async () => {
      const { outs, inputs } = await create({ certificateIds: some(0, 3) });
      const run = rig.run();
      await up({ outs, inputs }, inputs, run);
      await run.activation.delete("organization", outs);
      expect(live()).toEqual(some(0, 3));
    });

    it("never touches ignored anchors", async () => {
      const { outs } = await create({ certificateIds: some(0, 2) });
      await rig.run().activation.delete("organization", { ...outs, ignoreCertificateIds: some(0, 1) });
      expect(live()).toEqual(some(0, 1));
    });
  });

  describe("ProjectCertificateActivation", () => {
    it("does the same on the project's endpoints and leaves the organization's set alone", async () => {
      const projectId = rig.organization.addProject({ name: "pilot" }).id;
      rig.organization.activate(some(20, 21));
      rig.calls();
      const { project } = rig.run();
      const { inputs, failures } = await project.check({}, { projectId, certificateIds: some(0, 2) });
      expect(failures).toEqual([]);
      const { id, outs } = await project.create(inputs);
      expect(id).toBe(projectId);
      expect(rig.calls()).toEqual([
        "GET /organization/projects/{project}/certificates",
        "POST /organization/projects/{project}/certificates/activate",
      ]);
      expect(rig.active(projectId)).toEqual(["anchor-0", "anchor-1"]);
      expect(rig.active()).toEqual(["anchor-20"]);
      expect(await rig.run().project.read(projectId, {})).toMatchObject({
        props: { projectId, certificateIds: outs["certificateIds"] },
      });
      await rig.run().project.delete(projectId, outs);
      expect(rig.active(projectId)).toEqual([]);
      expect(rig.active()).toEqual(["anchor-20"]);
    });

    it("is replaced for another project, and gone when the project is", async () => {
      const { project } = rig.run();
      expect(await project.diff("proj_a", { projectId: "proj_a" }, { projectId: "proj_b" })).toMatchObject({
        replaces: ["projectId"],
      });
      expect(await project.read("proj_gone", {})).toEqual({});
      expect((await project.check({}, { certificateIds: [] })).failures[0]?.reason).toMatch(/^projectId is required/);
    });
  });
});
