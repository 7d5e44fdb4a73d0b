import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TRANSPORTS } from "../support/transports";
import { OTHER, OTHER_KEY, Walk } from "../support/walk";

const [a = "", b = "", c = ""] = realAnchors(3);
const program = (organization?: string, more: Declared = {}): Declared => {
  const at = organization === undefined ? {} : { organization };
  return {
    certificates: { a: { certificate: a, ...at }, b: { certificate: b, ...at } },
    activations: { org: { certificateIds: ["@a", "@b"], ...at } },
    ...more,
  };
};

describe.each(TRANSPORTS)("on the real engine (%s)", (transport) => {
  const begin = (...[emulator, stack]: Parameters<typeof Walk.begin>) => Walk.begin(emulator, { transport, ...stack });
  let walk: Walk;
  afterEach(() => walk.end());

  describe("one organization under two names", () => {
    const NAMED = { "openai:organizations": { value: '{"main":{"adminKeyEnv":"OPENAI_ADMIN_KEY"}}' } };

    it("is one: a new name for it writes nothing, also with adopt left in, and its set is not claimed twice", async () => {
      walk = await begin({}, { config: NAMED });
      await walk.go("up", program());
      const adopting: Declared = {
        certificates: {
          a: { certificate: a, adopt: walk.id("a"), organization: "main" },
          b: { certificate: b, organization: "main" },
        },
        activations: { org: { certificateIds: ["@a", "@b"], organization: "main" } },
      };
      const renamed = await walk.go("up", adopting);
      expect(renamed.wrote).toEqual([]);
      expect(renamed.changes).toMatchObject({ update: 3 });
      expect(walk.active()).toEqual(["a", "b"]);
      expect((await walk.stack.drift(adopting)).exitCode).toBe(0);

      const twice = await walk.try("preview", {
        ...adopting,
        activations: { ...adopting.activations, other: { certificateIds: ["@a"], exclusive: false } },
      });
      expect(twice.exitCode).not.toBe(0);
      expect(twice.output).toMatch(
        /are both activations of the organization \(the default organization and organization "main" have the same admin key and base URL\), and a program may have only one/,
      );
    });
  });

  describe("a new certificate of another organization in an active set", () => {
    it("is refused in preview by the classes, and by up after the upload on the native plugin", async () => {
      walk = await begin(
        {},
        {
          config: { "openai:organizations": { value: '{"eu":{"adminKeyEnv":"EU_KEY"}}' } },
          env: { EU_KEY: OTHER_KEY },
        },
      );
      const declared: Declared = {
        certificates: { a: { certificate: a }, b: { certificate: b, organization: "eu" } },
        activations: { org: { certificateIds: ["@a", "@b"] } },
      };
      const previewed = await walk.try("preview", declared);
      const said = previewed.output.replace(/\s+/g, " ");
      if (transport === "dynamic") {
        expect(previewed.exitCode).not.toBe(0);
        expect(said).toMatch(/certificateIds lists "b", a certificate of organization "eu", which cannot be active in/);
      } else {
        expect(previewed.exitCode).toBe(0);
        expect(said).not.toContain('organization "eu"');
      }
      // As here without its preview, up gets as far with the classes.
      const up = await walk.try("up", declared);
      expect(up.exitCode).not.toBe(0);
      expect(up.output).toMatch(/certificateIds names cert_\w+, which the organization does not have/);
      expect(up.wrote).toEqual(["POST /", "POST /"]);
      expect(walk.emulator.organization(OTHER).certificates()).toMatchObject([{ name: "b", active: false }]);
    });
  });

  describe("an activation that is renamed and moved to an explicit provider, a process of its own, in one up", () => {
    it("leaves the set as it is", async () => {
      walk = await begin();
      await walk.go("up", program());
      const moved = await walk.go("up", {
        ...program(),
        activations: { corp: { certificateIds: ["@a", "@b"] } },
        each: { corp: { provider: "second" } },
      });
      expect(moved.wrote).toEqual([]);
      expect(walk.active()).toEqual(["a", "b"]);
      expect(
        (
          await walk.stack.drift({
            ...program(),
            activations: { corp: { certificateIds: ["@a", "@b"] } },
            each: { corp: { provider: "second" } },
          })
        ).exitCode,
      ).toBe(0);
    });
  });

  describe("the admin key of another organization, which is empty", () => {
    it.each<[string, object, RegExp]>([
      [
        "that the API names",
        {},
        /was last seen in organization \S+, and the admin key now belongs to organization \S+, which does not have it/,
      ],
      [
        "that the API does not name",
        { organizationId: false },
        /does not exist in the organization that the admin key belongs to, and the API does not say which organization that is/,
      ],
    ])("%s: refresh forgets nothing, and up activates nothing there", async (_, options, question) => {
      const isNamed = !("organizationId" in options);
      walk = await begin(options);
      await walk.go("up", program());
      // By the environment: a refresh and a destroy run no program, and get the stack's configuration of the last up.
      walk.stack.env = { OPENAI_ADMIN_KEY: OTHER_KEY };
      const refreshed = await walk.try("refresh");
      expect(refreshed.output.replace(/\s+/g, " ")).toMatch(question);
      expect(refreshed.wrote).toEqual([]);
      expect(walk.stack.resources()).toHaveLength(3);
      const more = { ...program(), certificates: { ...program().certificates, c: { certificate: c } } };
      const previewed = await walk.try("preview", more);
      expect(previewed.exitCode).not.toBe(0);
      expect(previewed.output.replace(/\s+/g, " ")).toMatch(question);
      // Without its preview, as here, an up may create c before the engine asks about a or b, in an order of its own.
      const up = await walk.try("up", more);
      expect(up.exitCode).not.toBe(0);
      expect(up.output.replace(/\s+/g, " ")).toMatch(question);
      const there = walk.emulator.organization(OTHER).certificates();
      expect(there.filter(({ active }) => active)).toEqual([]);
      expect(there.filter(({ name }) => isNamed && name !== "c")).toEqual([]);
      expect(walk.active()).toEqual(["a", "b"]);
      // Where the API names organizations, a 404 of another one is not taken for a deletion.
      const destroyed = await walk.try("destroy");
      if (isNamed) {
        expect(destroyed.exitCode).not.toBe(0);
        expect(destroyed.output).toMatch(/It is not deleted, and kept in state/);
        expect(walk.stack.resources().filter(({ type }) => type.endsWith(":Certificate"))).toHaveLength(2);
      }
      expect(walk.active()).toEqual(["a", "b"]);
    });
  });
});
