import { PartialFailure } from "../../../provider/errors";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";
import { ACTIVATE, Anchored, DEACTIVATE, LIST } from "./anchored";

describe("CertificateActivation", () => {
  const on = Anchored.perTest();

  describe("create", () => {
    it("activates in calls of ten and answers what is active", async () => {
      const { id, outs } = await on.create({ certificateIds: on.ids });
      expect(id).toBe("organization");
      expect(outs["certificateIds"]).toEqual([...on.ids].sort());
      expect(on.rig.calls()).toEqual([LIST, ACTIVATE, ACTIVATE, ACTIVATE]);
      expect(on.live()).toHaveLength(25);
    });

    it("writes nothing when the set is as wanted already", async () => {
      on.rig.organization.activate(on.some(0, 3));
      await on.create({ certificateIds: on.some(0, 3) });
      expect(on.rig.writes()).toEqual([]);
    });

    it("refuses to deactivate unlisted live anchors, naming each and how to proceed, and writes nothing", async () => {
      on.rig.organization.activate(on.some(0, 2));
      const refused = await on.refusedBy({ certificateIds: on.some(5, 6) });
      for (const id of on.some(0, 2)) {
        expect(refused).toMatch(new RegExp(`${id} "anchor-\\d" \\(expires \\d{4}-\\d\\d-\\d\\d\\)`));
      }
      expect(refused).toMatch(/certificateIds.*ignoreCertificateIds.*takeOver: true/);
      await expect(on.rig.run().activation.create({ certificateIds: on.some(5, 6) })).rejects.toThrow(
        /would deactivate 2 anchors/,
      );
      expect(on.rig.writes()).toEqual([]);
    });

    it.each([
      ["listed", () => ({ certificateIds: on.some(0, 6) }), () => on.some(0, 6)],
      [
        "ignored",
        () => ({ certificateIds: on.some(5, 6), ignoreCertificateIds: on.some(0, 2) }),
        () => [...on.some(0, 2), ...on.some(5, 6)],
      ],
      ["taken over", () => ({ certificateIds: on.some(5, 6), takeOver: true }), () => on.some(5, 6)],
      [
        "left alone by exclusive: false",
        () => ({ certificateIds: on.some(5, 6), exclusive: false }),
        () => [...on.some(0, 2), ...on.some(5, 6)],
      ],
    ])("goes on when they are %s", async (_, inputs, expected) => {
      on.rig.organization.activate(on.some(0, 2));
      await on.create(inputs());
      expect(on.live()).toEqual(expected());
    });

    it("activates before it deactivates", async () => {
      on.rig.organization.activate(on.some(0, 2));
      await on.create({ certificateIds: on.some(5, 6), takeOver: true });
      expect(on.rig.writes()).toEqual([ACTIVATE, DEACTIVATE]);
    });

    it("lists no output of what others manage: additive and ignored anchors stay out of it", async () => {
      on.rig.organization.activate(on.some(0, 2));
      expect((await on.create({ certificateIds: on.some(5, 6), exclusive: false })).outs["certificateIds"]).toEqual(
        on.some(5, 6),
      );
      const { outs } = await on.create({ certificateIds: on.some(5, 6), ignoreCertificateIds: on.some(0, 2) });
      expect(outs["certificateIds"]).toEqual(on.some(5, 6));
    });

    it("accepts the toggle's older answer, a plain list object", async () => {
      await on.rig.close();
      on.rig = await Rig.start({ legacyToggleShape: true });
      const id = on.rig.organization.upload({ name: "a", certificate: realAnchors(1)[0] ?? "" });
      await on.create({ certificateIds: [id] });
      expect(on.rig.calls()).toEqual([LIST, ACTIVATE]);
    });

    it("reads the list again when an answer does not confirm what was asked, and fails when that does not either", async () => {
      on.rig.emulator.faults.add({ kind: "body", change: () => ({ data: [] }), match: { path: /\/activate$/ } });
      await on.create({ certificateIds: on.some(0, 1) });
      expect(on.rig.calls()).toEqual([LIST, ACTIVATE, LIST]);
      const lie = (body: unknown) => {
        const page = body as { data: { active: boolean }[] };
        return { ...page, data: page.data.map((item) => ({ ...item, active: false })) };
      };
      on.rig.emulator.faults.add({ kind: "body", change: lie, match: { path: /\/activate$/ } });
      on.rig.emulator.faults.add({ kind: "body", change: lie, match: { method: "GET", skip: 1 } });
      const failed = on.rig.run().activation.create({ certificateIds: on.some(0, 2) });
      await expect(failed).rejects.toThrow(new RegExp(`${on.ids[0]} is not active|${on.ids[1]} is not active`));
    });
  });

  describe("a takeover that stopped half way", () => {
    const failing = () =>
      on.rig.emulator.faults.add({ kind: "status", status: 403, match: { method: "POST", path: /activate$/ } });
    const stopped = (ended: Promise<unknown>) =>
      ended.then(
        () => ({}) as Record<string, unknown>,
        ({ properties }: PartialFailure) => properties,
      );
    const took = { certificateIds: [] as string[], takeOver: true };
    beforeEach(() => {
      on.rig.organization.activate(on.some(5, 17));
      took.certificateIds = on.some(0, 2);
    });
    const without = () => ({ certificateIds: took.certificateIds });

    it("still needs takeOver for what it has left, whether it was new or newly exclusive", async () => {
      const additive = await on.create({ ...without(), exclusive: false });
      on.rig.organization.deactivate(on.some(0, 1));
      for (const ended of [() => on.create(took), () => on.up(additive, took)]) {
        failing();
        const outs = await stopped(ended());
        expect(on.live()).toEqual(on.some(1, 2).concat(on.some(5, 17)));
        await expect(on.up({ outs, inputs: took }, without())).rejects.toThrow(
          /would deactivate 12 anchors .*takeOver: true/,
        );
      }
    });

    it("goes on with takeOver, and has answered for the set from then on", async () => {
      on.rig.emulator.faults.add({ kind: "status", status: 403, match: { path: /\/deactivate$/, skip: 1 } });
      const outs = await stopped(on.create(took));
      expect(on.live()).toHaveLength(4);
      const state = await on.up({ outs, inputs: took }, took);
      expect(on.live()).toEqual(took.certificateIds);
      on.rig.organization.activate(on.some(20, 21));
      expect(await on.up(state, without())).toMatchObject({ refused: undefined, changed: true });
      expect(on.live()).toEqual(took.certificateIds);
    });
  });

  describe("update", () => {
    it("fails where a deactivation was accepted and not carried out, and keeps the anchor in state", async () => {
      const state = await on.create({ certificateIds: on.some(0, 3) });
      const body = '{"object":"organization.certificate.activation","data":[]}';
      const match = { path: /\/deactivate$/ };
      on.rig.emulator.faults.add({ kind: "garbage", body, contentType: "application/json", match });
      await expect(on.up(state, { certificateIds: on.some(0, 2) })).rejects.toMatchObject({
        message: `the API accepted the change of the organization, but ${on.ids[2]} is still active. Is another writer changing the set? Run again`,
        properties: { certificateIds: on.some(0, 3).sort() },
      });
    });

    it("deactivates what another hand activated when exclusive, and never deletes it", async () => {
      const state = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.activate(on.some(7, 8));
      on.rig.calls();
      const { outs, said } = await on.up(state, { certificateIds: on.some(0, 3) });
      expect(on.rig.calls()).toEqual([LIST, DEACTIVATE, LIST]);
      expect(on.live()).toEqual(on.some(0, 3));
      expect(outs["certificateIds"]).toEqual(on.some(0, 3).sort());
      expect(said).toMatch(new RegExp(`- deactivate ${on.ids[7]} "anchor-7".*which this activation did not list`));
    });

    it("lists again before it writes where the run has waited for something since its plan", async () => {
      const { outs, inputs: olds } = await on.create({ certificateIds: on.some(0, 1) });
      const run = on.rig.run();
      const { inputs } = await run.activation.check(olds, { certificateIds: on.some(0, 2) });
      await run.activation.diff("organization", outs, inputs);
      on.rig.organization.activate(on.some(7, 8));
      run.clock.advance(11_000);
      await run.activation.update("organization", outs, inputs);
      expect(on.live()).toEqual(on.some(0, 2));
    });

    it("repairs a tampered set in a plain up, and a run that has nothing to do is one call", async () => {
      const state = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.deactivate(on.some(1, 2));
      on.rig.calls();
      expect(await on.up(state, { certificateIds: on.some(0, 3) })).toMatchObject({ changed: true });
      expect(on.rig.calls()).toEqual([LIST, ACTIVATE]);
      expect(await on.up(state, { certificateIds: on.some(0, 3) })).toMatchObject({ changed: false, said: "" });
      expect(on.rig.calls()).toEqual([LIST]);
    });

    it("additive: activates what it gains, deactivates what it drops, and leaves others alone", async () => {
      on.rig.organization.activate(on.some(20, 22));
      const state = await on.create({ certificateIds: on.some(0, 3), exclusive: false });
      await on.up(state, { certificateIds: on.some(1, 5), exclusive: false });
      expect(on.live()).toEqual([...on.some(1, 5), ...on.some(20, 22)]);
    });

    it("additive: never makes its own what others activated, also not by a refresh", async () => {
      const state = await on.create({ certificateIds: on.some(0, 3), exclusive: false });
      on.rig.organization.activate(on.some(20, 22));
      const { props = {}, inputs = {} } = await on.rig.run().activation.read("organization", state.outs);
      await on.up({ outs: props, inputs }, { certificateIds: on.some(0, 1), exclusive: false });
      expect(on.live()).toEqual([...on.some(0, 1), ...on.some(20, 22)]);
    });

    it("refuses to end enforcement without allowEmpty, naming what would go, and does it with allowEmpty", async () => {
      const state = await on.create({ certificateIds: on.some(0, 2) });
      on.rig.calls();
      const { refused } = await on.up(state, { certificateIds: [] });
      expect(refused).toMatch(/nothing would be active in the organization/);
      expect(refused).toContain(`${on.ids[1]} "anchor-1"`);
      expect(refused).toMatch(/allowEmpty: true/);
      expect(on.rig.writes()).toEqual([]);
      const { said } = await on.up(state, { certificateIds: [], allowEmpty: true });
      expect(said).toMatch(/enforcement turns OFF/);
      expect(on.live()).toEqual([]);
    });

    it("asks for takeOver when it becomes exclusive over others' anchors", async () => {
      on.rig.organization.activate(on.some(20, 22));
      const state = await on.create({ certificateIds: on.some(0, 3), exclusive: false });
      await expect(on.up(state, { certificateIds: on.some(0, 3) })).rejects.toThrow(/would deactivate 2 anchors/);
      await on.up(state, { certificateIds: on.some(0, 3), takeOver: true });
      expect(on.live()).toEqual(on.some(0, 3));
    });

    it("keeps what was done when it stops half way, with every input in it", async () => {
      const state = await on.create({ certificateIds: on.some(20, 21) });
      on.rig.emulator.faults.add({
        kind: "status",
        status: 403,
        message: "no",
        match: { path: /\/activate$/, skip: 1 },
      });
      const news = { ...state.inputs, certificateIds: on.some(0, 15), __provider: "bytes" };
      const failed = await on.rig
        .run()
        .activation.update("organization", state.outs, news)
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(PartialFailure);
      expect(failed).toMatchObject({
        id: "organization",
        properties: {
          ...news,
          certificateIds: [...on.live()].sort(),
          listedCertificateIds: [...on.some(0, 15), ...on.some(20, 21)],
        },
      });
      expect(on.live()).toHaveLength(11);
      expect((failed as PartialFailure).reasons.join()).toMatch(/403/);
    });

    it("does not stop a refresh, whose diff asks about a certificate that was deleted outside of Pulumi", async () => {
      const { outs, inputs } = await on.create({ certificateIds: on.some(0, 3) });
      on.rig.organization.remove(on.ids[1] ?? "");
      expect(await on.rig.run().activation.diff("organization", outs, inputs)).toEqual({ changes: true });
      expect(await on.refusedBy(inputs)).toMatch(/which the organization does not have/);
    });

    it("a change of options alone writes nothing", async () => {
      const state = await on.create({ certificateIds: on.some(0, 2), takeOver: true });
      on.rig.calls();
      expect(await on.up(state, { certificateIds: on.some(0, 2) })).toMatchObject({ changed: true });
      expect(on.rig.writes()).toEqual([]);
    });
  });
});
