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

  it("makes no look of that kind where it takes away nothing but its own", async () => {
    const state = await on.create({ certificateIds: on.some(0, 3) });
    on.rig.calls();
    await on.up(state, { certificateIds: on.some(0, 2) });
    expect(on.rig.calls()).toEqual([LIST, DEACTIVATE]);
  });
});
