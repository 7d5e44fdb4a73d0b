import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Anchored, LIST } from "./anchored";

describe("CertificateActivation", () => {
  const on = Anchored.perTest();

  describe("check", () => {
    it("refuses wrong types, each by its property, and sends nothing", async () => {
      const reasons = await on.refusedBy({
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
      expect(await on.refusedBy({})).toMatch(/^certificateIds is required/);
      expect(on.rig.calls()).toEqual([]);
    });

    it("refuses an id that is both wanted and ignored", async () => {
      expect(await on.refusedBy({ certificateIds: on.some(0, 2), ignoreCertificateIds: on.some(1, 3) })).toContain(
        `${on.ids[1]} cannot be in certificateIds and in ignoreCertificateIds`,
      );
    });

    it("refuses an id that the organization does not have, after a second look", async () => {
      expect(await on.refusedBy({ certificateIds: ["cert_gone"] })).toMatch(
        /names cert_gone, which the organization does not have/,
      );
      expect(on.rig.calls()).toEqual([LIST, LIST]);
    });

    it("lets unknown values pass, as a whole and inside lists", async () => {
      expect(await on.refusedBy({ certificateIds: UNKNOWN })).toBe("");
      expect(
        await on.refusedBy({ certificateIds: [UNKNOWN, on.ids[0]], exclusive: UNKNOWN, organization: UNKNOWN }),
      ).toBe("");
    });

    it("takes order and repetition for nothing", async () => {
      const { activation } = on.rig.run();
      const one = await activation.check({}, { certificateIds: [on.ids[2], on.ids[0], on.ids[2]] });
      const other = await activation.check({}, { certificateIds: [on.ids[0], on.ids[2]] });
      expect(one.inputs).toEqual(other.inputs);
    });
  });

  describe("preview", () => {
    it("prints the plan, with enforcement turning on, and nothing where there is nothing to do", async () => {
      const run = on.rig.run();
      await run.activation.check({}, { certificateIds: on.some(0, 1) });
      expect(run.said.lines).toEqual([
        expect.stringMatching(
          new RegExp(
            `^active set of the organization:\n  \\+ activate ${on.ids[0]} "anchor-0" \\(expires .*\\)\n  mTLS enforcement turns ON`,
          ),
        ),
      ]);
      on.rig.organization.activate(on.some(0, 1));
      const again = on.rig.run();
      await again.activation.check({}, { certificateIds: on.some(0, 1) });
      expect(again.said.lines).toEqual([]);
    });

    it("names the certificates that are still to be created", async () => {
      const run = on.rig.run();
      const { certificate } = await createAuthority();
      await run.certificate.check({}, { certificate, name: "new-root" });
      await run.activation.check({}, { certificateIds: [UNKNOWN] });
      expect(run.said.text).toMatch(/\+ activate "new-root" \(to be created, expires /);
    });

    it("warns when the last anchor of the set expires within 30 days", async () => {
      const soon = await createAuthority({ notAfter: new Date(Date.now() + 20 * 24 * 60 * 60 * 1000) });
      const id = on.rig.organization.upload({ name: "soon", certificate: soon.certificate });
      const run = on.rig.run();
      await run.activation.check({}, { certificateIds: [id] });
      expect(run.said.text).toMatch(
        /warning: the last anchor of this set expires on \d{4}-\d\d-\d\d; then every client is refused/,
      );
    });

    it("refuses over foreign live anchors although its own on.ids are unknown, as the uploads explain them", async () => {
      on.rig.organization.activate(on.some(0, 2));
      const run = on.rig.run();
      const { certificate } = await createAuthority();
      await run.certificate.check({}, { certificate, name: "new-root" });
      expect(await on.refusedBy({ certificateIds: [UNKNOWN] }, run)).toMatch(/would deactivate 2 anchors/);
    });

    it("does not refuse over live anchors that certificates of the same program adopt", async () => {
      on.rig.organization.activate(on.some(0, 2));
      const run = on.rig.run();
      const anchors = realAnchors(2);
      await run.certificate.check({}, { certificate: anchors[0], name: "a", adopt: on.ids[0] });
      await run.certificate.check({}, { certificate: anchors[1], name: "b", adopt: true });
      expect(await on.refusedBy({ certificateIds: [UNKNOWN, UNKNOWN] }, run)).toBe("");
    });

    it("does not refuse where unknown on.ids from elsewhere may be the live ones", async () => {
      on.rig.organization.activate(on.some(0, 2));
      expect(await on.refusedBy({ certificateIds: [UNKNOWN, UNKNOWN] })).toBe("");
      expect(await on.refusedBy({ certificateIds: [UNKNOWN] })).toMatch(/would deactivate/);
    });
  });
});
