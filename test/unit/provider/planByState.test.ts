import { createAuthority } from "../../../emulator";
import type { PartialFailure } from "../../../provider/errors";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";
import { done, type InState, preview, toggles, up } from "./planned";

const celFilter = { expression: 'subject.organization == "Example"' };
const [pemA, pemB, pemC, pemNew] = realAnchors(4);

describe("the plan of an activation whose state answers for more than the program listed last", () => {
  let rig: Rig;
  let [a, b, c]: string[] = [];
  beforeEach(async () => {
    rig = await Rig.start();
    const upload = (name: string, certificate = "") => rig.organization.upload({ name, certificate });
    [a, b, c] = [upload("a", pemA), upload("b", pemB), upload("c", pemC)];
  });
  afterEach(() => rig.close());

  const additive = (...certificateIds: unknown[]) => ({ certificateIds, exclusive: false });
  const active = (...certificateIds: unknown[]) => ({ certificateIds });
  /** Beside a certificate that the same run uploads, as the TypeScript classes tell it. */
  const withNew = (news: { certificateIds: unknown[] }) => ({
    ...news,
    certificateIds: [...news.certificateIds, UNKNOWN],
    certificateHints: [{ id: UNKNOWN, name: "new", certificate: pemNew, isExact: true }],
  });
  /** The plan of a preview that is not refused. */
  async function planOf(state: InState, news: Record<string, unknown>, run = rig.run()): Promise<string> {
    expect(await preview(run, "activation", state, news)).toBe("");
    return run.said.text;
  }

  describe("because the last run could not deactivate all of it", () => {
    /** Its list was [a, b], and is [b]. */
    let stopped: InState;
    beforeEach(async () => {
      const state = await done(rig.run(), "activation", undefined, additive(a, b));
      rig.emulator.faults.add({ kind: "status", status: 403, match: { path: /\/deactivate$/ } });
      const failed = await up(rig.run(), "activation", state, additive(b)).catch((error: unknown) => error);
      stopped = { id: state.id, inputs: additive(b), outs: (failed as PartialFailure).properties };
      toggles(rig);
    });

    it("names what is still to go beside a certificate that has no id yet", async () => {
      const text = await planOf(stopped, withNew(additive(b)));
      expect(text).toMatch(/\+ activate "new" \(to be created, /);
      expect(text).toMatch(/- deactivate cert_\w+ "a" \(expires [\d-]+\)$/m);
    });

    it("asks the required clients about that too", async () => {
      const authority = await createAuthority();
      const { chain } = await authority.client({ commonName: "gateway" });
      const own = rig.organization.upload({ name: "own", certificate: authority.certificate });
      const listed = { ...stopped.outs, listedCertificateIds: [b, own] };
      rig.organization.activate([own]);
      const state = { ...stopped, outs: listed };
      const news = { ...withNew(additive(b)), requiredClients: [chain] };
      await expect(preview(rig.run(), "activation", state, news)).rejects.toThrow(/CN=gateway .* would be locked out/);
    });
  });

  describe("because a listed anchor is held back", () => {
    let held: string;
    const upload = async (run = rig.run()) => {
      const { inputs } = await run.certificate.check({}, { certificate: pemC, name: "c", adopt: c, celFilter });
      await run.certificate.create(inputs);
      return run;
    };
    beforeEach(() => {
      held = c ?? "";
    });

    it("does not claim that an anchor goes that the program lists again, or ignores now", async () => {
      const state = await done(rig.run(), "activation", undefined, additive(a));
      const waiting = await done(await upload(), "activation", state, additive(held));
      expect(waiting.outs).toMatchObject({ retiringCertificateIds: [a], heldBackCertificateIds: [held] });
      expect(await planOf(waiting, withNew(additive(held, a)))).not.toContain('"a"');
      const ignored = { ...withNew(additive(held)), ignoreCertificateIds: [a] };
      expect(await planOf(waiting, ignored)).not.toContain('"a"');
      expect(await planOf(waiting, withNew(additive(held)))).toMatch(/; then these go, .*: cert_\w+ "a"/);
    });

    it("does not call an anchor foreign that it has listed itself", async () => {
      const state = await done(rig.run(), "activation", undefined, active(a));
      const waiting = await done(await upload(), "activation", state, active(held));
      rig.organization.activate([held]);
      const text = await planOf(waiting, withNew(active(held)));
      expect(text).toMatch(/- deactivate cert_\w+ "a"/);
      expect(text).not.toContain("did not list");
    });

    it("asks for no takeOver of what it has listed itself, when it becomes exclusive", async () => {
      const state = await done(rig.run(), "activation", undefined, additive(a));
      const waiting = await done(await upload(), "activation", state, additive(held));
      const news = { ...active(held), certificateHints: [{ id: held, name: "c", celFilter, isExact: true }] };
      expect(await planOf(waiting, news)).toMatch(/; then these go, .*: cert_\w+ "a"/);
      rig.organization.activate([b ?? ""]);
      await expect(preview(rig.run(), "activation", waiting, news)).rejects.toThrow(
        /would deactivate 1 anchor that is active in the organization and not listed: cert_\w+ "b"/,
      );
    });

    it("forgets that an anchor was held back once its filter is attached, although nothing is left to activate", async () => {
      const state = await done(rig.run(), "activation", undefined, active(a));
      const waiting = await done(await upload(), "activation", state, active(a, held));
      rig.organization.activate([held]);
      toggles(rig);
      const attached = { ...celFilter, attachedTo: held };
      const hint = (filter: object) => [{ id: held, name: "c", celFilter: filter, isExact: true }];
      const run = rig.run();
      const news = { ...active(a, held), certificateHints: hint(attached) };
      const after = await done(run, "activation", waiting, news);
      expect(run.said.text).toMatch(/as declared; what state says of it is out of date, and is corrected/);
      expect(after.outs).not.toHaveProperty("heldBackCertificateIds");
      const filtered = { ...active(a, held), certificateHints: hint(celFilter) };
      const again = await done(rig.run(), "activation", after, filtered);
      expect(again.outs).toMatchObject({ heldBackCertificateIds: [held] });
      const quiet = rig.run();
      await done(quiet, "activation", again, filtered);
      expect(quiet.said.text).not.toContain("out of date");
      expect(toggles(rig)).toEqual([]);
    });

    it("does not plan to activate what state alone holds back, beside a certificate that has no id yet", async () => {
      const state = await done(rig.run(), "activation", undefined, active(a));
      const waiting = await done(await upload(), "activation", state, active(held));
      const text = await planOf(waiting, active(held, UNKNOWN));
      expect(text).toMatch(/~ held back cert_\w+ "c"/);
      expect(text).not.toMatch(/activate cert_/);
    });
  });
});
