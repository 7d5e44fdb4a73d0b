import { realAnchors } from "../../support/anchors";
import { Certified } from "./certified";

const [first = ""] = realAnchors(1);
const root = { certificate: first, name: "root" };
const POST = { method: "POST", path: "/organization/certificates" };
const LIST = { method: "GET", path: "/organization/certificates" };

describe("an upload whose answer was lost", () => {
  const on = Certified.perTest();
  const faults = () => on.rig.emulator.faults;

  /** The first attempt is lost before its commit; `late` happens once that has been listed and not found. */
  function lostAndListed(late: () => void): void {
    faults().add({ kind: "drop", match: POST });
    faults().add({
      kind: "body",
      match: { ...LIST, skip: 1 },
      change: (body) => {
        late();
        return body;
      },
    });
  }
  const uploadLate = (name = "root") => on.rig.organization.upload({ name, certificate: first });

  it("is named where it appears after the next attempt went through", async () => {
    let late = "";
    lostAndListed(() => {
      late = uploadLate();
    });
    const run = on.rig.run();
    const { id } = await on.create(root, run);
    expect(id).not.toBe(late);
    expect(run.said.text).toMatch(
      new RegExp(
        `warning: ${late} "root" .* holds the same certificate as "root", which is ${id} now.*Delete it, unless`,
      ),
    );
    expect(run.said.text).not.toContain("may still appear");
  });

  it("is named where the answer of the next attempt was lost too, and both appear", async () => {
    const ids = new Set<string>();
    lostAndListed(() => {
      ids.add(uploadLate());
      faults().add({ kind: "drop", at: "after", match: POST });
    });
    const run = on.rig.run();
    const { id } = await on.create(root, run);
    const [copy] = on.rig.organization.certificates().filter((one) => one.id !== id);
    expect(on.rig.organization.certificates()).toHaveLength(2);
    expect(run.said.text).toContain(`warning: ${copy?.id} "root"`);
  });

  it("is said to be possible later where it has not appeared, and so it is where that cannot be listed", async () => {
    for (const failing of [false, true]) {
      faults().add({ kind: "drop", match: POST });
      if (failing) {
        faults().add({ kind: "status", status: 403, match: { ...LIST, skip: 2 } });
      }
      const run = on.rig.run();
      const { id } = await on.create(root, run);
      expect(run.said.lines.at(-1)).toMatch(
        new RegExp(
          `^upload of "root": it went through as ${id} after 1 attempt whose answer was lost.* may still appear`,
        ),
      );
      on.rig.organization.remove(id);
      faults().clear();
    }
  });

  /** A certificate with this content that another writer uploads between this run's check and its create. */
  async function meanwhile(name: string) {
    const run = on.rig.run();
    await run.certificate.check({}, root);
    const theirs = uploadLate(name);
    faults().add({ kind: "drop", match: POST });
    const { id } = await run.certificate.create(root);
    return { id, theirs, said: run.said.text };
  }

  it("is not taken for what another writer has uploaded meanwhile under another name, which is named", async () => {
    const { id, theirs, said } = await meanwhile("theirs");
    expect(id).not.toBe(theirs);
    expect(said).toContain(`warning: ${theirs} "theirs"`);
  });

  it("is not taken for what another resource of the program has uploaded in this run", async () => {
    const run = on.rig.run();
    const other = await on.create(root, run);
    faults().add({ kind: "drop", match: POST });
    expect((await on.create(root, run)).id).not.toBe(other.id);
  });

  it("is looked for before another upload of the same content is sent", async () => {
    const run = on.rig.run();
    faults().add({ kind: "drop", match: POST });
    await Promise.all(["one", "two"].map((name) => run.certificate.create({ ...root, name })));
    const [list, post] = [LIST, POST].map(({ method, path }) => `${method} ${path}`);
    expect(on.rig.calls()).toEqual([list, post, list, post, list, post]);
  });

  it("is recognized where the API answers its name with other white space around it", async () => {
    const { id, theirs } = await meanwhile(" root");
    expect(id).toBe(theirs);
  });

  it("is said once, with one call, where the next look finds it", async () => {
    faults().add({ kind: "drop", at: "after", match: POST });
    const run = on.rig.run();
    const { id } = await on.create(root, run);
    expect(run.said.lines).toEqual([`upload of "root": its answer was lost, but it went through as ${id}`]);
    expect(on.rig.calls().filter((call) => call === "GET /organization/certificates")).toHaveLength(2);
  });
});
