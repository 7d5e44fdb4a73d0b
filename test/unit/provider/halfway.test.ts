import type { PartialFailure } from "../../../provider/errors";
import { Anchored } from "./anchored";

describe("a change of more than ten anchors that fails in the middle", () => {
  const on = Anchored.perTest();

  const failing = (path: RegExp, status: number, skip = 1) =>
    on.rig.emulator.faults.add({ kind: "status", status, match: { path, skip, times: Infinity } });
  const failed = (ended: Promise<unknown>) =>
    ended.then(
      () => "went well",
      (error: Error) => error.message,
    );
  /** Calls take the ids in their order, and lists begin with the newest. */
  const names = (from: number, to: number) =>
    on
      .some(0, 12)
      .sort()
      .slice(from, to)
      .sort((one, other) => on.ids.indexOf(other) - on.ids.indexOf(one))
      .map((id) => `${id} "anchor-\\d+" \\([^)]*\\)`)
      .join("; ");

  it("says that enforcement has begun, with how many, and whose clients are refused for now", async () => {
    failing(/\/activate$/, 403);
    expect(await failed(on.create({ certificateIds: on.some(0, 12) }))).toMatch(
      new RegExp(
        `^POST /organization/certificates/activate: 403.* mTLS enforcement is on in the organization now, with 10 of 12 anchors active: clients of ${names(10, 12)} are refused until this change is complete\\. Run again$`,
      ),
    );
  });

  it("says that they may be where the answer was lost, and keeps the anchors in state as if they were active", async () => {
    failing(/\/activate$/, 503);
    const failure = await on.create({ certificateIds: on.some(0, 12) }).catch((error: PartialFailure) => error);
    expect((failure as PartialFailure).message).toMatch(
      /with 10 of 12 anchors known to be active: clients of .* may be refused until this change is complete\. Run again$/,
    );
    expect((failure as PartialFailure).properties["certificateIds"]).toHaveLength(12);
  });

  it("says that enforcement may have begun where the first answer was lost", async () => {
    failing(/\/activate$/, 503, 0);
    expect(await failed(on.create({ certificateIds: on.some(0, 12) }))).toMatch(
      /mTLS enforcement may be on in the organization now, with 0 of 12 anchors known to be active/,
    );
  });

  it("says nothing of the kind where nothing was done, and where enforcement was on before", async () => {
    failing(/\/activate$/, 403, 0);
    expect(await failed(on.create({ certificateIds: on.some(0, 12) }))).not.toMatch(/enforcement/);
    on.rig.emulator.faults.clear();
    on.rig.organization.activate(on.some(20, 21));
    failing(/\/activate$/, 403);
    expect(await failed(on.create({ certificateIds: [...on.some(0, 12), ...on.some(20, 21)] }))).not.toMatch(
      /enforcement/,
    );
  });

  it.each([
    ["an update", (state: Parameters<Anchored["up"]>[0]) => on.up(state, { certificateIds: [], allowEmpty: true })],
    [
      "a delete with deactivateOnDelete",
      ({ outs }: { outs: Record<string, unknown> }) =>
        on.rig.run().activation.delete("organization", { ...outs, deactivateOnDelete: true }),
    ],
  ])("says that enforcement has not ended, and whose clients are refused: %s", async (_, end) => {
    const state = await on.create({ certificateIds: on.some(0, 12) });
    failing(/\/deactivate$/, 403);
    expect(await failed(end(state))).toMatch(
      new RegExp(
        `403.* mTLS enforcement is on in the organization now, with 2 of 12 anchors active: clients of ${names(0, 10)} are refused until this change is complete\\. Run again$`,
      ),
    );
  });
});
