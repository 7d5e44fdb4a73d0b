import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TRANSPORTS } from "../support/transports";
import { Walk } from "../support/walk";

const [a = "", b = "", c = "", d = ""] = realAnchors(4);
/** In such a run the engine reads and diffs everything in state before, in the process that then deletes. */
const REFRESH = { refresh: true };
const certificates = (given: Record<string, string>): NonNullable<Declared["certificates"]> =>
  Object.fromEntries(Object.entries(given).map(([name, certificate]) => [name, { certificate }]));

describe.each(TRANSPORTS)("on the real engine (%s)", (transport) => {
  const begin = (...[emulator, stack]: Parameters<typeof Walk.begin>) => Walk.begin(emulator, { transport, ...stack });
  let walk: Walk;
  beforeEach(async () => {
    walk = await begin({ projects: [{ name: "One" }, { name: "Two" }] });
  });
  afterEach(() => walk.end());
  const stateOf = (type: string) => walk.stack.resources().filter((one) => one.type.endsWith(`:${type}`));

  describe("a run that refreshes first", () => {
    it("deletes a certificate that the program has no longer, and one whose PEM has changed, and forgets neither", async () => {
      await walk.go("up", { certificates: certificates({ a, b, c }) });
      const removed = await walk.go("up", { certificates: certificates({ a, b }) }, REFRESH);
      expect(removed).toMatchObject({ wrote: ["DELETE /{id}"], changes: { delete: 1 } });
      expect(walk.names()).toEqual(["a", "b"]);
      const replaced = await walk.go("up", { certificates: certificates({ a, b: d }) }, REFRESH);
      expect(replaced).toMatchObject({ wrote: ["POST /", "DELETE /{id}"], changes: { replace: 1 } });
      expect(stateOf("Certificate").map(({ id }) => id)).toEqual(expect.arrayContaining([walk.id("a"), walk.id("b")]));
      const destroyed = await walk.go("destroy", {}, REFRESH);
      expect(destroyed.wrote).toEqual(["DELETE /{id}", "DELETE /{id}"]);
      expect(walk.names()).toEqual([]);
    });

    it("deletes everything in a destroy that runs the program, too", async () => {
      const program = { certificates: certificates({ a, b }) };
      await walk.go("up", program);
      const destroyed = await walk.go("destroy", program, { ...REFRESH, runProgram: true });
      expect(destroyed.wrote).toEqual(["DELETE /{id}", "DELETE /{id}"]);
      expect({ left: walk.names(), state: walk.stack.resources() }).toEqual({ left: [], state: [] });
    });

    it("takes over what a renamed resource adopts, by its content or by its id, and neither uploads nor deletes", async () => {
      await walk.go("up", { certificates: certificates({ a, b }) });
      const [first, second] = [walk.id("a"), walk.id("b")];
      const renamed: Declared = {
        certificates: {
          a2: { certificate: a, name: "a", adopt: true },
          b2: { certificate: b, name: "b", adopt: second },
        },
      };
      const step = await walk.go("up", renamed, REFRESH);
      expect(step.wrote).toEqual([]);
      expect(step.output).toMatch(/is not deleted: a resource of this program, "a", holds it/);
      expect(
        stateOf("Certificate")
          .map(({ id }) => id)
          .sort(),
      ).toEqual([first, second].sort());
    });
  });

  describe("an activation that goes", () => {
    const program = (more: object = {}): Declared => ({
      certificates: certificates({ a, b }),
      activations: { org: { certificateIds: ["@a", "@b"], ...more } },
    });
    const uploaded: Declared = { certificates: certificates({ a, b }) };

    /** Activates an anchor that the program never listed. */
    function activateForeign(): void {
      walk.organization.activate([walk.organization.upload({ name: "foreign", certificate: d })]);
    }

    it.each<[string, () => Promise<{ wrote: readonly string[]; output: string }>]>([
      ["removed from the program", () => walk.go("up", uploaded)],
      ["removed in an up --refresh, after a preview of it", () => walk.go("up", uploaded, REFRESH)],
    ])("leaves the set as it is: %s", async (_, go) => {
      await walk.go("up", program());
      activateForeign();
      const { wrote, output } = await go();
      expect(wrote).toEqual([]);
      expect(output).toMatch(/the active set of the organization stays as it is without its activation/);
      expect(walk.active()).toEqual(["a", "b", "foreign"]);
    });

    it("to another project leaves the first project's set as it is", async () => {
      const [one = "", two = ""] = ["One", "Two"].map((name) => walk.project(name));
      const inProject = (projectId: string): Declared => ({
        certificates: certificates({ a }),
        projects: { pilot: { projectId, certificateIds: ["@a"] } },
      });
      await walk.go("up", inProject(one));
      const moved = await walk.go("up", inProject(two));
      expect(moved.wrote).toEqual([`POST /${two}/certificates/activate`]);
      expect(moved.output).toMatch(/the active set of project \S+ stays as it is without its activation/);
      expect([walk.active(one), walk.active(two)]).toEqual([["a"], ["a"]]);
    });

    it("deactivates with deactivateOnDelete what the program listed alone, after a refresh has seen another's anchor, too", async () => {
      await walk.go("up", program({ deactivateOnDelete: true }));
      activateForeign();
      await walk.go("refresh");
      const gone = await walk.go("destroy", {}, REFRESH);
      expect(gone.wrote).toEqual(["POST /deactivate", "DELETE /{id}", "DELETE /{id}"]);
      expect({ active: walk.active(), all: walk.names() }).toEqual({ active: ["foreign"], all: ["foreign"] });
    });
  });

  describe("a set that is empty on purpose", () => {
    it("stays in state when a refresh finds an anchor that was activated by hand, and the next up deactivates it", async () => {
      const program: Declared = { activations: { org: { certificateIds: [], allowEmpty: true } } };
      await walk.go("up", program);
      walk.organization.activate([walk.organization.upload({ name: "by-hand", certificate: c })]);
      const refreshed = await walk.go("refresh");
      expect(refreshed.wrote).toEqual([]);
      expect(stateOf("CertificateActivation")).toMatchObject([{ outputs: { listedCertificateIds: [] } }]);
      expect((await walk.stack.drift(program)).exitCode).toBe(7);
      const repaired = await walk.go("up", program);
      expect(repaired.wrote).toEqual(["POST /deactivate"]);
      expect(repaired.output).toMatch(/mTLS enforcement turns OFF in the organization/);
    });
  });
});
