import { createAuthority, startEmulator } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig } from "../../support/rig";
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

    it("asks for the project's id where there is no project with it, which may be its name", async () => {
      const { failures } = await on.rig.run().project.check({}, { projectId: "My project", certificateIds: [] });
      expect(failures.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(/404 not_found: .* Is that the project's id, such as proj_abc, and does the admin key/),
      ]);
    });

    it("repeats neither a private key nor an admin key that is in the place of an id", async () => {
      const { key } = await createAuthority();
      expect(await on.refusedBy({ certificateIds: [key, ADMIN_KEY] })).toMatch(
        /^certificateIds names \[redacted PEM\], \[redacted\], which/,
      );
      expect(await on.refusedBy({ certificateIds: [key], ignoreCertificateIds: [key] })).toMatch(
        /^\[redacted PEM\] cannot be/,
      );
      await expect(on.rig.run().activation.read(key, {})).rejects.toThrow(/^"\[redacted PEM\]" is not the id/);
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
      const celFilter = { expression: 'subject.organization == "Example"' };
      const certificateHints = [{ id: "cert_gone", name: "gone", celFilter, isExact: true }];
      expect(await on.refusedBy({ certificateIds: ["cert_gone"], certificateHints })).toMatch(/names cert_gone, which/);
    });

    it.each<[string, false | undefined]>([
      ["refuses an id that is not known yet, of a certificate of another organization, as the run would", undefined],
      ["refuses none where the API does not say whether two names are of one organization", false],
    ])("%s", async (_, organizationId) => {
      const other = await startEmulator({
        adminKey: ADMIN_KEY,
        ...(organizationId === undefined ? { organizationId: "org-eu" } : { organizationId }),
      });
      const rig = organizationId === undefined ? on.rig : await Rig.start({ organizationId });
      const eu = { adminKey: ADMIN_KEY, baseUrl: other.url };
      const run = rig.run({ "openai:organizations": JSON.stringify({ eu }) });
      const certificate = { certificate: realAnchors(26)[25], name: "root-eu", organization: "eu" };
      await run.certificate.check({}, certificate);
      const hint = { ...certificate, id: UNKNOWN, isExact: true };
      expect(await on.refusedBy({ certificateIds: [UNKNOWN], certificateHints: [hint] }, run)).toBe(
        organizationId === undefined
          ? 'certificateIds lists "root-eu", a certificate of organization "eu", which cannot be active in the organization: ' +
              "declare it, or this activation, with the other organization"
          : "",
      );
      await other.close();
      if (rig !== on.rig) {
        await rig.close();
      }
    });

    it("lets unknown values pass, as a whole and inside lists", async () => {
      expect(await on.refusedBy({ certificateIds: UNKNOWN })).toBe("");
      expect(
        await on.refusedBy({ certificateIds: [UNKNOWN, on.ids[0]], exclusive: UNKNOWN, organization: UNKNOWN }),
      ).toBe("");
    });

    it("keeps the program's order and repetition, and takes them for no change", async () => {
      const state = await on.create({ certificateIds: [on.ids[2], on.ids[0], on.ids[2]] });
      expect(state.inputs["certificateIds"]).toEqual([on.ids[2], on.ids[0], on.ids[2]]);
      expect(await on.up(state, { certificateIds: [on.ids[0], on.ids[2]] })).toMatchObject({ changed: false });
    });

    it("plans what was tampered with in preview too, where another id is not known yet", async () => {
      const state = await on.create({ certificateIds: on.some(0, 2) });
      on.rig.organization.deactivate(on.some(0, 1));
      const run = on.rig.run();
      const { inputs } = await run.activation.check(state.inputs, { certificateIds: [on.ids[0], UNKNOWN] });
      await run.activation.diff("organization", state.outs, inputs);
      expect(run.said.text).toContain(`+ activate ${on.ids[0]}`);
      expect(run.said.text).toContain(`- deactivate ${on.ids[1]}`);
    });

    it("takes the hints of a list that is ignored for nothing", async () => {
      const state = await on.create({ certificateIds: on.some(0, 1) });
      const other = await startEmulator({ adminKey: ADMIN_KEY, organizationId: "org-eu" });
      const eu = { adminKey: ADMIN_KEY, baseUrl: other.url };
      const run = on.rig.run({ "openai:organizations": JSON.stringify({ eu }) });
      const certificate = { certificate: realAnchors(26)[25], name: "root-eu", organization: "eu" };
      await run.certificate.check({}, certificate);
      const certificateHints = [{ ...certificate, id: UNKNOWN, isExact: true }];
      const { failures } = await run.activation.check(state.inputs, {
        certificateIds: on.some(0, 1),
        certificateHints,
      });
      expect(failures).toEqual([]);
      await other.close();
    });

    it("takes out the hints, so that they are in no state and no plan", async () => {
      const hint = { id: on.ids[0], name: "a", isExact: true };
      const { inputs } = await on.rig
        .run()
        .activation.check({}, { certificateIds: on.some(0, 1), certificateHints: [hint] });
      expect(inputs).toEqual({ certificateIds: on.some(0, 1) });
    });

    it("refuses a second name for one organization's set, which would take turns with the first", async () => {
      const named = { "openai:organizations": JSON.stringify({ main: { adminKey: ADMIN_KEY, timeoutSeconds: 9 } }) };
      const run = on.rig.run(named);
      expect(await on.refusedBy({ certificateIds: on.some(0, 1) }, run)).toBe("");
      expect(await on.refusedBy({ certificateIds: on.some(1, 2), organization: "main" }, run)).toMatch(
        /organization "main" and the default organization are the same organization/,
      );
    });

    it("warns in every run that deactivateOnDelete is set", async () => {
      const run = on.rig.run();
      const news = { certificateIds: on.some(0, 1), deactivateOnDelete: true };
      await run.activation.check(news, news);
      expect(run.said.text).toMatch(/^warning: deactivateOnDelete is set: deleting, renaming or replacing/m);
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

    it("names the certificates that are still to be created, by the hints", async () => {
      const run = on.rig.run();
      const { certificate } = await createAuthority();
      await run.activation.check({}, unknown({ name: "new-root", certificate }));
      expect(run.said.text).toMatch(/\+ activate "new-root" \(to be created, expires /);
    });

    it("says which certificates an id may be where no hint tells", async () => {
      const run = on.rig.run();
      const { certificate } = await createAuthority();
      await run.certificate.check({}, { certificate, name: "new-root" });
      await run.certificate.check({}, { certificate: realAnchors(1)[0], name: "taken-over", adopt: true });
      await run.activation.check({}, { certificateIds: [UNKNOWN] });
      expect(run.said.text).toContain(
        `+ activate 1 certificate whose id is not known before the run: it may be "new-root", "taken-over" (adopts ${on.ids[0]}), or active already`,
      );
    });

    it("names what is adopted: already active, or to be activated", async () => {
      on.rig.organization.activate(on.some(0, 1));
      const run = on.rig.run();
      const [one, other] = realAnchors(2);
      await run.activation.check(
        {},
        unknown({ name: "a", certificate: one, adopt: true }, { name: "b", certificate: other, adopt: on.ids[1] }),
      );
      expect(run.said.text).toMatch(new RegExp(`\\+ activate ${on.ids[1]} "anchor-1" .*, adopted`));
      expect(run.said.text).toMatch(new RegExp(`= already active: ${on.ids[0]} "anchor-0" .*, adopted`));
      expect(run.said.text).not.toContain("deactivate");
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

    it("refuses over foreign live anchors although its own ids are unknown, beside adopted ones too", async () => {
      on.rig.organization.activate(on.some(0, 3));
      const { certificate } = await createAuthority();
      expect(await on.refusedBy(unknown({ name: "new", certificate }))).toMatch(/would deactivate 3 anchors/);
      const adopted = { name: "a", certificate: realAnchors(1)[0], adopt: true };
      expect(await on.refusedBy(unknown({ name: "new", certificate }, adopted))).toMatch(/would deactivate 2 anchors/);
    });

    it("refuses an id that is ignored and, by its adoption, wanted", async () => {
      const adopted = unknown({ name: "a", certificate: realAnchors(1)[0], adopt: true });
      expect(await on.refusedBy({ ...adopted, ignoreCertificateIds: on.some(0, 1) })).toContain(
        `${on.ids[0]} would be in certificateIds, by adoption, and in ignoreCertificateIds at once`,
      );
    });

    it("does not refuse over live anchors that certificates of the same program adopt", async () => {
      on.rig.organization.activate(on.some(0, 2));
      const [one, other] = realAnchors(2);
      const adopted = unknown(
        { name: "a", certificate: one, adopt: on.ids[0] },
        { name: "b", certificate: other, adopt: true },
      );
      expect(await on.refusedBy(adopted)).toBe("");
    });

    it("does not refuse where unknown ids from elsewhere may be the live ones", async () => {
      on.rig.organization.activate(on.some(0, 2));
      expect(await on.refusedBy({ certificateIds: [UNKNOWN, UNKNOWN] })).toBe("");
      expect(await on.refusedBy({ certificateIds: [UNKNOWN] })).toMatch(/would deactivate/);
    });
  });
});

/** An activation of certificates whose ids are unknown, with what the TypeScript classes tell of them. */
function unknown(...hints: { name: string; certificate: string | undefined; adopt?: boolean | string | undefined }[]) {
  return {
    certificateIds: hints.map(() => UNKNOWN),
    certificateHints: hints.map((hint) => ({ ...hint, id: UNKNOWN, isExact: true })),
  };
}
