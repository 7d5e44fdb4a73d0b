import { realAnchors } from "../../support/anchors";
import type { Run } from "../../support/rig";
import { Certified } from "./certified";

const [first = ""] = realAnchors(1);
const DELETE = "DELETE /organization/certificates/{id}";

type State = Awaited<ReturnType<Certified["create"]>>;

describe("a certificate that a resource of the program holds", () => {
  const on = Certified.perTest();
  const adopting = { certificate: first, name: "a", adopt: true };

  /** What the engine does with a resource that is in state and in the program, unchanged. */
  async function kept({ id, outs, inputs }: State, run: Run): Promise<void> {
    const checked = await run.certificate.check(inputs, inputs);
    expect(checked.failures).toEqual([]);
    expect(await run.certificate.diff(id, outs, checked.inputs)).toMatchObject({ changes: false });
  }
  /** What a refresh does with it. */
  const refreshed = ({ id, outs, inputs }: State, run: Run) => run.certificate.diff(id, outs, inputs);
  const refusalOf = async (run: Run, news: Record<string, unknown>) =>
    (await run.certificate.check({}, news)).failures.map(({ reason }) => reason).join("\n");

  describe("and that is to be deleted", () => {
    it("stays where it is the old copy of a replacement that took the same one again, in a run before this one", async () => {
      const a = await on.create(adopting);
      // As with --replace, in a run whose deletes did not come.
      expect((await on.create(adopting)).id).toBe(a.id);
      const run = on.rig.run();
      await kept(a, run);
      on.rig.calls();
      await run.certificate.delete(a.id, a.outs);
      expect(on.rig.calls()).toEqual([]);
      expect(run.said.text).toContain(`${a.id} "a" is not deleted: a resource of this program, "a", holds it`);
    });

    it("goes where only a refresh has asked about it", async () => {
      const a = await on.create(adopting);
      const run = on.rig.run();
      await refreshed(a, run);
      on.rig.calls();
      await run.certificate.delete(a.id, a.outs);
      expect(on.rig.calls()).toEqual([DELETE]);
    });

    it.each(["is created in this run", "was created in a run before it"])(
      "goes where another one with the same inputs %s, and a refresh asks about this one after that",
      async (when) => {
        const plain = { certificate: first, name: "same" };
        const [old, next] = [await on.create(plain), await on.create(plain)];
        const run = on.rig.run();
        const stays = when.startsWith("was") ? next : await on.create(plain, run);
        if (stays === next) {
          await kept(next, run);
        }
        await refreshed(old, run);
        await run.certificate.delete(old.id, old.outs);
        const left = on.rig.organization.certificates().map(({ id }) => id);
        expect(left).toContain(stays.id);
        expect(left).not.toContain(old.id);
      },
    );

    it("goes where the engine replaces what has not changed, as with replaceOnChanges", async () => {
      const a = await on.create({ certificate: first, name: "a" });
      const run = on.rig.run();
      await kept(a, run);
      const again = await on.create(a.inputs, run);
      await run.certificate.delete(a.id, a.outs);
      expect(on.rig.organization.certificates()).toMatchObject([{ id: again.id }]);
    });
  });

  describe("and that another one would adopt", () => {
    let a: State;
    let run: Run;
    beforeEach(async () => {
      a = await on.create({ certificate: first, name: "a" });
      run = on.rig.run();
    });

    it("is refused to the one that names its id", async () => {
      await kept(a, run);
      expect(await refusalOf(run, { ...adopting, name: "b", adopt: a.id })).toMatch(
        new RegExp(`^adopt names ${a.id} "a" .*, which "a" holds: remove one of the two, or its adopt`),
      );
    });

    it("is not found by the one that says true, which is uploaded, as its warning says", async () => {
      await kept(a, run);
      const b = await on.create({ ...adopting, name: "b" }, run);
      expect(b.id).not.toBe(a.id);
      expect(run.said.lines).toEqual([
        expect.stringMatching(`^warning: adopt: true finds ${a.id} "a" .*, which "a" holds: "b" is uploaded instead$`),
      ]);
    });

    it("stops the run where that one was checked first", async () => {
      expect(await refusalOf(run, { ...adopting, name: "b" })).toBe("");
      await expect(kept(a, run)).rejects.toThrow(
        `"a" holds ${a.id}, which "b" would adopt, and one certificate cannot belong to two resources: remove one of the two, or the adopt of "b"`,
      );
    });

    it("is adopted where its own resource has left the program, as with a rename", async () => {
      await refreshed(a, run);
      const b = await on.create({ ...adopting, name: "b" }, run);
      await run.certificate.delete(a.id, a.outs);
      expect(on.rig.organization.certificates()).toMatchObject([{ id: b.id, name: "b" }]);
    });

    it("is not offered to be taken over by a new one without adopt", async () => {
      await kept(a, run);
      await on.create({ certificate: first, name: "b" }, run);
      expect(run.said.text).not.toContain("adopt");
    });
  });

  it("is warned about where two hold it, until one of them is removed, which deletes nothing", async () => {
    const a = await on.create(adopting);
    const b = await on.create({ ...adopting, name: "b" });
    expect(b.id).toBe(a.id);
    const run = on.rig.run();
    await kept(a, run);
    await kept(b, run);
    expect(run.said.lines).toEqual([
      `warning: "a" and "b" both hold ${a.id}, and one certificate should belong to one resource: remove one of the two from the program; the certificate stays`,
    ]);
    const next = on.rig.run();
    await kept(a, next);
    await next.certificate.delete(b.id, b.outs);
    expect(on.rig.organization.certificates()).toHaveLength(1);
  });
});
