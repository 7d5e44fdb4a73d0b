import { PartialFailure } from "../../../provider/errors";
import { ACTIVATE, Anchored, DEACTIVATE, LIST } from "./anchored";

describe("an exclusive activation that takes away what others have activated", () => {
  const on = Anchored.perTest();
  const wanted = () => ({ certificateIds: on.some(0, 2), takeOver: true });

  /** Somebody acts at the moment at which this run deactivates: after its last look. */
  function meanwhile(act: () => void): void {
    on.rig.emulator.faults.add({
      kind: "body",
      change: (body) => {
        act();
        return body;
      },
      match: { path: /\/deactivate$/ },
    });
  }

  it("activates its own again where the other took them away meanwhile, so that two never end with nothing active", async () => {
    on.rig.organization.activate(on.some(5, 6));
    meanwhile(() => on.rig.organization.deactivate(on.some(0, 2)));
    const run = on.rig.run();
    const { outs } = await on.create(wanted(), run);
    expect(on.rig.calls()).toEqual([LIST, ACTIVATE, DEACTIVATE, LIST, ACTIVATE]);
    expect(on.live()).toEqual(on.some(0, 2));
    expect(outs["certificateIds"]).toEqual(on.some(0, 2).sort());
    expect(run.said.text).toMatch(
      new RegExp(
        `another writer deactivated .*${on.ids[0]} "anchor-0".*while this run changed the set; this run activates it again`,
      ),
    );
  });

  it("leaves one that the other took away and whose CEL filter is not attached", async () => {
    on.rig.organization.activate([...on.some(1, 2), ...on.some(5, 6)]);
    meanwhile(() => on.rig.organization.deactivate(on.some(1, 2)));
    const celFilter = { expression: 'subject.organization == "Example"' };
    const certificateHints = [{ id: on.ids[1], name: "anchor-1", celFilter, isExact: true }];
    const { outs } = await on.create({ ...wanted(), certificateHints });
    expect(on.live()).toEqual(on.some(0, 1));
    expect(outs["certificateIds"]).toEqual(on.some(0, 1));
  });

  it("does so too where a refresh of the same run has put the other's into state", async () => {
    const { id, outs, inputs } = await on.create(wanted());
    on.rig.organization.activate(on.some(5, 6));
    meanwhile(() => on.rig.organization.deactivate(on.some(0, 2)));
    const run = on.rig.run();
    const read = await run.activation.read(id, outs);
    const after = await on.up({ outs: read.props ?? {}, inputs }, inputs, run);
    expect(on.live()).toEqual(on.some(0, 2));
    expect(after.outs["certificateIds"]).toEqual(on.some(0, 2).sort());
    expect(after.said).toContain("this run activates it again");
  });

  it("puts into state what it sees then", async () => {
    on.rig.organization.activate(on.some(5, 6));
    meanwhile(() => on.rig.organization.activate(on.some(7, 8)));
    const { outs } = await on.create(wanted());
    expect(outs["certificateIds"]).toEqual([...on.some(0, 2), ...on.some(7, 8)].sort());
  });

  it("keeps in state what it did where that look fails, and fails", async () => {
    on.rig.organization.activate(on.some(5, 6));
    on.rig.emulator.faults.add({ kind: "status", status: 403, match: { method: "GET", skip: 1 } });
    const failure = await on.create(wanted()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    expect((failure as PartialFailure).properties["certificateIds"]).toEqual(on.some(0, 2).sort());
    expect((failure as PartialFailure).message).toMatch(/^GET \/organization\/certificates: 403/);
  });

  it("looks once more where it takes away its own as well, and not where it only adds", async () => {
    const state = await on.create({ certificateIds: on.some(0, 3) });
    expect(on.rig.calls()).toEqual([LIST, ACTIVATE]);
    await on.up(state, { certificateIds: on.some(0, 2) });
    expect(on.rig.calls()).toEqual([LIST, DEACTIVATE, LIST]);
  });
});

describe("two activations that each take away what the other leaves", () => {
  const on = Anchored.perTest();
  const first = () => on.some(0, 1);
  const second = () => on.some(1, 2);
  const both = () => on.some(0, 2);

  interface Stack {
    readonly listed: string[];
    readonly wants: string[];
  }

  /** Both have planned on a set of both anchors, and write at once. Answers why they failed. */
  async function atOnce(stacks: readonly Stack[], options: Record<string, unknown>): Promise<PartialFailure[]> {
    const states: Awaited<ReturnType<Anchored["create"]>>[] = [];
    for (const { listed } of stacks) {
      states.push(await on.create({ ...options, certificateIds: listed }));
    }
    const planned = await Promise.all(
      stacks.map(async ({ wants }, index) => {
        const { outs, inputs: olds } = states[index]!;
        const { activation } = on.rig.run();
        const { inputs, failures } = await activation.check(olds, { ...options, certificateIds: wants });
        expect(failures).toEqual([]);
        await activation.diff("organization", outs, inputs);
        return () => activation.update("organization", outs, inputs);
      }),
    );
    const ended = await Promise.allSettled(planned.map((update) => update()));
    return ended.flatMap((end) => (end.status === "rejected" ? (end.reason as PartialFailure) : []));
  }

  const dropping = () => [
    { listed: first(), wants: [] },
    { listed: second(), wants: [] },
  ];

  it("end well and with something active where both are exclusive", async () => {
    const stacks = [first(), second()].map((wants) => ({ listed: both(), wants }));
    expect(await atOnce(stacks, { exclusive: true })).toEqual([]);
    expect(on.live().length).toBeGreaterThan(0);
  });

  it("activate again what they dropped where both are additive and nothing is left, fail, and keep it in state", async () => {
    const failed = await atOnce(dropping(), { exclusive: false });
    expect(failed.length).toBeGreaterThan(0);
    for (const { message, properties } of failed) {
      expect(message).toMatch(
        /^nothing was active in the organization any more after this run deactivated cert_\w+ "anchor-\d" .*, because another writer .* activated cert_\w+ "anchor-\d" .* again/,
      );
      expect(properties["listedCertificateIds"]).toHaveLength(1);
      expect(on.live()).toEqual(expect.arrayContaining(properties["listedCertificateIds"] as string[]));
    }
  });

  it("leave nothing active where both say that nothing may be", async () => {
    expect(await atOnce(dropping(), { exclusive: false, allowEmpty: true })).toEqual([]);
    expect(on.live()).toEqual([]);
  });

  it("say that nothing is active where what they dropped cannot be activated again", async () => {
    const match = { path: /\/activate$/, skip: 2, times: Infinity };
    on.rig.emulator.faults.add({ kind: "status", status: 403, match });
    const failed = await atOnce(dropping(), { exclusive: false });
    expect(on.live()).toEqual([]);
    expect(failed.map(({ message }) => message).join()).toMatch(
      /nothing is active in the organization now, and mTLS is not enforced there.*403/,
    );
  });
});
