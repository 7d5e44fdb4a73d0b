import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig } from "../../support/rig";
import { Certified } from "./certified";

const [first = "", second = ""] = realAnchors(2);
const LIST = "GET /organization/certificates";
const GET = "GET /organization/certificates/{id}";
/** A second name of an organization, with a key of its own. */
const TWO_NAMES = { "openai:organizations": JSON.stringify({ main: { adminKey: ADMIN_KEY, timeoutSeconds: 7 } }) };

describe("Certificate", () => {
  const on = Certified.perTest();

  describe("diff", () => {
    it("sees no change in an anchor that is as it was, for one look however many ask", async () => {
      const created = await Promise.all(
        realAnchors(5).map((certificate, i) => on.create({ certificate, name: `root-${i}` })),
      );
      on.rig.calls();
      const run = on.rig.run();
      const diffs = await Promise.all(created.map(({ id, outs, inputs }) => run.certificate.diff(id, outs, inputs)));
      expect(diffs).toEqual(created.map(() => ({ changes: false })));
      expect(on.rig.calls()).toEqual(["GET /organization/certificates"]);
    });

    it("replaces for another DER, creating before deleting, and never while the PEM is unknown", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      const { certificate } = on.rig.run();
      expect(await certificate.diff(id, outs, { ...inputs, certificate: second })).toEqual({
        changes: true,
        replaces: ["certificate"],
        deleteBeforeReplace: false,
      });
      expect(await certificate.diff(id, outs, { ...inputs, certificate: UNKNOWN })).toEqual({ changes: true });
    });

    it("replaces for another organization, and takes another name of the same one for no replacement", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      const named = { ...inputs, organization: "main" };
      expect(await on.rig.run(TWO_NAMES).certificate.diff(id, outs, named)).toEqual({ changes: true });
      await on.rig.run(TWO_NAMES).certificate.update(id, outs, named);
      expect(on.rig.writes()).toEqual(["POST /organization/certificates"]);
      const other = await Rig.start({ organizationId: "org-other" });
      const elsewhere = { main: { adminKey: ADMIN_KEY, baseUrl: other.emulator.url } };
      const run = on.rig.run({ "openai:organizations": JSON.stringify(elsewhere) });
      const diff = await run.certificate.diff(id, outs, named).finally(() => other.close());
      expect(diff).toMatchObject({ replaces: ["organization"] });
    });

    it("refuses another organization with a CEL filter, and says without one that a filter is not carried over", async () => {
      const other = await Rig.start({ organizationId: "org-other" });
      try {
        const eu = { adminKey: ADMIN_KEY, baseUrl: other.emulator.url };
        const config = { "openai:organizations": JSON.stringify({ eu }) };
        const plain = await on.create({ certificate: first, name: "plain" });
        const filtered = await on.create({ certificate: second, name: "filtered", celFilter: { expression: "true" } });
        const moved = async ({ id, outs, inputs }: typeof plain, news: object = {}) => {
          const run = on.rig.run(config);
          const checked = await run.certificate.check(inputs, { ...inputs, organization: "eu", ...news });
          expect(checked.failures).toEqual([]);
          const diff = run.certificate.diff(id, outs, checked.inputs);
          return { diff: await diff.catch(({ message }: Error) => message), said: run.said.text };
        };
        for (const news of [{}, { certificate: UNKNOWN }]) {
          expect(await moved(plain, news)).toMatchObject({
            diff: { replaces: ["organization"] },
            said: expect.stringMatching(
              /"plain" in organization "eu" is replaced .* a CEL filter .* is not carried over/,
            ),
          });
          expect((await moved(filtered, news)).diff).toMatch(
            /replacing the certificate of "filtered" in organization "eu" in place would lose its CEL filter/,
          );
        }
        // In a refresh the engine asks before any check.
        expect(
          await on.rig
            .run(config)
            .certificate.diff(filtered.id, filtered.outs, { ...filtered.inputs, organization: "eu" }),
        ).toMatchObject({ replaces: ["organization"] });
      } finally {
        await other.close();
      }
    });

    it("compares the name with state, so that a name changed by hand shows in a refresh only", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      expect(await on.rig.run().certificate.diff(id, outs, { ...inputs, name: "new" })).toEqual({ changes: true });
      on.rig.organization.rename(id, "by hand");
      expect(await on.rig.run().certificate.diff(id, outs, inputs)).toEqual({ changes: false });
      const { props = {} } = await on.rig.run().certificate.read(id, outs);
      expect(await on.rig.run().certificate.diff(id, props, inputs)).toEqual({ changes: true });
    });

    it("uploads again what was deleted by hand, after its own 404 has confirmed it, and says so only in a run of the program", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.remove(id);
      on.rig.calls();
      const refresh = on.rig.run();
      expect(await refresh.certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
      expect(on.rig.calls()).toEqual([LIST, GET]);
      expect(refresh.said.text).toBe("");
      const up = on.rig.run();
      await up.certificate.check(inputs, inputs);
      expect(await up.certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
      expect(up.said.text).toContain(`${id} "root" was deleted outside of Pulumi: it is uploaded again`);
    });
  });

  describe("read", () => {
    it("answers inputs too, so that drift shows by property", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.rename(id, "by hand");
      on.rig.calls();
      const answer = await on.rig.run().certificate.read(id, outs);
      expect(answer).toEqual({ id, props: { ...outs, name: "by hand" }, inputs: { ...inputs, name: "by hand" } });
      expect(on.rig.calls()).toEqual([LIST]);
    });

    it("forgets a certificate only when the API's own 404 says that it is gone", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.remove(id);
      expect(await on.rig.run().certificate.read(id, outs)).toEqual({});
      on.rig.emulator.faults.add({ kind: "garbage", status: 404, match: { path: `/organization/certificates/${id}` } });
      await expect(on.rig.run().certificate.read(id, outs)).rejects.toThrow(/404: an answer that is not the API's/);
    });

    it("knows everything from the id alone, for Certificate.get, and names an id that does not exist", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      expect((await on.rig.run().certificate.read(id, {})).props).toEqual(outs);
      await expect(on.rig.run().certificate.read("cert_gone", {})).rejects.toThrow(
        "the organization has no certificate cert_gone",
      );
    });
  });

  describe("where an organization has two names", () => {
    it("answers the one that it was asked for by, whichever was used before", async () => {
      const id = on.rig.organization.upload({ name: "a", certificate: first });
      const us = { adminKey: ADMIN_KEY, baseUrl: on.rig.emulator.url };
      const run = on.rig.run({ "openai:organizations": JSON.stringify({ us, too: us }) });
      for (const organization of ["too", "us", undefined]) {
        const { props, inputs } = await run.certificate.read(id, organization === undefined ? {} : { organization });
        expect([props?.["organization"], inputs?.["organization"]]).toEqual([organization, organization]);
      }
    });
  });

  describe("update", () => {
    it("is one POST", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      on.rig.calls();
      const updated = await on.rig.run().certificate.update(id, outs, { ...inputs, name: "new", __provider: "x" });
      expect(on.rig.calls()).toEqual(["POST /organization/certificates/{id}"]);
      expect(updated.outs).toEqual({ ...outs, name: "new" });
    });
  });

  describe("delete", () => {
    it("is one DELETE, and a certificate that is gone already is a success", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      on.rig.calls();
      await on.rig.run().certificate.delete(id, outs);
      await on.rig.run().certificate.delete(id, outs);
      expect(on.rig.calls()).toEqual([
        "DELETE /organization/certificates/{id}",
        "DELETE /organization/certificates/{id}",
      ]);
    });

    it("names the organization and each project that holds it, and lists projects only then", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      const pilot = on.rig.organization.addProject({ name: "pilot" });
      on.rig.organization.activate([id]);
      on.rig.organization.activate([id], pilot.id);
      const failed = await on.rig
        .run()
        .certificate.delete(id, outs)
        .catch((error: Error) => error.message);
      expect(failed).toContain(
        `${id} "root" is not deleted: it is still active in the organization, project ${pilot.id} "pilot"`,
      );
      expect(failed).toMatch(/\(400 certificate_in_use, request req_\w+\).*deactivateOnDelete: true/);
      expect(on.rig.organization.certificates()).toHaveLength(1);
    });

    it("waits out a deactivation that takes a moment to show", async () => {
      await on.rig.close();
      on.rig = await Rig.start({ deactivationLag: 2 });
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.activate([id]);
      on.rig.organization.deactivate([id]);
      on.rig.calls();
      await on.rig.run().certificate.delete(id, outs);
      expect(on.rig.calls()).toEqual(Array(3).fill("DELETE /organization/certificates/{id}"));
    });

    it("leaves alone what another resource of the run has adopted under another name of the organization", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      const run = on.rig.run(TWO_NAMES);
      await on.create({ certificate: first, name: "root", adopt: true, organization: "main" }, run);
      await run.certificate.delete(id, outs);
      expect(on.rig.organization.certificates()).toHaveLength(1);
    });

    it("leaves alone what another resource of the run has adopted", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      const run = on.rig.run();
      await on.create({ certificate: first, name: "root", adopt: id }, run);
      on.rig.calls();
      await run.certificate.delete(id, outs);
      expect(on.rig.calls()).toEqual([]);
      expect(run.said.text).toContain(`${id} "root" is not deleted: a resource of this program, "root", holds it`);
    });
  });
});
