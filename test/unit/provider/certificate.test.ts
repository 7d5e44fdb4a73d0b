import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";

const DAY = 24 * 60 * 60 * 1000;
const [first = "", second = "", third = ""] = realAnchors(3);

describe("Certificate", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start();
  });
  afterEach(() => rig.close());

  /** What the engine does to create: check, then create with the checked inputs. */
  async function create(inputs: Record<string, unknown>, run = rig.run()) {
    const checked = await run.certificate.check({}, inputs);
    expect(checked.failures).toEqual([]);
    return { ...(await run.certificate.create(checked.inputs)), inputs: checked.inputs };
  }

  describe("check", () => {
    const refusedBy = async (news: Record<string, unknown>, olds = {}) => {
      const { failures } = await rig.run().certificate.check(olds, news);
      expect(rig.calls()).toEqual([]);
      return failures.map(({ reason }) => reason);
    };

    it("refuses a private key, naming the property and repeating none of it", async () => {
      const { key } = await createAuthority();
      const [reason, ...more] = await refusedBy({ certificate: `${first}\n${key}`, name: "a" });
      expect(more).toEqual([]);
      expect(reason).toMatch(/^certificate holds a private key/);
      for (const line of key.split("\n").filter((text) => text !== "" && !text.startsWith("-"))) {
        expect(reason).not.toContain(line);
      }
    });

    it("never names the property to the engine, which would print its value", async () => {
      const { failures } = await rig.run().certificate.check({}, { certificate: "no certificate", name: "a" });
      expect(failures.map(({ property }) => property)).toEqual([""]);
    });

    it.each([
      ["no certificate", "hello", /holds no PEM certificate/],
      ["a bundle", `${first}\n${second}`, /holds 2 certificates/],
      [
        "text that does not parse",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        /does not decode to X\.509/,
      ],
    ])("refuses %s", async (_, certificate, reason) => {
      expect(await refusedBy({ certificate, name: "a" })).toEqual([expect.stringMatching(reason)]);
    });

    it("refuses wrong types, each by its property", async () => {
      const reasons = await refusedBy({ certificate: 1, name: "", organization: 2, adopt: {} });
      expect(reasons.map((reason) => reason.split(" ")[0])).toEqual(["certificate", "name", "organization", "adopt"]);
    });

    it("refuses a certificate that is not valid for one more day, but never an anchor that is there already", async () => {
      const almost = await createAuthority({ notAfter: new Date(Date.now() + DAY - 60_000) });
      const news = { certificate: almost.certificate, name: "a" };
      expect(await refusedBy(news)).toEqual([expect.stringMatching(/within a day/)]);
      expect(await refusedBy({ ...news, name: "b" }, news)).toEqual([]);
      const expired = await createAuthority({ notAfter: new Date(Date.now() - DAY) });
      expect(await refusedBy({ certificate: expired.certificate, name: "a" })).toEqual([
        expect.stringMatching(/^certificate expired on \d{4}-\d\d-\d\d/),
      ]);
    });

    it("warns from 30 days before the end", async () => {
      const run = rig.run();
      const soon = await createAuthority({ notAfter: new Date(Date.now() + 12.5 * DAY) });
      await run.certificate.check({}, { certificate: soon.certificate, name: "soon" });
      expect(run.said.text).toMatch(/^warning: certificate "soon" expires in 12 days \(\d{4}-\d\d-\d\d\): rotate it$/);
    });

    it("says both ways to give a key where there is none, and the names where an organization is not configured", async () => {
      const without = await rig
        .run({ "openai:adminKey": undefined })
        .certificate.check({}, { certificate: first, name: "a" });
      expect(without.failures[0]?.reason).toMatch(/openai:adminKey.*OPENAI_ADMIN_KEY/);
      const reasons = await rig
        .run({ "openai:organizations": '{"eu":{"adminKey":"k"},"us":{"adminKey":"l"}}' })
        .certificate.check({}, { certificate: first, name: "a", organization: "asia" });
      expect(reasons.failures[0]?.reason).toMatch(/"asia" is not configured.*eu, us/);
    });

    it("lets unknown values pass", async () => {
      expect(await refusedBy({ certificate: UNKNOWN, name: UNKNOWN, organization: UNKNOWN, adopt: UNKNOWN })).toEqual(
        [],
      );
    });

    it("makes the PEM canonical, so that white space, CRLF and comments never reach the engine's diff", async () => {
      const dressed = `# our root\r\n\r\n${first.replace(/\n/g, "\r\n")}\r\n\r\n`;
      const { inputs } = await rig.run().certificate.check({}, { certificate: dressed, name: "a" });
      const plain = await rig.run().certificate.check({}, { certificate: first, name: "a" });
      expect(inputs).toEqual(plain.inputs);
    });
  });

  describe("create", () => {
    it("uploads once after one look, and answers what state holds", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      expect(rig.calls()).toEqual(["GET /organization/certificates", "POST /organization/certificates"]);
      const [live] = rig.organization.certificates();
      expect(live).toMatchObject({ id, name: "root", fingerprint: fingerprintOf(first) });
      expect(outs).toEqual({
        ...inputs,
        fingerprint: fingerprintOf(first),
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        validAt: new Date((live?.validAt ?? 0) * 1000).toISOString().replace(".000", ""),
        expiresAt: new Date((live?.expiresAt ?? 0) * 1000).toISOString().replace(".000", ""),
      });
    });

    it("looks once for twelve parallel uploads", async () => {
      const run = rig.run();
      await Promise.all(
        realAnchors(12).map((certificate, index) => create({ certificate, name: `root-${index}` }, run)),
      );
      expect(rig.calls().filter((call) => call.startsWith("GET"))).toHaveLength(1);
      expect(rig.organization.certificates()).toHaveLength(12);
    });

    it("warns of a twin, naming it and the ways out, and uploads all the same", async () => {
      const twin = rig.organization.upload({ name: "made by hand", certificate: first });
      const run = rig.run();
      await create({ certificate: first, name: "root" }, run);
      expect(run.said.text).toContain(`${twin} "made by hand"`);
      expect(run.said.text).toContain(`adopt: "${twin}"`);
      expect(rig.organization.certificates()).toHaveLength(2);
    });

    it("names the cap with the 51st certificate", async () => {
      for (const certificate of realAnchors(50)) {
        rig.organization.upload({ certificate });
      }
      const fresh = await createAuthority();
      const inputs = { certificate: fresh.certificate, name: "one too many" };
      await expect(rig.run().certificate.create(inputs)).rejects.toThrow(/POST \/organization\/certificates: 400 .*50/);
    });

    it.each([
      ["dropped after the commit", { kind: "drop", at: "after" }, 1, 1],
      ["dropped before the commit", { kind: "drop", at: "before" }, 1, 2],
      ["dropped after the commit, and its look dropped too", { kind: "drop", at: "after" }, 2, 1],
      ["500 after the commit", { kind: "status", status: 500, at: "after" }, 1, 1],
      ["502 before the commit", { kind: "status", status: 502, at: "before" }, 1, 2],
      ["cut short", { kind: "truncate" }, 1, 1],
      ["HTML with status 200 after the commit", { kind: "garbage", at: "after" }, 1, 1],
    ] as const)("ends as exactly one certificate when the answer is %s", async (_, fault, times, posts) => {
      const run = rig.run();
      await run.certificate.check({}, { certificate: first, name: "root" });
      rig.emulator.faults.add({ ...fault, match: { method: "POST" } });
      if (times === 2) {
        rig.emulator.faults.add({ kind: "drop", match: { method: "GET", skip: 1 } });
      }
      const { id } = await create({ certificate: first, name: "root" }, run);
      expect(rig.emulator.faults.pending).toBe(0);
      expect(rig.organization.certificates().map((one) => one.id)).toEqual([id]);
      expect(rig.writes()).toHaveLength(posts);
    });

    it("does not take a twin from before the run for its own lost upload", async () => {
      const twin = rig.organization.upload({ name: "root", certificate: first });
      rig.emulator.faults.add({ kind: "drop", at: "after", match: { method: "POST" } });
      const { id } = await create({ certificate: first, name: "root" });
      expect(id).not.toBe(twin);
      expect(rig.organization.certificates()).toHaveLength(2);
    });

    it("keeps two resources with one content apart when both answers are lost", async () => {
      const run = rig.run();
      rig.emulator.faults.add({ kind: "drop", at: "after", match: { method: "POST", times: 2 } });
      const both = await Promise.all([
        create({ certificate: first, name: "root" }, run),
        create({ certificate: first, name: "root" }, run),
      ]);
      expect(new Set(both.map(({ id }) => id)).size).toBe(2);
      expect(rig.organization.certificates()).toHaveLength(2);
    });

    it("gives up with one message when the API stays broken", async () => {
      rig.emulator.faults.add({
        kind: "status",
        status: 503,
        message: "down",
        match: { method: "POST", times: Infinity },
      });
      await expect(rig.run().certificate.create({ certificate: first, name: "a" })).rejects.toThrow(
        /^POST \/organization\/certificates: 503.*down/,
      );
    });
  });

  describe("adopt", () => {
    it("takes over the certificate an id names when its content is the same, writing nothing", async () => {
      const id = rig.organization.upload({ name: "root", certificate: first });
      const created = await create({ certificate: first, name: "root", adopt: id });
      expect(created.id).toBe(id);
      expect(rig.writes()).toEqual([]);
    });

    it("renames what it takes over when the program says another name", async () => {
      const id = rig.organization.upload({ name: "by hand", certificate: first });
      await create({ certificate: first, name: "root", adopt: id });
      expect(rig.writes()).toEqual(["POST /organization/certificates/{id}"]);
      expect(rig.organization.certificates()[0]?.name).toBe("root");
    });

    it.each(["check", "create"] as const)(
      "refuses an id that holds another certificate in %s, changing nothing",
      async (step) => {
        const id = rig.organization.upload({ name: "other", certificate: second });
        const inputs = { certificate: first, name: "root", adopt: id };
        const { certificate } = rig.run();
        const message =
          step === "check"
            ? (await certificate.check({}, inputs)).failures[0]?.reason
            : await certificate.create(inputs).catch((error: Error) => error.message);
        expect(message).toContain(`${id} "other"`);
        expect(message).toContain("nothing was changed");
        expect(rig.writes()).toEqual([]);
      },
    );

    it("refuses an id that does not exist", async () => {
      const { failures } = await rig.run().certificate.check({}, { certificate: first, name: "a", adopt: "cert_gone" });
      expect(failures[0]?.reason).toMatch(/adopt names cert_gone, which the organization does not have/);
    });

    it("with true takes the only twin, uploads where there is none, and refuses to choose between two", async () => {
      const twin = rig.organization.upload({ name: "root", certificate: first });
      rig.organization.upload({ name: "b1", certificate: second });
      rig.organization.upload({ name: "b2", certificate: second });
      expect((await create({ certificate: first, name: "root", adopt: true })).id).toBe(twin);
      await create({ certificate: third, name: "new", adopt: true });
      expect(rig.writes()).toEqual(["POST /organization/certificates"]);
      const { failures } = await rig.run().certificate.check({}, { certificate: second, name: "b", adopt: true });
      expect(failures[0]?.reason).toMatch(/finds 2 certificates.*"b2".*"b1"/);
    });

    it("takes over an anchor that has expired: nothing has to be uploaded for it", async () => {
      const old = await createAuthority({ notAfter: new Date(Date.now() + 2 * DAY) });
      const id = rig.organization.upload({ name: "old", certificate: old.certificate });
      const run = rig.run();
      run.clock.advance(5 * DAY);
      expect((await create({ certificate: old.certificate, name: "old", adopt: id }, run)).id).toBe(id);
    });
  });

  describe("diff", () => {
    it("sees no change in an anchor that is as it was, for one look however many ask", async () => {
      const created = await Promise.all(
        realAnchors(5).map((certificate, i) => create({ certificate, name: `root-${i}` })),
      );
      rig.calls();
      const run = rig.run();
      const diffs = await Promise.all(created.map(({ id, outs, inputs }) => run.certificate.diff(id, outs, inputs)));
      expect(diffs).toEqual(created.map(() => ({ changes: false })));
      expect(rig.calls()).toEqual(["GET /organization/certificates"]);
    });

    it("replaces for another DER and for another organization, creating before deleting", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      const { certificate } = rig.run();
      expect(await certificate.diff(id, outs, { ...inputs, certificate: second })).toEqual({
        changes: true,
        replaces: ["certificate"],
        deleteBeforeReplace: false,
      });
      expect(await certificate.diff(id, outs, { ...inputs, organization: "eu" })).toMatchObject({
        replaces: ["organization"],
      });
      expect(await certificate.diff(id, outs, { ...inputs, certificate: UNKNOWN })).toMatchObject({
        replaces: ["certificate"],
      });
    });

    it("updates in place for another name, and for a name that was changed behind our back", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      expect(await rig.run().certificate.diff(id, outs, { ...inputs, name: "new" })).toEqual({ changes: true });
      rig.organization.rename(id, "hacked");
      const run = rig.run();
      expect(await run.certificate.diff(id, outs, inputs)).toEqual({ changes: true });
      expect(run.said.text).toMatch(/renamed outside of Pulumi, from "root" to "hacked"/);
    });

    it("uploads again what was deleted behind our back, after its own 404 has confirmed it", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      rig.organization.remove(id);
      rig.calls();
      expect(await rig.run().certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
      expect(rig.calls()).toEqual(["GET /organization/certificates", "GET /organization/certificates/{id}"]);
    });
  });

  describe("read", () => {
    it("answers inputs too, so that drift shows by property", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      rig.organization.rename(id, "hacked");
      rig.calls();
      const answer = await rig.run().certificate.read(id, outs);
      expect(answer).toEqual({ id, props: { ...outs, name: "hacked" }, inputs: { ...inputs, name: "hacked" } });
      expect(rig.calls()).toEqual(["GET /organization/certificates"]);
    });

    it("says that a certificate is gone only when the API's own 404 says so", async () => {
      const { id, outs } = await create({ certificate: first, name: "root" });
      rig.organization.remove(id);
      expect(await rig.run().certificate.read(id, outs)).toEqual({});
      rig.emulator.faults.add({ kind: "garbage", status: 404, match: { path: `/organization/certificates/${id}` } });
      await expect(rig.run().certificate.read(id, outs)).rejects.toThrow(/404: an answer that is not the API's/);
    });

    it("knows everything from the id alone, for Certificate.get", async () => {
      const { id, outs } = await create({ certificate: first, name: "root" });
      expect((await rig.run().certificate.read(id, {})).props).toEqual(outs);
      expect(await rig.run().certificate.read("cert_gone", {})).toEqual({});
    });
  });

  describe("update", () => {
    it("is one POST", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      rig.calls();
      const updated = await rig.run().certificate.update(id, outs, { ...inputs, name: "new", __provider: "x" });
      expect(rig.calls()).toEqual(["POST /organization/certificates/{id}"]);
      expect(updated.outs).toEqual({ ...outs, name: "new" });
    });
  });

  describe("delete", () => {
    it("is one DELETE, and a certificate that is gone already is a success", async () => {
      const { id, outs } = await create({ certificate: first, name: "root" });
      rig.calls();
      await rig.run().certificate.delete(id, outs);
      await rig.run().certificate.delete(id, outs);
      expect(rig.calls()).toEqual(["DELETE /organization/certificates/{id}", "DELETE /organization/certificates/{id}"]);
    });

    it("names the organization and each project that holds it, and lists projects only then", async () => {
      const { id, outs } = await create({ certificate: first, name: "root" });
      const pilot = rig.organization.addProject({ name: "pilot" });
      rig.organization.activate([id]);
      rig.organization.activate([id], pilot.id);
      const failed = await rig
        .run()
        .certificate.delete(id, outs)
        .catch((error: Error) => error.message);
      expect(failed).toMatch(/certificate_in_use \(request req_\w+\)/);
      expect(failed).toContain(`the organization, project ${pilot.id} "pilot"`);
      expect(failed).toMatch(/CertificateActivation/);
      expect(rig.organization.certificates()).toHaveLength(1);
    });

    it("waits out a deactivation that takes a moment to show", async () => {
      await rig.close();
      rig = await Rig.start({ deactivationLag: 2 });
      const { id, outs } = await create({ certificate: first, name: "root" });
      rig.organization.activate([id]);
      rig.organization.deactivate([id]);
      rig.calls();
      await rig.run().certificate.delete(id, outs);
      expect(rig.calls()).toEqual(Array(3).fill("DELETE /organization/certificates/{id}"));
    });

    it("leaves alone what another resource of the run has adopted", async () => {
      const { id, outs } = await create({ certificate: first, name: "root" });
      const run = rig.run();
      await create({ certificate: first, name: "root", adopt: id }, run);
      rig.calls();
      await run.certificate.delete(id, outs);
      expect(rig.calls()).toEqual([]);
      expect(run.said.text).toContain(`${id} is not deleted`);
    });

    it("leaves it alone also in a later run, when the run in between was killed", async () => {
      const { id, outs, inputs } = await create({ certificate: first, name: "root" });
      const later = rig.run();
      await later.certificate.diff(id, outs, inputs);
      await later.certificate.delete(id, outs);
      expect(rig.organization.certificates()).toHaveLength(1);
    });
  });
});
