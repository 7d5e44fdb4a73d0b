import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig, type Run } from "../../support/rig";

const [first = "", second = ""] = realAnchors(2);
type State = { id: string; inputs: Record<string, unknown>; outs: Record<string, unknown> };

/** A stack's state, and another organization that its admin key or base URL may suddenly belong to. */
describe.each([
  ["that sends the openai-organization header", true],
  ["that does not say which organization it is", false],
])("an admin key of another organization, on an API %s", (_, saysWhich) => {
  const start = (organizationId: string, projects: { id: string; name: string }[] = []) =>
    Rig.start({ organizationId: saysWhich && organizationId, projects });
  let rig: Rig;
  let other: Rig;
  let anchor: State;
  let set: State;

  beforeEach(async () => {
    [rig, other] = await Promise.all([start("org-ours", [{ id: "proj_a", name: "pilot" }]), start("org-theirs")]);
    const run = rig.run();
    anchor = await created(run, "certificate", { certificate: first, name: "root" });
    set = await created(run, "activation", { certificateIds: [anchor.id] });
    rig.calls();
  });
  afterEach(() => Promise.all([rig.close(), other.close()]));

  async function created(run: Run, kind: "certificate" | "activation", news: Record<string, unknown>): Promise<State> {
    const { inputs, failures } = await run[kind].check({}, news);
    expect(failures).toEqual([]);
    return { inputs, ...(await run[kind].create(inputs)) };
  }

  const wrong = () => rig.run({ "openai:baseUrl": other.emulator.url, "openai:adminKey": ADMIN_KEY });

  it("forgets nothing in a refresh, and asks", async () => {
    const run = wrong();
    expect(await run.certificate.read(anchor.id, anchor.outs)).toMatchObject({ id: anchor.id, props: anchor.outs });
    expect(await run.activation.read("organization", set.outs)).toMatchObject({ props: set.outs, inputs: set.inputs });
    expect(run.said.text).toMatch(/cert_\w+ "root" .*Are the admin key and base URL those of the right organization\?/);
    expect(run.said.text).toContain("the active set of the organization");
  });

  it("refuses to change the active set, in preview too, and writes nothing", async () => {
    const mine = other.organization.upload({ name: "theirs", certificate: second });
    other.organization.activate([mine]);
    const run = wrong();
    const news = { certificateIds: [mine] };
    const { inputs, failures } = await run.activation.check(set.inputs, news);
    const preview = failures[0]?.reason ?? (await messageOf(run.activation.diff("organization", set.outs, inputs)));
    expect(preview).toMatch(/Nothing would be changed\. Are the admin key and base URL/);
    expect(await messageOf(wrong().activation.update("organization", set.outs, news))).toContain(
      "Nothing was changed.",
    );
    expect(other.writes()).toEqual([]);
    expect(other.active()).toEqual(["theirs"]);
  });

  if (saysWhich) {
    it("refuses to upload what is missing there, in preview too, and nothing else is uploaded after that", async () => {
      const run = wrong();
      await run.certificate.check(anchor.inputs, anchor.inputs);
      expect(await messageOf(run.certificate.diff(anchor.id, anchor.outs, anchor.inputs))).toMatch(
        /was last seen in organization org-ours, and the admin key now belongs to organization org-theirs.*Nothing was uploaded/,
      );
      const fresh = run.certificate.create({ certificate: second, name: "new" });
      expect(await messageOf(fresh)).toContain('"new" is not uploaded, because');
      expect(other.writes()).toEqual([]);
    });

    it("refuses in preview what would be new there, once a refresh has asked", async () => {
      const run = wrong();
      await run.certificate.read(anchor.id, anchor.outs);
      const upload = await run.certificate.check({}, { certificate: second, name: "new" });
      const activation = await run.activation.check({}, { certificateIds: [] });
      expect([upload, activation].flatMap(({ failures }) => failures)).toEqual([
        { property: "", reason: expect.stringContaining('"new" is not uploaded, because') },
        { property: "", reason: expect.stringContaining("nothing was changed in the organization, because") },
      ]);
    });

    it("makes no new set there once a refresh has asked, in a run without its preview", async () => {
      const theirs = other.organization.upload({ name: "theirs", certificate: second });
      const run = wrong();
      await run.certificate.read(anchor.id, anchor.outs);
      const created = run.activation.create({ certificateIds: [theirs] });
      expect(await messageOf(created)).toContain("nothing was changed in the organization, because");
      expect(other.writes()).toEqual([]);
    });

    it("goes on with a set whose own certificates exist, whatever is asked about another resource", async () => {
      rig.organization.deactivate([anchor.id]);
      const run = rig.run();
      await run.certificate.read("cert_gone", { ...anchor.outs, organizationId: "org-theirs" });
      expect(run.said.text).toContain("Are the admin key and base URL those of the right organization?");
      await run.activation.update("organization", set.outs, set.inputs);
      expect(rig.active()).toEqual(["root"]);
    });

    it("refuses a replacement too, before it is uploaded there", async () => {
      const run = wrong();
      const news = { ...anchor.inputs, certificate: second };
      const { inputs } = await run.certificate.check(anchor.inputs, news);
      expect(await messageOf(run.certificate.diff(anchor.id, anchor.outs, inputs))).toContain("Nothing was uploaded.");
      expect(other.writes()).toEqual([]);
    });

    it("does not take its 404 for a certificate that is deleted", async () => {
      expect(await messageOf(wrong().certificate.delete(anchor.id, anchor.outs))).toContain("It is not deleted");
    });

    it("deactivates nothing there with deactivateOnDelete", async () => {
      const told = { ...set.outs, deactivateOnDelete: true };
      expect(await messageOf(wrong().activation.delete("organization", told))).toContain("Nothing was deactivated.");
    });

    it("repairs what was really deleted, where it is the same organization", async () => {
      rig.organization.deactivate([anchor.id]);
      rig.organization.remove(anchor.id);
      const run = rig.run();
      expect(await run.certificate.read(anchor.id, anchor.outs)).toEqual({});
      const again = await created(run, "certificate", anchor.inputs);
      const { inputs } = await run.activation.check(set.inputs, { certificateIds: [again.id] });
      expect(await run.activation.diff("organization", set.outs, inputs)).toEqual({ changes: true });
      await run.activation.update("organization", set.outs, inputs);
      expect(rig.active()).toEqual(["root"]);
    });
  }

  if (!saysWhich) {
    it("asks in check already", async () => {
      const { failures } = await wrong().activation.check(set.inputs, set.inputs);
      expect(failures.map(({ reason }) => reason).join()).toContain("Nothing would be changed. Are the admin key and");
    });
  }

  it("keeps a project's set in a refresh, and the diff after it does not fail, although there is no such project", async () => {
    const run = rig.run();
    const news = { projectId: "proj_a", certificateIds: [anchor.id] };
    const { inputs } = await run.project.check({}, news);
    const { id, outs } = await run.project.create(inputs);
    const refresh = wrong();
    expect(await refresh.project.read(id, outs)).toMatchObject({ id, props: outs, inputs });
    expect(refresh.said.text).toContain("Are the admin key and base URL those of the right organization?");
    // As the engine asks in a refresh: without a check before it.
    expect(await refresh.project.diff(id, outs, inputs)).toEqual({ changes: true });
    const { failures } = await wrong().project.check(inputs, inputs);
    expect(failures).toEqual([{ property: "", reason: expect.stringContaining("404") }]);
  });

  if (saysWhich) {
    it("takes what exists in a renamed organization as proof that what is missing beside it was deleted", async () => {
      const sibling = await created(rig.run(), "certificate", { certificate: second, name: "second" });
      const renamed = (state: State) => ({ ...state.outs, organizationId: "org-before" });
      rig.organization.deactivate([anchor.id]);
      rig.organization.remove(anchor.id);

      const up = rig.run();
      for (const { inputs } of [anchor, sibling]) {
        await up.certificate.check(inputs, inputs);
      }
      // The engine asks about all at once, in any order.
      const [missing, there] = await Promise.all(
        [anchor, sibling].map((state) => up.certificate.diff(state.id, renamed(state), state.inputs)),
      );
      expect([missing, there]).toMatchObject([{ replaces: ["certificate"] }, { changes: false }]);
      expect(up.said.text).toContain("was deleted outside of Pulumi");
      expect((await up.certificate.check({}, { certificate: second, name: "new" })).failures).toEqual([]);

      const refresh = rig.run();
      const read = await Promise.all(
        [anchor, sibling].map((state) => refresh.certificate.read(state.id, renamed(state))),
      );
      expect(read).toMatchObject([{}, { id: sibling.id, props: { organizationId: "org-ours" } }]);
      expect(read[0]).toEqual({});

      const destroy = rig.run();
      await destroy.certificate.delete(sibling.id, renamed(sibling));
      await destroy.certificate.delete(anchor.id, renamed(anchor));
    });

    it("takes what exists under another header as no proof", async () => {
      const run = wrong();
      const theirs = other.organization.upload({ name: "theirs", certificate: second });
      await run.certificate.read(theirs, { ...anchor.outs, organizationId: "org-theirs" });
      expect(await run.certificate.read(anchor.id, anchor.outs)).toMatchObject({ id: anchor.id, props: anchor.outs });
    });
  }

  it("goes on where the certificates exist, whatever the organization is called now", async () => {
    const renamed = { ...set.outs, organizationId: "org-before" };
    const { outs } = await rig.run().activation.update("organization", renamed, set.inputs);
    // What state says is not forgotten where this run is not told.
    expect(outs["organizationId"]).toBe(saysWhich ? "org-ours" : "org-before");
    const before = { ...anchor.outs, organizationId: "org-before" };
    const named = await rig.run().certificate.update(anchor.id, before, { ...anchor.inputs, name: "renamed" });
    expect(named.outs["organizationId"]).toBe(saysWhich ? "org-ours" : "org-before");
    const { inputs } = await rig.run().activation.check(set.inputs, set.inputs);
    expect(await rig.run().activation.diff("organization", renamed, inputs)).toEqual({ changes: false });
    expect(
      await rig.run().certificate.diff(anchor.id, { ...anchor.outs, organizationId: "org-before" }, anchor.inputs),
    ).toEqual({ changes: false });
  });
});

function messageOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "no error",
    (error: Error) => error.message,
  );
}
