import { type Authority, createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { Rig } from "../../support/rig";
import { done, type InState, preview, toggles } from "./planned";

const EXPRESSION = 'subject.organization == "Example"';

describe("a certificate with a CEL filter that a person has to attach", () => {
  let rig: Rig;
  let authority: Authority;
  let old: string;
  let set: InState;

  beforeEach(async () => {
    rig = await Rig.start();
    [authority] = await Promise.all([createAuthority({ commonName: "Filtered Root" })]);
    const before = await createAuthority({ commonName: "Old Root" });
    old = rig.organization.upload({ name: "old", certificate: before.certificate });
    set = await done(rig.run(), "activation", undefined, { certificateIds: [old] });
    rig.calls();
  });
  afterEach(() => rig.close());

  const filtered = (attachedTo?: string) => ({
    certificate: authority.certificate,
    name: "filtered",
    celFilter: { expression: EXPRESSION, ...(attachedTo === undefined ? {} : { attachedTo }) },
  });
  const refusal = async (olds: Record<string, unknown>, news: Record<string, unknown>) =>
    (await rig.run().certificate.check(olds, news)).failures.map(({ reason }) => reason).join("\n");

  /** Uploads it as the program declares it, in the run that is given. */
  async function upload(run = rig.run()) {
    const { inputs } = await run.certificate.check({}, filtered());
    return { inputs, ...(await run.certificate.create(inputs)) };
  }

  it("is refused with an expression that is not CEL, or not a condition", async () => {
    for (const expression of ["subject.organization ==", '"text"', "1 + 1"]) {
      const news = { ...filtered(), celFilter: { expression } };
      expect(await refusal({}, news)).toMatch(/^celFilter\.expression /);
    }
    expect(await refusal({}, { ...filtered(), celFilter: { attachedTo: "cert_a" } })).toMatch(/^celFilter must be/);
    expect(await refusal({}, filtered())).toBe("");
  });

  it("cannot be replaced in place, but is uploaded again after it was deleted by hand", async () => {
    const { id, inputs, outs } = await upload();
    const other = await createAuthority();
    expect(await refusal(inputs, { ...filtered(), certificate: other.certificate })).toMatch(
      /replacing the certificate of "filtered" in place would lose its CEL filter/,
    );
    rig.organization.remove(id);
    const run = rig.run();
    expect((await run.certificate.check(inputs, inputs)).failures).toEqual([]);
    expect(await run.certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
  });

  it("says of a replacement without celFilter that a filter in the dashboard is not carried over", async () => {
    const [one, other] = await Promise.all([createAuthority(), createAuthority()]);
    const run = rig.run();
    await run.certificate.check(
      { certificate: one.certificate, name: "a" },
      { certificate: other.certificate, name: "a" },
    );
    expect(run.said.text).toMatch(
      /"a" is replaced .* a CEL filter that is attached to the old one .* is not carried over/,
    );
  });

  it("is held back in preview before it has an id, and nothing is deactivated meanwhile", async () => {
    const run = rig.run();
    const certificateHints = [{ ...filtered(), id: UNKNOWN, isExact: true }];
    expect(await preview(run, "activation", set, { certificateIds: [UNKNOWN], certificateHints })).toBe("");
    expect(run.said.text).toContain('held back "filtered": its CEL filter can be attached once it is uploaded');
    expect(run.said.text).not.toMatch(/[+-] (?:de)?activate/);
  });

  it("is uploaded and held back, quietly, until attachedTo names its id; then it is activated and the old one goes", async () => {
    const run = rig.run();
    const { id, inputs, outs } = await upload(run);
    let state = await done(run, "activation", set, { certificateIds: [id] });
    expect(toggles(rig)).toEqual([]);
    expect(run.said.text).toContain(
      `attach its CEL filter to ${id} in the dashboard, then set celFilter.attachedTo to "${id}"`,
    );

    const drift = rig.run();
    await drift.certificate.check(inputs, inputs);
    expect(await drift.certificate.diff(id, outs, inputs)).toEqual({ changes: false });
    const { inputs: same } = await drift.activation.check(state.inputs, { certificateIds: [id] });
    expect(await drift.activation.diff("organization", state.outs, same)).toEqual({ changes: false });

    const attached = rig.run();
    const { inputs: news } = await attached.certificate.check(inputs, filtered(id));
    expect(await attached.certificate.diff(id, outs, news)).toEqual({ changes: true });
    await attached.certificate.update(id, outs, news);
    state = await done(attached, "activation", state, { certificateIds: [id] });
    expect(toggles(rig)).toEqual(["+ filtered", "- old"]);
    expect(state.outs["heldBackCertificateIds"]).toBeUndefined();
  });

  it("stays held back in a run that targets the activation alone, by its state", async () => {
    const run = rig.run();
    const { id } = await upload(run);
    const state = await done(run, "activation", set, { certificateIds: [id] });
    expect(state.outs).toMatchObject({ heldBackCertificateIds: [id] });
    const targeted = rig.run();
    expect(await targeted.activation.diff("organization", state.outs, state.inputs)).toEqual({ changes: false });
    await targeted.activation.update("organization", state.outs, state.inputs);
    expect(toggles(rig)).toEqual([]);
    const { props = {} } = await rig.run().activation.read("organization", state.outs);
    expect(props).toMatchObject({ heldBackCertificateIds: [id], listedCertificateIds: [id] });
  });

  it("is planned by state in a run that targets the activation alone: check, which has no state, leaves it to diff", async () => {
    const run = rig.run();
    const { id } = await upload(run);
    const state = await done(run, "activation", set, { certificateIds: [id] });
    const targeted = rig.run();
    expect(await preview(targeted, "activation", state, { certificateIds: [id] })).toBe("");
    expect(targeted.said.text).toMatch(/^active set of the organization:\n {2}~ held back cert_\w+ "filtered"/m);
    expect(targeted.said.text).not.toMatch(/[+-] (?:de)?activate/);
  });

  it("does not let a first exclusive activation pass takeOver by: what would go once it is attached is refused at once", async () => {
    const run = rig.run();
    const { id } = await upload(run);
    expect(await preview(run, "activation", undefined, { certificateIds: [id] })).toMatch(
      /this exclusive activation would deactivate 1 anchor that is active in the organization and not listed: cert_\w+ "old"/,
    );
    const told = rig.run();
    const { inputs } = await told.certificate.check({}, filtered());
    await told.certificate.diff(id, (await upload(told)).outs, inputs);
    expect(await preview(told, "activation", undefined, { certificateIds: [id], takeOver: true })).toBe("");
  });

  it("keeps in state what an additive activation has ceased to list meanwhile, names it, and deactivates it afterwards", async () => {
    const kept = rig.organization.upload({ name: "kept", certificate: (await createAuthority()).certificate });
    rig.organization.activate([kept]);
    const additive = { exclusive: false };
    const both = await done(rig.run(), "activation", undefined, { certificateIds: [kept, old], ...additive });
    rig.calls();
    const run = rig.run();
    const { id, inputs, outs } = await upload(run);
    const news = { certificateIds: [kept, id], ...additive };
    let state = await done(run, "activation", both, news);
    expect(run.said.text).toMatch(
      /nothing is deactivated while .* is held back and not active; then these go, and none of them can be deleted before: cert_\w+ "old"/,
    );
    expect(state.outs).toMatchObject({ listedCertificateIds: [kept, id], retiringCertificateIds: [old] });
    expect(toggles(rig)).toEqual([]);

    const { props = {} } = await rig.run().activation.read("organization", state.outs);
    expect(props).toEqual(state.outs);
    const again = rig.run();
    await again.certificate.check(inputs, inputs);
    expect(await again.certificate.diff(id, outs, inputs)).toEqual({ changes: false });
    const { inputs: same } = await again.activation.check(state.inputs, news);
    expect(await again.activation.diff("organization", state.outs, same)).toEqual({ changes: false });

    const attached = rig.run();
    const { inputs: changed } = await attached.certificate.check(inputs, filtered(id));
    await attached.certificate.diff(id, outs, changed);
    await attached.certificate.update(id, outs, changed);
    state = await done(attached, "activation", state, news);
    expect(attached.said.text).toMatch(/ - deactivate cert_\w+ "old"/);
    expect(attached.said.text).not.toContain("did not list");
    expect(attached.said.text.match(/^active set of/gm)).toHaveLength(1);
    expect(toggles(rig)).toEqual(["+ filtered", "- old"]);
    expect(state.outs).not.toHaveProperty("retiringCertificateIds");
  });

  describe("and what a set has ceased to list meanwhile", () => {
    let id: string;
    let state: InState;
    const additive = (...certificateIds: string[]) => ({ certificateIds, exclusive: false });

    beforeEach(async () => {
      const listed = await done(rig.run(), "activation", undefined, additive(old));
      const run = rig.run();
      ({ id } = await upload(run));
      state = await done(run, "activation", listed, additive(id));
      expect(state.outs).toMatchObject({ retiringCertificateIds: [old] });
      toggles(rig);
    });

    it("is named where something is not known yet too", async () => {
      const run = rig.run();
      expect(await preview(run, "activation", state, additive(id, UNKNOWN))).toBe("");
      expect(run.said.text).toMatch(/; then these go, .*: cert_\w+ "old"/);
    });

    it("is nothing that is left to do once somebody else has deactivated it, whoever activates it afterwards", async () => {
      rig.organization.deactivate([old]);
      const { props = {} } = await rig.run().activation.read("organization", state.outs);
      expect(props).not.toHaveProperty("retiringCertificateIds");
      state = await done(rig.run(), "activation", state, additive(id));
      expect(state.outs).not.toHaveProperty("retiringCertificateIds");
      rig.organization.activate([old]);
      const run = rig.run();
      const { inputs } = await run.certificate.check({}, filtered(id));
      await run.certificate.diff(id, (await upload(rig.run())).outs, inputs);
      await done(run, "activation", state, additive(id));
      expect(rig.active()).toContain("old");
    });
  });

  it("is asked for required clients: one that the filter rejects is refused", async () => {
    const run = rig.run();
    const { id, inputs, outs } = await upload(run);
    const { inputs: news } = await run.certificate.check(inputs, filtered(id));
    await run.certificate.diff(id, outs, news);
    const { chain } = await authority.client({ commonName: "gateway" });
    expect(await preview(run, "activation", set, { certificateIds: [old, id], requiredClients: [chain] })).toBe("");
    const before = rig.run();
    await before.certificate.check(news, news);
    await before.certificate.diff(id, outs, news);
    const fresh = { certificateIds: [id], requiredClients: [chain], takeOver: true };
    expect(await preview(before, "activation", set, fresh)).toMatch(/CN=gateway.*filter/);
  });

  describe("that is active already, and gets its celFilter in place", () => {
    /** What the program declares of the live anchor from now on. */
    async function declared(id: string) {
      const run = rig.run();
      const { inputs } = await run.certificate.check({}, filtered());
      const outs = { ...inputs, celFilter: undefined, fingerprint: "" };
      await run.certificate.diff(id, outs, inputs);
      return run;
    }
    let id: string;
    let both: InState;
    beforeEach(async () => {
      id = rig.organization.upload({ name: "filtered", certificate: authority.certificate });
      both = await done(rig.run(), "activation", set, { certificateIds: [old, id] });
      rig.calls();
    });

    it("is not called held back: it accepts every client until the filter is attached, and the plan says so", async () => {
      const run = await declared(id);
      expect(await preview(run, "activation", both, { certificateIds: [old, id] })).toBe("");
      expect(run.said.text).toMatch(
        new RegExp(
          `warning: ${id} "filtered" .*is active, and the program does not say that its CEL filter is attached: ` +
            "without it, it accepts every client of its authority",
        ),
      );
      expect(run.said.text).not.toMatch(/held back/);
    });

    it("accepts a required client today that the filter is going to refuse, and warns of that", async () => {
      const { chain } = await authority.client({ commonName: "gateway" });
      const news = { certificateIds: [old, id], requiredClients: [chain] };
      const run = await declared(id);
      expect(await preview(run, "activation", both, news)).toBe("");
      expect(run.said.text).toMatch(
        /warning: required client CN=gateway .* will be locked out of the organization once that filter is attached: the CEL filter of/,
      );
      expect(run.said.text).not.toContain("today");
    });

    it("is no reason to deactivate the anchor that accepts the client with any filter", async () => {
      const twin = rig.organization.upload({ name: "twin", certificate: (await authority.renew()).certificate });
      const three = await done(rig.run(), "activation", both, { certificateIds: [old, id, twin] });
      const { chain } = await authority.client({ commonName: "gateway" });
      const run = await declared(id);
      expect(await preview(run, "activation", three, { certificateIds: [old, id], requiredClients: [chain] })).toMatch(
        /CN=gateway .*would be locked out of the organization: the CEL filter of/,
      );
    });
  });
});
