import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";
import { done, type InState, preview } from "./planned";

const [legacy = "", other = ""] = realAnchors(2);
const FILTER = { expression: 'subject.organization == "Example"' };

describe("what an active set is told of its certificates", () => {
  let rig: Rig;
  let live: string;
  let set: InState;

  beforeEach(async () => {
    rig = await Rig.start();
    live = rig.organization.upload({ name: "legacy", certificate: legacy });
    set = await done(rig.run(), "activation", undefined, { certificateIds: [live] });
    rig.calls();
  });
  afterEach(() => rig.close());

  const hinted = (...hints: Record<string, unknown>[]) => ({
    certificateIds: hints.map(({ id = UNKNOWN }) => id),
    certificateHints: hints.map((hint) => ({ id: UNKNOWN, isExact: true, ...hint })),
  });

  it("does not release a certificate whose filter came with a policy, which its own check has seen", async () => {
    const run = rig.run();
    const { inputs } = await run.certificate.check({}, { certificate: other, name: "filtered", celFilter: FILTER });
    const { id } = await run.certificate.create(inputs);
    await done(run, "activation", set, hinted({ id, name: "filtered" }));
    expect(run.said.text).toContain(`held back ${id} "filtered"`);
    expect(rig.active()).toEqual(["legacy"]);
  });

  it("holds one back that is not asked about in this process, because it has another provider", async () => {
    const id = rig.organization.upload({ name: "filtered", certificate: other });
    await done(rig.run(), "activation", set, hinted({ id, name: "filtered", celFilter: FILTER }));
    expect(rig.active()).toEqual(["legacy"]);
  });

  it("does not refuse over a live anchor that a certificate may adopt, and looks for none, while adopt is not known", async () => {
    const run = rig.run();
    const news = { certificate: legacy, name: "root", adopt: UNKNOWN };
    expect((await run.certificate.check({}, news)).failures).toEqual([]);
    expect(await preview(run, "activation", undefined, hinted(news))).toBe("");
    expect(run.said.text).toContain('1 certificate whose id is not known before the run: it may be "root"');
    expect(run.said.text).toMatch(/- deactivate cert_\w+ "legacy".*, unless it is one of those whose id is not known/);
    expect(rig.calls()).toEqual(["GET /organization/certificates"]);
  });

  it("names a certificate once, as its check has found it, where the set is computed from its id", async () => {
    const run = rig.run();
    await run.certificate.check({}, { certificate: legacy, name: "adopting", adopt: true });
    await run.certificate.check({}, { certificate: other, name: "filtered", celFilter: FILTER });
    const certificateHints = ["adopting", "filtered", "elsewhere"].map((name) => ({
      id: UNKNOWN,
      name,
      isExact: false,
    }));
    await preview(run, "activation", undefined, { certificateIds: UNKNOWN, certificateHints });
    expect(run.said.text).toContain(
      `The set may include "adopting" (adopts ${live}), "elsewhere", "filtered" (held back until its CEL filter is attached). `,
    );
  });

  it("foresees nothing of other uploads while one may be adopted instead", async () => {
    const run = rig.run();
    await run.certificate.check({}, { certificate: legacy, name: "root", adopt: UNKNOWN });
    await run.certificate.check({}, { certificate: other, name: "other" });
    await preview(run, "activation", undefined, { certificateIds: [UNKNOWN] });
    expect(run.said.text).toContain('it may be "other", "root", or active already');
    expect(run.said.text).not.toContain("up will refuse this");
  });

  it("does not take a filter that is not known yet for none: what is uploaded may be held back", async () => {
    const run = rig.run();
    const news = { certificate: other, name: "root", celFilter: UNKNOWN };
    expect((await run.certificate.check({}, news)).failures).toEqual([]);
    expect(await preview(run, "activation", set, hinted(news))).toBe("");
    expect(run.said.text).toMatch(/- deactivate cert_\w+ "legacy".*, unless it is one of those whose id is not known/);
    expect(run.said.text).toContain('the CEL filter of "root" is not known before the run');
  });

  it.each([
    ["the filter", UNKNOWN],
    ["what it is attached to", { ...FILTER, attachedTo: UNKNOWN }],
  ])("does not say that a live anchor is held back while %s is not known", async (_, celFilter) => {
    const attached = { certificate: legacy, name: "legacy", celFilter: { ...FILTER, attachedTo: live } };
    for (const told of [{ certificateIds: [live] }, hinted({ id: live, name: "legacy", celFilter })]) {
      const run = rig.run();
      const { inputs } = await run.certificate.check(attached, { ...attached, celFilter });
      await run.certificate.diff(live, attached, inputs);
      expect(await preview(run, "activation", set, told)).toBe("");
      expect(run.said.text).not.toMatch(/held back cert_/);
      expect(run.said.text).toContain('the CEL filter of "legacy" is not known before the run');
    }
  });

  it("counts certificates, of one content and one name too, and one that is listed twice once", async () => {
    const hint = (urn: string) => ({ urn, certificate: other, name: "root" });
    for (const [second, times] of [
      ["b", 2],
      ["a", 1],
    ] as const) {
      const run = rig.run();
      await preview(run, "activation", set, hinted(hint("a"), hint(second)));
      expect(run.said.text.match(/\+ activate "root" \(to be created/g)).toHaveLength(times);
    }
  });
});
