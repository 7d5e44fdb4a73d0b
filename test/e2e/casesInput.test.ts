import { createAuthority } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { TRANSPORTS } from "../support/transports";
import { Walk } from "../support/walk";

const [a = "", b = ""] = realAnchors(2);

describe.each(TRANSPORTS)("on the real engine (%s)", (transport) => {
  const begin = (...[emulator, stack]: Parameters<typeof Walk.begin>) => Walk.begin(emulator, { transport, ...stack });
  let walk: Walk;
  afterEach(() => walk.end());

  describe("odd input", () => {
    it("is warned about where it may be meant: a key of stack configuration in other letters, an anchor that accepts nobody", async () => {
      walk = await begin({}, { config: { "openai:baseurl": { value: "http://127.0.0.1:1/v1" } } });
      const root = await createAuthority({ commonName: "Corp Root" });
      const [leaf = ""] = /-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n?/.exec((await root.client()).chain) ?? [];
      const { output, wrote } = await walk.go("up", {
        certificates: { leaf: { certificate: leaf } },
        activations: { org: { certificateIds: ["@leaf"] } },
      });
      expect(output).toMatch(/(openai\S*):baseurl .*\1:baseUrl/);
      expect(output).toMatch(/certificate "leaf" .*(CA|authority)/);
      // Warned, not refused.
      expect(wrote).toEqual(["POST /", "POST /activate"]);
    });

    it("may be a secret: the id of a project", async () => {
      walk = await begin({ projects: [{ id: "proj_one", name: "One" }] });
      const program = {
        certificates: { a: { certificate: a } },
        projects: { one: { projectId: "proj_one", certificateIds: ["@a"] } },
        secretProjects: ["one"],
      };
      await walk.go("preview", program);
      expect((await walk.go("up", program)).wrote).toEqual(["POST /", "POST /proj_one/certificates/activate"]);
      await walk.go("preview", program, { refresh: true, expectNoChanges: true });
    });

    it("deletes a certificate before its replacement is there only where the program asks the plugin for it", async () => {
      walk = await begin();
      const program = (certificate: string) => ({
        certificates: { a: { certificate } },
        options: { deleteBeforeReplace: true },
      });
      await walk.go("up", program(a));
      const { wrote } = await walk.go("up", program(b));
      expect(wrote).toEqual(transport === "dynamic" ? ["POST /", "DELETE /{id}"] : ["DELETE /{id}", "POST /"]);
    });

    it("is refused where it cannot be meant: Certificate.get of an id that the organization does not have", async () => {
      walk = await begin();
      const { exitCode, output } = await walk.try("up", {
        certificates: { a: { certificate: a } },
        get: { gone: "cert_0123456789abcdef01234567" },
      });
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/the organization has no certificate cert_0123456789abcdef01234567\. Is the id right/);
      expect(output).not.toMatch(/^\s+at /m);
    });
  });

  describe("a certificate in use whose holders cannot all be listed", () => {
    it("names those that can, and what cannot, and stays in state", async () => {
      walk = await begin({
        projects: [
          { id: "proj_one", name: "One" },
          { id: "proj_two", name: "Two" },
        ],
      });
      const program = { certificates: { a: { certificate: a } } };
      await walk.go("up", program);
      walk.organization.activate([walk.id("a")]);
      walk.organization.activate([walk.id("a")], "proj_one");
      walk.emulator.faults.add({
        kind: "status",
        status: 403,
        match: { method: "GET", path: /proj_two/, times: Infinity },
      });
      const { exitCode, output, wrote } = await walk.try("destroy");
      expect(exitCode).not.toBe(0);
      expect(output.replace(/\s+/g, " ")).toMatch(
        /"a" is not deleted: it is still active in the organization, project proj_one "One"; project proj_two "Two" could not be listed \(/,
      );
      expect(new Set(wrote)).toEqual(new Set(["DELETE /{id}"]));
      expect(walk.stack.resources()).toHaveLength(1);
    });
  });
});
