import { createAuthority } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TRANSPORTS } from "../support/transports";
import { Walk } from "../support/walk";

const [a = "", b = "", c = ""] = realAnchors(3);

// What only the lifecycle's own code decides runs on one transport.
describe.each(TRANSPORTS)("on the real engine (%s)", (transport) => {
  const begin = (...[emulator, stack]: Parameters<typeof Walk.begin>) => Walk.begin(emulator, { transport, ...stack });
  let walk: Walk;
  afterEach(() => walk.end());

  describe("a run that is told which resources to touch", () => {
    it("takes nothing away that a resource it leaves out wants", async () => {
      walk = await begin({ projects: [{ id: "proj_one", name: "One" }] });
      const program = (more: Partial<Declared> = {}): Declared => ({
        certificates: { a: { certificate: a }, b: { certificate: b } },
        activations: { org: { certificateIds: ["@a", "@b"], exclusive: false } },
        projects: { one: { projectId: "proj_one", certificateIds: ["@b"], exclusive: false } },
        ...more,
      });
      await walk.go("up", program());
      const destroyed = await walk.go("destroy", {}, { target: ["one"] });
      expect(destroyed.wrote).toEqual([]);
      expect({ organization: walk.active(), project: walk.active("proj_one") }).toEqual({
        organization: ["a", "b"],
        project: ["b"],
      });
      // Taken from the set of one, while the other is not asked.
      const dropped = program({ activations: { org: { certificateIds: ["@a"], exclusive: false } } });
      const targeted = await walk.go("up", dropped, { target: ["org"] });
      expect(targeted.wrote).toEqual(["POST /deactivate"]);
      expect(walk.active("proj_one")).toEqual(["b"]);
      const excluded = await walk.go("up", program(), { exclude: ["org"] });
      expect(excluded.wrote).toEqual([]);
      expect({ organization: walk.active(), project: walk.active("proj_one") }).toEqual({
        organization: ["a"],
        project: ["b"],
      });
    });

    it("creates an activation of an anchor that it leaves out and whose CEL filter waits: the classes hold it back", async () => {
      walk = await begin();
      const certificates = { a: { certificate: a, celFilter: { expression: 'subject.organization == "Example"' } } };
      await walk.go("up", { certificates });
      await walk.go("up", { certificates, activations: { org: { certificateIds: ["@a"] } } }, { target: ["org"] });
      // The plugin is told ids alone: of the filter it knows only where the certificate's own calls are in the same process.
      expect(walk.active()).toEqual(transport === "native" ? ["a"] : []);
    });

    it("leaves an anchor alone that was replaced, while the set that lists it is left out", async () => {
      walk = await begin();
      const program = (certificate: string): Declared => ({
        certificates: { a: { certificate } },
        activations: { org: { certificateIds: ["@a"] } },
      });
      await walk.go("up", program(a));
      const excluded = await walk.go("up", program(b), { exclude: ["org"] });
      expect(excluded.wrote).toEqual(["POST /"]);
      expect(walk.organization.certificates().filter(({ active }) => active)).toHaveLength(1);
      const all = await walk.go("up", program(b));
      expect(all.wrote).toEqual(["POST /activate", "POST /deactivate", "DELETE /{id}"]);
      expect(walk.active()).toEqual(["a"]);
    });

    it("does not lock out a client that a project relies on the organization for, where the organization's activation names it", async () => {
      walk = await begin({ projects: [{ id: "proj_one", name: "One" }] });
      const root = await createAuthority({ commonName: "Corp Root" });
      const client = await root.client({ commonName: "gateway" });
      const program = (ids: string[]): Declared => ({
        certificates: { root: { certificate: root.certificate }, b: { certificate: b } },
        activations: { org: { certificateIds: ids, requiredClients: [client.chain] } },
        projects: { one: { projectId: "proj_one", certificateIds: [], requiredClients: [client.chain] } },
      });
      await walk.go("up", program(["@root", "@b"]));
      const refused = await walk.try("up", program(["@b"]), { target: ["org"] });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toMatch(/required client CN=gateway .*would be locked out of the organization/);
      expect(refused.wrote).toEqual([]);
    });
  });

  if (transport === "dynamic") {
    describe("a certificate that is replaced on demand with adopt left in", () => {
      it.each([
        ["true", true as const],
        ["its id", "id" as const],
      ])("is taken over again, and not deleted: adopt is %s", async (_, adopt) => {
        walk = await begin();
        const id = walk.organization.upload({ name: "a", certificate: a });
        const program: Declared = { certificates: { a: { certificate: a, adopt: adopt === true ? true : id } } };
        await walk.go("up", program);
        const replaced = await walk.go("up", program, { replace: ["a"] });
        expect(replaced.wrote).toEqual([]);
        expect(walk.organization.certificates().map((one) => one.id)).toEqual([id]);
        expect((await walk.stack.drift(program)).exitCode).toBe(0);
      });

      it("is kept where a rotation was reverted while the delete of the old one was pending", async () => {
        walk = await begin();
        const program = (certificate: string): Declared => ({
          certificates: { a: { certificate, adopt: true } },
          activations: { org: { certificateIds: ["@a"] } },
        });
        await walk.go("up", program(a));
        walk.emulator.faults.add({ kind: "status", status: 403, match: { path: /\/activate$/ } });
        expect((await walk.try("up", program(c))).exitCode).not.toBe(0);
        expect(walk.stack.resources().some((one) => one.delete === true)).toBe(true);
        const reverted = await walk.go("up", program(a));
        expect(reverted.wrote).toEqual(["DELETE /{id}"]);
        expect(walk.organization.certificates()).toMatchObject([{ name: "a", active: true }]);
        expect((await walk.stack.drift(program(a))).exitCode).toBe(0);
      });
    });
  }
});
