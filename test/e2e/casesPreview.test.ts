import path from "node:path";
import { createAuthority } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TRANSPORTS } from "../support/transports";
import { Walk } from "../support/walk";

const anchors = realAnchors(54);
const [a = "", b = "", c = "", d = ""] = anchors;
const DAY = 24 * 60 * 60 * 1000;
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

// What only the plan's own code decides, and takes long to set up, runs on one transport.
describe.each(TRANSPORTS)("on the real engine (%s)", (transport) => {
  const begin = (...[emulator, stack]: Parameters<typeof Walk.begin>) => Walk.begin(emulator, { transport, ...stack });
  let walk: Walk;
  afterEach(() => walk.end());

  describe("a plan", () => {
    it("names what a program adopts, active already or not, and changes its text with the live set", async () => {
      walk = await begin();
      for (const [name, certificate] of Object.entries({ live: a, idle: b, other: c })) {
        walk.organization.upload({ name, certificate });
      }
      const [live, idle, other] = [walk.id("live"), walk.id("idle"), walk.id("other")];
      walk.organization.activate([live]);
      const program: Declared = {
        certificates: {
          live: { certificate: a, adopt: live },
          idle: { certificate: b, adopt: idle },
        },
        activations: { org: { certificateIds: ["@live"] } },
      };
      const quiet = await walk.go("preview", program);
      expect(quiet.output).toMatch(`= already active: ${live} "live"`);
      expect(quiet.output).not.toMatch(/\+ activate|not known/);
      walk.organization.deactivate([live]);
      expect((await walk.go("preview", program)).output).toMatch(new RegExp(`\\+ activate ${live} "live".*, adopted`));
      walk.organization.activate([live, other]);
      const foreign = await walk.try("preview", program);
      expect(foreign.exitCode).not.toBe(0);
      expect(foreign.output).toMatch(
        /would deactivate 1 anchor that is active in the organization and not listed: .*"other"/,
      );
      walk.organization.deactivate([other]);

      // One anchor for now and one for later, in a component: the one to be activated is named, and the other is not.
      const dated: Declared = {
        trustAnchors: {
          corp: {
            anchors: { now: { certificate: a, name: "live" }, later: { certificate: d, activateOn: daysFromNow(10) } },
          },
        },
      };
      walk.organization.deactivate([live]);
      const planned = await walk.go("preview", dated);
      if (transport === "dynamic") {
        expect(planned.output).toMatch(/\+ activate "live" \(to be created/);
        expect(planned.output).not.toMatch(/\+ activate "later"|not known/);
      } else {
        expect(planned.output).toMatch(/\+ activate 1 certificate whose id is not known .*: it may be "later", "live"/);
      }
    });

    it("tells an organization's adopted anchor from a project's new one", async () => {
      walk = await begin({ projects: [{ id: "proj_one", name: "One" }] });
      const id = walk.organization.upload({ name: "a", certificate: a });
      const { output } = await walk.go("preview", {
        certificates: { a: { certificate: a, adopt: true }, b: { certificate: b } },
        activations: { org: { certificateIds: ["@a"] } },
        projects: { one: { projectId: "proj_one", certificateIds: ["@b"] } },
      });
      const sections = output.split("active set of ").slice(1);
      const [organization = "", project = ""] = ["the organization:", "project proj_one:"].map((scope) =>
        sections.filter((section) => section.startsWith(scope)).join(""),
      );
      expect(organization).toMatch(`+ activate ${id} "a"`);
      expect(organization).not.toMatch(/activate "b"/);
      expect(project).toMatch(
        transport === "dynamic"
          ? /\+ activate "b" \(to be created/
          : /\+ activate 1 certificate whose id is not known before the run: it may be "b", or active already/,
      );
      expect(project).not.toMatch(/activate cert_/);
    });

    it("is refused, or says what it cannot know, for a required client whose anchor is uploaded but not in the set", async () => {
      walk = await begin();
      const root = await createAuthority({ commonName: "Corp Root" });
      const client = await root.client({ commonName: "gateway" });
      const { exitCode, output, wrote } = await walk.try("preview", {
        certificates: { root: { certificate: root.certificate }, b: { certificate: b } },
        activations: { org: { certificateIds: ["@b"], requiredClients: [client.chain] } },
      });
      // To the plugin the id may be that of "root" as well: it says what it cannot know, and the run refuses.
      expect(exitCode === 0).toBe(transport === "native");
      expect(output).toMatch(
        transport === "dynamic"
          ? /required client CN=gateway .*would be locked out of the organization/
          : /not all requiredClients could be checked.*up checks them before it writes/,
      );
      expect(wrote).toEqual([]);
    });

    if (transport === "dynamic") {
      it("of more replacements than there is room for is refused, says how many go in one run, and that many do", async () => {
        walk = await begin();
        const declare = (from: number): Declared => ({
          certificates: Object.fromEntries(
            Array.from({ length: 27 }, (_, index) => [
              `root-${index}`,
              { certificate: anchors[(index < from ? 27 : 0) + index] ?? "" },
            ]),
          ),
        });
        await walk.go("up", declare(0));
        const { exitCode, output } = await walk.try("preview", declare(27));
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(
          /the organization has 27 certificates and may hold 50, and this run would upload 2\d more certificates/,
        );
        expect(output).toMatch(/Add or replace at most 23 in one run/);
        await walk.go("up", declare(23));
        await walk.go("up", declare(27));
        expect(walk.organization.certificates()).toHaveLength(27);
      });
    }

    if (transport === "dynamic") {
      it("says which clients are refused in between, where enforcement turns on in more than one call", async () => {
        walk = await begin();
        const names = Array.from({ length: 11 }, (_, index) => `root-${index}`);
        const { output } = await walk.go("preview", {
          certificates: Object.fromEntries(names.map((name, index) => [name, { certificate: anchors[index] ?? "" }])),
          activations: { org: { certificateIds: names.map((name) => `@${name}`) } },
        });
        expect(output.replace(/\s+/g, " ")).toMatch(
          /this takes 2 calls of 10 anchors, and enforcement begins with the first: clients of 1 of these anchors are refused in between/,
        );
      });
    }
  });

  describe("a saved plan", () => {
    it("is carried out with new and old ids together", async () => {
      walk = await begin();
      const program = (names: readonly string[]): Declared => ({
        certificates: Object.fromEntries(
          Object.entries({ a, b, c })
            .filter(([name]) => names.includes(name))
            .map(([name, certificate]) => [name, { certificate }]),
        ),
        activations: { org: { certificateIds: names.map((name) => `@${name}`) } },
      });
      await walk.go("up", program(["a", "b"]));
      const plan = path.join(walk.stack.folder, "plan.json");
      await walk.go("preview", program(["a", "c"]), { plan });
      const { wrote } = await walk.go("up", program(["a", "c"]), { plan });
      expect(wrote).toEqual(["POST /", "POST /activate", "POST /deactivate", "DELETE /{id}"]);
      expect(walk.active()).toEqual(["a", "c"]);
    });

    it("is carried out where the run alone knows whether a listed certificate adopts", async () => {
      walk = await begin();
      walk.organization.upload({ name: "by hand", certificate: b });
      const program: Declared = {
        certificates: { a: { certificate: a }, b: { certificate: b } },
        adoptsAfter: { b: "@a" },
        activations: { org: { certificateIds: ["@b"] } },
      };
      const plan = path.join(walk.stack.folder, "plan.json");
      await walk.go("preview", program, { plan });
      const { wrote } = await walk.go("up", program, { plan });
      expect(wrote).toEqual(["POST /", "POST /{id}", "POST /activate"]);
      expect(walk.active()).toEqual(["b"]);
    });
  });

  describe("two certificates of one name that adopt one", () => {
    it("are an adoption and an upload, as preview says, and keep what they have", async () => {
      walk = await begin();
      const id = walk.organization.upload({ name: "by hand", certificate: a });
      const corp = { certificate: a, name: "corp", adopt: true };
      const program: Declared = { certificates: { first: corp, second: corp } };
      const adopting = `adopt: true finds ${id} "by hand"`;
      expect((await walk.go("preview", program)).output.replace(/\s+/g, " ")).toMatch(
        new RegExp(`${adopting} [^:]*:[^,]*, which another "corp" adopts: "corp" is uploaded instead`),
      );
      expect([...(await walk.go("up", program)).wrote].sort()).toEqual(["POST /", "POST /{id}"]);
      expect(walk.names()).toEqual(["corp", "corp"]);
      expect((await walk.go("up", program)).wrote).toEqual([]);
    });
  });

  describe("adopt with an id, left in the program", () => {
    it("does not hold back a rotation in place, nor the repair of an anchor that was deleted by hand", async () => {
      walk = await begin();
      const adopt = walk.organization.upload({ name: "root", certificate: a });
      const program = (certificate: string): Declared => ({
        certificates: { root: { certificate, adopt } },
        activations: { org: { certificateIds: ["@root"] } },
      });
      await walk.go("up", program(a));
      walk.organization.deactivate([adopt]);
      walk.organization.remove(adopt);
      const repaired = await walk.go("up", program(a));
      // The engine deletes what it has replaced, and a 404 is no failure there.
      expect(repaired.wrote).toEqual(["POST /", "POST /activate", "DELETE /{id}"]);
      expect(repaired.output.replace(/\s+/g, " ")).toMatch(
        `adopt names ${adopt}, which the organization does not have: "root" is uploaded instead`,
      );
      const rotated = await walk.go("up", program(b));
      expect(rotated.wrote).toEqual(["POST /", "POST /activate", "POST /deactivate", "DELETE /{id}"]);
      expect(walk.active()).toEqual(["root"]);
    });
  });

  describe("ignoreChanges", () => {
    it("of a name keeps the one given by hand, and of certificateIds freezes the listed set while drift is repaired", async () => {
      walk = await begin();
      const program = (more: Partial<Declared>): Declared => ({
        certificates: { a: { certificate: a }, b: { certificate: b } },
        activations: { org: { certificateIds: ["@a", "@b"] } },
        ...more,
      });
      await walk.go("up", program({}));
      const id = walk.id("a");
      walk.organization.rename(id, "by-hand");
      const named = await walk.go("up", program({ each: { a: { ignoreChanges: ["name"] } } }), { refresh: true });
      expect(named.wrote).toEqual([]);
      expect(walk.names()).toEqual(["b", "by-hand"]);

      const frozen: Partial<Declared> = {
        activations: { org: { certificateIds: ["@a"] } },
        each: { a: { ignoreChanges: ["name"] }, org: { ignoreChanges: ["certificateIds"] } },
      };
      expect((await walk.go("up", program(frozen))).wrote).toEqual([]);
      expect(walk.active()).toEqual(["b", "by-hand"]);
      walk.organization.deactivate([id]);
      expect((await walk.go("up", program(frozen))).wrote).toEqual(["POST /activate"]);
      expect(walk.active()).toEqual(["b", "by-hand"]);
    });
  });

  if (transport === "dynamic") {
    describe("required clients", () => {
      it("that are refused already hold back no change that only adds trust", async () => {
        walk = await begin();
        const past = { notBefore: new Date(Date.now() - 20 * DAY), notAfter: new Date(Date.now() - DAY) };
        const root = await createAuthority({ commonName: "Corp Root" });
        const expired = await root.client({ commonName: "late", ...past });
        const declare = (names: readonly string[], requiredClients: string[]): Declared => ({
          certificates: { root: { certificate: root.certificate }, b: { certificate: b } },
          activations: { org: { certificateIds: names.map((name) => `@${name}`), requiredClients } },
        });
        await walk.go("up", declare(["root"], []));
        const added = await walk.go("up", declare(["root", "b"], [expired.chain]));
        expect(added.wrote).toEqual(["POST /activate"]);
        expect(added.output).toMatch(
          /required client CN=late .*is locked out of the organization today, and this change does not let it in/,
        );
        const removed = await walk.try("up", declare(["root"], [expired.chain]));
        expect(removed.exitCode).not.toBe(0);
        expect(removed.output).toMatch(/required client CN=late .*would still be locked out of the organization/);
      });

      it("of a project do not hold up its destroy", async () => {
        walk = await begin({ projects: [{ id: "proj_one", name: "One" }] });
        const root = await createAuthority({ commonName: "Corp Root" });
        const client = await root.client({ commonName: "gateway" });
        await walk.go("up", {
          certificates: { root: { certificate: root.certificate }, b: { certificate: b } },
          activations: { org: { certificateIds: ["@b"], deactivateOnDelete: true } },
          projects: {
            one: {
              projectId: "proj_one",
              certificateIds: ["@root"],
              requiredClients: [client.chain],
              deactivateOnDelete: true,
            },
          },
        });
        const destroyed = await walk.go("destroy");
        expect(destroyed.wrote).toHaveLength(4);
        expect(walk.names()).toEqual([]);
      });
    });
  }
});
