import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";
import { Certified } from "./certified";

const _DAY = 24 * 60 * 60 * 1000;
const [first = "", second = "", _third = ""] = realAnchors(3);

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

    it("replaces for another DER and for another organization, creating before deleting", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      const { certificate } = on.rig.run();
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
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      expect(await on.rig.run().certificate.diff(id, outs, { ...inputs, name: "new" })).toEqual({ changes: true });
      on.rig.organization.rename(id, "hacked");
      const run = on.rig.run();
      expect(await run.certificate.diff(id, outs, inputs)).toEqual({ changes: true });
      expect(run.said.text).toMatch(/renamed outside of Pulumi, from "root" to "hacked"/);
    });

    it("uploads again what was deleted behind our back, after its own 404 has confirmed it", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.remove(id);
      on.rig.calls();
      expect(await on.rig.run().certificate.diff(id, outs, inputs)).toMatchObject({ replaces: ["certificate"] });
      expect(on.rig.calls()).toEqual(["GET /organization/certificates", "GET /organization/certificates/{id}"]);
    });
  });

  describe("read", () => {
    it("answers inputs too, so that drift shows by property", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.rename(id, "hacked");
      on.rig.calls();
      const answer = await on.rig.run().certificate.read(id, outs);
      expect(answer).toEqual({ id, props: { ...outs, name: "hacked" }, inputs: { ...inputs, name: "hacked" } });
      expect(on.rig.calls()).toEqual(["GET /organization/certificates"]);
    });

    it("says that a certificate is gone only when the API's own 404 says so", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      on.rig.organization.remove(id);
      expect(await on.rig.run().certificate.read(id, outs)).toEqual({});
      on.rig.emulator.faults.add({ kind: "garbage", status: 404, match: { path: `/organization/certificates/${id}` } });
      await expect(on.rig.run().certificate.read(id, outs)).rejects.toThrow(/404: an answer that is not the API's/);
    });

    it("knows everything from the id alone, for Certificate.get", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      expect((await on.rig.run().certificate.read(id, {})).props).toEqual(outs);
      expect(await on.rig.run().certificate.read("cert_gone", {})).toEqual({});
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
      expect(failed).toMatch(/certificate_in_use \(request req_\w+\)/);
      expect(failed).toContain(`the organization, project ${pilot.id} "pilot"`);
      expect(failed).toMatch(/CertificateActivation/);
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

    it("leaves alone what another resource of the run has adopted", async () => {
      const { id, outs } = await on.create({ certificate: first, name: "root" });
      const run = on.rig.run();
      await on.create({ certificate: first, name: "root", adopt: id }, run);
      on.rig.calls();
      await run.certificate.delete(id, outs);
      expect(on.rig.calls()).toEqual([]);
      expect(run.said.text).toContain(`${id} is not deleted`);
    });

    it("leaves it alone also in a later run, when the run in between was killed", async () => {
      const { id, outs, inputs } = await on.create({ certificate: first, name: "root" });
      const later = on.rig.run();
      await later.certificate.diff(id, outs, inputs);
      await later.certificate.delete(id, outs);
      expect(on.rig.organization.certificates()).toHaveLength(1);
    });
  });
});
