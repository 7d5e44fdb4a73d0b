import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import type { Run } from "../../support/rig";
import { Certified } from "./certified";

const [first = "", second = ""] = realAnchors(2);

describe("what the checks of a run announce together", () => {
  const on = Certified.perTest();

  async function refusalOf(run: Run, news: Record<string, unknown>, olds = {}): Promise<string> {
    const { failures } = await run.certificate.check(olds, news);
    return failures.map(({ reason }) => reason).join("\n");
  }

  describe("where two resources have one content, as a rotation's declaration that was copied with its old PEM", () => {
    const declared = (name: string) => ({ certificate: first, name });
    const warning = expect.stringMatching(
      /^warning: "corp-2027" is uploaded with the same certificate as "corp-2026" of this program: is its PEM the right one\?/,
    );

    it("warns of the second one, once, where both are new", async () => {
      const run = on.rig.run();
      expect(await refusalOf(run, declared("corp-2026"))).toBe("");
      expect(await refusalOf(run, declared("corp-2027"))).toBe("");
      expect(run.said.lines).toEqual([warning]);
    });

    it("warns of the new one, and of no adoption, where the other is in state", async () => {
      const { id, inputs, outs } = await on.create(declared("corp-2026"));
      const run = on.rig.run();
      await run.certificate.check(inputs, inputs);
      await run.certificate.diff(id, outs, inputs);
      expect(await refusalOf(run, declared("corp-2027"))).toBe("");
      expect(run.said.lines).toEqual([warning]);
    });
  });

  describe("where two certificates adopt one", () => {
    let id: string;
    beforeEach(() => {
      id = on.rig.organization.upload({ name: "by hand", certificate: first });
    });
    const adopting = (name: string, adopt: boolean | string) => ({ certificate: first, name, adopt });

    it.each([
      ["by its id", () => id],
      ["by its content", () => true],
    ])("refuses the one that names the id, while another takes it %s, and names both", async (_, other) => {
      const run = on.rig.run();
      expect(await refusalOf(run, adopting("a", other()))).toBe("");
      expect(await refusalOf(run, adopting("b", id))).toMatch(
        new RegExp(`^"b" and "a" would both adopt ${id} "by hand" .*remove one of the two, or its adopt`),
      );
    });

    it("uploads the second one that says true, as its warning says, and tells nobody to take over what the first one has", async () => {
      const run = on.rig.run();
      for (const name of ["a", "b"]) {
        expect(await refusalOf(run, adopting(name, true))).toBe("");
      }
      expect(run.said.lines).toEqual([
        expect.stringMatching(
          new RegExp(`^warning: adopt: true finds ${id} "by hand" .*, which "a" adopts: "b" is uploaded instead$`),
        ),
      ]);
      // Whichever is created first.
      const [b, a] = [
        await run.certificate.create(adopting("b", true)),
        await run.certificate.create(adopting("a", true)),
      ];
      expect(a.id).toBe(id);
      expect(
        on.rig.organization
          .certificates()
          .map((one) => one.id)
          .sort(),
      ).toEqual([id, b.id].sort());
    });

    it("previews the same to an engine that asks for a create's outputs", async () => {
      const run = on.rig.run();
      for (const name of ["a", "b"]) {
        expect(await refusalOf(run, adopting(name, true))).toBe("");
      }
      expect(await run.certificate.preview(adopting("b", true))).toMatchObject({ outs: { createdAt: UNKNOWN } });
      expect(await run.certificate.preview(adopting("a", true))).toMatchObject({ id });
    });

    it("shows both in the plan of the set that lists them, where the program tells what the ids are", async () => {
      const run = on.rig.run();
      const certificateHints = ["a", "b"].map((name) => ({ ...adopting(name, true), id: UNKNOWN, isExact: true }));
      for (const name of ["a", "b"]) {
        expect(await refusalOf(run, adopting(name, true))).toBe("");
      }
      await run.activation.check({}, { certificateIds: [UNKNOWN, UNKNOWN], certificateHints });
      expect(run.said.text).toMatch(new RegExp(`\\+ activate ${id} "by hand" .*\n.*\\+ activate "b" \\(to be created`));
    });

    it("counts that upload against the limit", async () => {
      for (const certificate of realAnchors(50).slice(1)) {
        on.rig.organization.upload({ certificate });
      }
      const run = on.rig.run();
      expect(await refusalOf(run, adopting("a", true))).toBe("");
      expect(await refusalOf(run, adopting("b", true))).toMatch(/^"b" would be one upload too many/);
    });

    describe("and both have one name", () => {
      it("refuses the second one that names the id", async () => {
        const run = on.rig.run();
        expect(await refusalOf(run, adopting("corp", id))).toBe("");
        expect(await refusalOf(run, adopting("corp", id))).toMatch(
          new RegExp(
            `^"corp" and another "corp" would both adopt ${id} "by hand" .*remove one of the two, or its adopt`,
          ),
        );
      });

      it("says that the second one is uploaded, counts it, previews it as new, and uploads it", async () => {
        for (const certificate of realAnchors(49).slice(1)) {
          on.rig.organization.upload({ certificate });
        }
        const run = on.rig.run();
        expect(await refusalOf(run, adopting("corp", true))).toBe("");
        expect(await run.certificate.preview(adopting("corp", true))).toMatchObject({ id });
        expect(await refusalOf(run, adopting("corp", true))).toBe("");
        expect(await run.certificate.preview(adopting("corp", true))).toMatchObject({ outs: { createdAt: UNKNOWN } });
        expect(run.said.lines).toEqual([
          expect.stringMatching(/which another "corp" adopts: "corp" is uploaded instead$/),
        ]);
        expect(await refusalOf(run, adopting("corp", true))).toMatch(/^"corp" would be one upload too many/);
        const created = [
          await run.certificate.create(adopting("corp", true)),
          await run.certificate.create(adopting("corp", true)),
        ];
        expect(created.map((one) => one.id === id)).toEqual([true, false]);
      });

      it("keeps the certificate for the one that names its id, whichever is created first", async () => {
        const run = on.rig.run();
        expect(await refusalOf(run, adopting("corp", id))).toBe("");
        expect(await refusalOf(run, adopting("corp", true))).toBe("");
        expect((await run.certificate.create(adopting("corp", true))).id).not.toBe(id);
        expect((await run.certificate.create(adopting("corp", id))).id).toBe(id);
      });
    });

    it.each([
      ["a change and a first creation, as a replacement is", ["change", "creation"]],
      ["a first creation alone, as with --replace", ["creation"]],
    ])("is no second one where it is checked as %s", async (_, checks) => {
      for (const adopt of [id, true]) {
        const run = on.rig.run();
        for (const check of checks) {
          const olds = check === "change" ? { certificate: second, name: "corp" } : {};
          expect(await refusalOf(run, adopting("corp", adopt), olds)).toBe("");
        }
        expect(await run.certificate.preview(adopting("corp", adopt))).toMatchObject({ id });
        expect(run.said.text).not.toMatch(/another "corp"/);
      }
    });

    it("is no second one where a replacement is checked twice, also under another name", async () => {
      const run = on.rig.run();
      const olds = { certificate: second, name: "old name" };
      expect(await refusalOf(run, { ...adopting("old name", id) }, olds)).toBe("");
      expect(await refusalOf(run, adopting("new name", id))).toBe("");
      expect(await run.certificate.create(adopting("new name", id))).toMatchObject({ id });
    });
  });

  describe("near the limit of 50", () => {
    let certificate: string;
    beforeEach(async () => {
      for (const there of realAnchors(49)) {
        on.rig.organization.upload({ certificate: there });
      }
      ({ certificate } = await createAuthority());
    });

    it("counts a replacement once whose name is ignored, which only its first check is told", async () => {
      const run = on.rig.run();
      const olds = { certificate: first, name: "old name" };
      expect(await refusalOf(run, { certificate, name: "old name" }, olds)).toBe("");
      expect(await refusalOf(run, { certificate, name: "new name" })).toBe("");
    });

    it("counts two certificates with one content and one name twice", async () => {
      const run = on.rig.run();
      expect(await refusalOf(run, { certificate, name: "root" })).toBe("");
      expect(await refusalOf(run, { certificate, name: "root" })).toMatch(/would upload 2 more certificates/);
    });

    it("counts two replacements by one content twice, in whatever order they are checked", async () => {
      for (const order of ["a a b b", "a b a b", "a b b a"]) {
        const run = on.rig.run();
        const seen = new Set<string>();
        const refused: string[] = [];
        for (const name of order.split(" ")) {
          const olds = seen.has(name) ? {} : { certificate: first, name };
          refused.push(await refusalOf(run, { certificate, name }, olds));
          seen.add(name);
        }
        expect(refused.join()).toMatch(/would upload 2 more certificates/);
      }
    });
  });
});
