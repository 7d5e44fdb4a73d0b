import { createAuthority } from "../../../emulator";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { Certified } from "./certified";

const DAY = 24 * 60 * 60 * 1000;
const [first = "", second = "", third = ""] = realAnchors(3);

describe("Certificate", () => {
  const on = Certified.perTest();

  describe("create", () => {
    it("uploads once after one look, and answers what state holds", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      expect(on.rig.calls()).toEqual(["GET /organization/certificates", "POST /organization/certificates"]);
      const [live] = on.rig.organization.certificates();
      expect(live).toMatchObject({ id, name: "root", fingerprint: fingerprintOf(first) });
      expect(outs).toEqual({
        ...inputs,
        fingerprint: fingerprintOf(first),
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        validAt: new Date((live?.validAt ?? 0) * 1000).toISOString().replace(".000", ""),
        expiresAt: new Date((live?.expiresAt ?? 0) * 1000).toISOString().replace(".000", ""),
        organizationId: expect.stringMatching(/^org-/),
      });
    });

    it("looks once for twelve parallel uploads", async () => {
      const run = on.rig.run();
      await Promise.all(
        realAnchors(12).map((certificate, index) => on.create({ certificate, name: `root-${index}` }, run)),
      );
      expect(on.rig.calls().filter((call) => call.startsWith("GET"))).toHaveLength(1);
      expect(on.rig.organization.certificates()).toHaveLength(12);
    });

    it("warns of a twin, in preview too, names it and how to keep it, and uploads all the same", async () => {
      const twin = on.rig.organization.upload({ name: "made by hand", certificate: first });
      const run = on.rig.run();
      await on.create({ certificate: first, name: "root" }, run);
      expect(run.said.text).toContain(`${twin} "made by hand"`);
      expect(run.said.text).toContain(`adopt: "${twin}"`);
      expect(on.rig.organization.certificates()).toHaveLength(2);
    });

    it("refuses the 51st certificate in check, with the count and how to proceed", async () => {
      for (const certificate of realAnchors(49)) {
        on.rig.organization.upload({ certificate });
      }
      const [fits, tooMany] = await Promise.all([createAuthority(), createAuthority()]);
      const { certificate } = on.rig.run();
      expect((await certificate.check({}, { certificate: fits.certificate, name: "fits" })).failures).toEqual([]);
      on.rig.calls();
      const { failures } = await certificate.check({}, { certificate: tooMany.certificate, name: "one too many" });
      expect(failures[0]?.reason).toMatch(
        /"one too many" would be one upload too many: the organization has 49 certificates and may hold 50, and this run would upload 2 .*at most 1 in one run/,
      );
      expect(on.rig.calls()).toEqual([]);
    });

    it("counts a replacement once, although its check runs twice, and an adoption never", async () => {
      for (const certificate of realAnchors(49)) {
        on.rig.organization.upload({ certificate });
      }
      const { certificate } = await createAuthority();
      const run = on.rig.run();
      for (const olds of [{ certificate: first, name: "root" }, {}]) {
        expect((await run.certificate.check(olds, { certificate, name: "root" })).failures).toEqual([]);
      }
      const adopted = { certificate: first, name: "adopted", adopt: true };
      expect((await run.certificate.check({}, adopted)).failures).toEqual([]);
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
      const run = on.rig.run();
      await run.certificate.check({}, { certificate: first, name: "root" });
      on.rig.emulator.faults.add({ ...fault, match: { method: "POST" } });
      if (times === 2) {
        on.rig.emulator.faults.add({ kind: "drop", match: { method: "GET", skip: 1 } });
      }
      const { id } = await on.create({ certificate: first, name: "root" }, run);
      expect(on.rig.emulator.faults.pending).toBe(0);
      expect(on.rig.organization.certificates().map((one) => one.id)).toEqual([id]);
      expect(on.rig.writes()).toHaveLength(posts);
    });

    it("does not take a twin from before the run for its own lost upload", async () => {
      const twin = on.rig.organization.upload({ name: "root", certificate: first });
      on.rig.emulator.faults.add({ kind: "drop", at: "after", match: { method: "POST" } });
      const { id } = await on.create({ certificate: first, name: "root" });
      expect(id).not.toBe(twin);
      expect(on.rig.organization.certificates()).toHaveLength(2);
    });

    it("keeps two resources with one content apart when both answers are lost", async () => {
      const run = on.rig.run();
      on.rig.emulator.faults.add({ kind: "drop", at: "after", match: { method: "POST", times: 2 } });
      const both = await Promise.all([
        on.create({ certificate: first, name: "root" }, run),
        on.create({ certificate: first, name: "root" }, run),
      ]);
      expect(new Set(both.map(({ id }) => id)).size).toBe(2);
      expect(on.rig.organization.certificates()).toHaveLength(2);
    });

    it("gives up with one message when the API stays broken, and says how the next run makes no copy", async () => {
      on.rig.emulator.faults.add({
        kind: "status",
        status: 503,
        message: "down",
        match: { method: "POST", times: Infinity },
      });
      await expect(on.rig.run().certificate.create({ certificate: first, name: "a" })).rejects.toThrow(
        /^upload of "a": it may have been uploaded, but .* not listed after 5 attempts\. POST \/organization\/certificates: 503.*down.* Set adopt: true/,
      );
    });
  });

  describe("adopt", () => {
    it("takes over the certificate an id names when its content is the same, writing nothing", async () => {
      const id = on.rig.organization.upload({ name: "root", certificate: first });
      const created = await on.create({ certificate: first, name: "root", adopt: id });
      expect(created.id).toBe(id);
      expect(on.rig.writes()).toEqual([]);
    });

    it("renames what it takes over when the program says another name", async () => {
      const id = on.rig.organization.upload({ name: "by hand", certificate: first });
      await on.create({ certificate: first, name: "root", adopt: id });
      expect(on.rig.writes()).toEqual(["POST /organization/certificates/{id}"]);
      expect(on.rig.organization.certificates()[0]?.name).toBe("root");
    });

    it("uploads where the id holds another certificate or does not exist, and says why in check", async () => {
      const id = on.rig.organization.upload({ name: "other", certificate: second });
      for (const [adopt, because] of [
        [id, `adopt names ${id} "other"`],
        ["cert_gone", "adopt names cert_gone, which the organization does not have"],
      ] as const) {
        const run = on.rig.run();
        const created = await on.create({ certificate: first, name: "root", adopt }, run);
        expect(run.said.text).toMatch(new RegExp(`warning: ${because}.*: "root" is uploaded instead`));
        expect(created.id).not.toBe(id);
        on.rig.organization.remove(created.id);
      }
    });

    it("uploads where another resource of the run has just taken the id that it names, with another content", async () => {
      const id = on.rig.organization.upload({ name: "root", certificate: first });
      const run = on.rig.run();
      await on.create({ certificate: first, name: "root", adopt: true }, run);
      expect((await on.create({ certificate: second, name: "other", adopt: id }, run)).id).not.toBe(id);
    });

    it("may stay in the program: the anchor can be replaced, and comes back after it was deleted by hand", async () => {
      const id = on.rig.organization.upload({ name: "root", certificate: first });
      const { outs, inputs } = await on.create({ certificate: first, name: "root", adopt: id });
      const rotated = await on.create({ certificate: second, name: "root", adopt: id });
      expect(rotated.id).not.toBe(id);
      on.rig.organization.remove(id);
      expect(await on.rig.run().certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
      expect((await on.create({ certificate: first, name: "root", adopt: id })).id).not.toBe(id);
    });

    it("with true takes a twin that the API lists without its dates, which its document does not promise", async () => {
      const twin = on.rig.organization.upload({ name: "root", certificate: first });
      const undated = (body: unknown) => {
        const page = body as { data: object[] };
        return { ...page, data: page.data.map((item) => ({ ...item, certificate_details: {} })) };
      };
      const match = { method: "GET", path: "/organization/certificates", times: Infinity };
      on.rig.emulator.faults.add({ kind: "body", change: undated, match });
      expect((await on.create({ certificate: first, name: "root", adopt: true })).id).toBe(twin);
    });

    it("with true takes the only twin, uploads where there is none, and refuses to choose between two", async () => {
      const twin = on.rig.organization.upload({ name: "root", certificate: first });
      on.rig.organization.upload({ name: "b1", certificate: second });
      on.rig.organization.upload({ name: "b2", certificate: second });
      expect((await on.create({ certificate: first, name: "root", adopt: true })).id).toBe(twin);
      await on.create({ certificate: third, name: "new", adopt: true });
      expect(on.rig.writes()).toEqual(["POST /organization/certificates"]);
      const { failures } = await on.rig.run().certificate.check({}, { certificate: second, name: "b", adopt: true });
      expect(failures[0]?.reason).toMatch(/finds 2 certificates.*"b2".*"b1"/);
    });

    describe("takes over nothing that is gone", () => {
      const adopting = { certificate: first, name: "root", adopt: true };

      it("because this run has deleted it, as with deleteBeforeReplace", async () => {
        const { id, outs } = await on.create(adopting);
        const run = on.rig.run();
        const { inputs } = await run.certificate.check({}, adopting);
        await run.certificate.delete(id, outs);
        const created = await run.certificate.create(inputs);
        expect(on.rig.organization.certificates()).toMatchObject([{ id: created.id }]);
      });

      it.each([
        ["found by its content", () => true, "root"],
        ["named by its id", (id: string) => id, "root"],
        ["to be renamed", () => true, "by hand"],
      ])("because somebody has deleted it since check: one that is %s", async (_, adopt, name) => {
        const id = on.rig.organization.upload({ name, certificate: first });
        const run = on.rig.run();
        const { inputs } = await run.certificate.check({}, { ...adopting, adopt: adopt(id) });
        on.rig.organization.remove(id);
        const created = await run.certificate.create(inputs);
        expect(created.id).not.toBe(id);
        expect(on.rig.organization.certificates()).toMatchObject([{ id: created.id, name: "root" }]);
        expect(run.said.text).toContain(
          `warning: ${id} "${name}" was deleted during this run: "root" is uploaded instead`,
        );
      });
    });

    it("takes over an anchor that has expired: nothing has to be uploaded for it", async () => {
      const old = await createAuthority({ notAfter: new Date(Date.now() + 2 * DAY) });
      const id = on.rig.organization.upload({ name: "old", certificate: old.certificate });
      const run = on.rig.run();
      run.clock.advance(5 * DAY);
      expect((await on.create({ certificate: old.certificate, name: "old", adopt: id }, run)).id).toBe(id);
    });
  });
});
