import type { ListedCertificate } from "../../../provider/api/wire";
import { changedByOthers, SetWatch } from "../../../provider/setWatch";
import { realAnchors } from "../../support/anchors";
import { Rig, type Run } from "../../support/rig";

const LIST = "GET /organization/certificates";
const WARNING = "another writer changed the active set of";
const [first = "", second = "", third = "", theirs = "", fresh = ""] = realAnchors(5);

describe("changes of an active set by somebody else, in the middle of a run", () => {
  let rig: Rig;
  let ids: string[];
  let foreign: string;
  beforeEach(async () => {
    rig = await Rig.start();
    ids = [first, second, third].map((certificate, index) =>
      rig.organization.upload({ name: `ours-${index}`, certificate }),
    );
    foreign = rig.organization.upload({ name: "foreign", certificate: theirs });
  });
  afterEach(() => rig.close());

  /** Brings a set about in a run of its own. */
  async function settled(news: Record<string, unknown>) {
    const { activation } = rig.run();
    const { inputs } = await activation.check({}, news);
    return { inputs, outs: (await activation.create(inputs)).outs };
  }

  /** A run that looks, uploads, is overtaken by somebody, and goes on as the engine does. */
  async function overtaken(
    news: Record<string, unknown>,
    meddle: () => void,
    { inputs = {}, outs }: { inputs?: Record<string, unknown>; outs?: Record<string, unknown> } = {},
    { certificate, activation, said }: Run = rig.run(),
  ) {
    const upload = await certificate.check({}, { certificate: fresh, name: "fresh" });
    await certificate.create(upload.inputs);
    meddle();
    const checked = await activation.check(inputs, news);
    if (checked.failures.length === 0 && outs !== undefined) {
      const { changes } = await activation.diff("organization", outs, checked.inputs);
      await (changes ? activation.update("organization", outs, checked.inputs) : undefined);
    }
    return { refused: checked.failures.map(({ reason }) => reason).join("\n"), said: said.text };
  }

  it("are named by an exclusive activation, which undoes them", async () => {
    const set = { certificateIds: ids.slice(0, 2) };
    const meddle = () => {
      rig.organization.activate([foreign]);
      rig.organization.deactivate([ids[0] ?? ""]);
    };
    const { said } = await overtaken(set, meddle, await settled(set));
    const [warning = ""] = said.split("\n").filter((line) => line.includes(WARNING));
    expect(warning).toMatch(
      /^warning: another writer changed the active set of the organization during this run: cert_/,
    );
    expect(warning).toMatch(
      new RegExp(`: ${foreign} "foreign" \\(expires [0-9-]+\\) was activated; ${ids[0]} "ours-0"`),
    );
    expect(warning).toMatch(
      /\) was deactivated\. This run goes by the set as it found it last\. Let one pipeline or person/,
    );
    expect(said).toMatch(new RegExp(`- deactivate ${foreign} .*, which this program did not list`));
    expect(rig.active()).toEqual(["ours-0", "ours-1"]);
  });

  it("are named beside the refusal of a first exclusive activation", async () => {
    const { refused, said } = await overtaken({ certificateIds: ids }, () => rig.organization.activate([foreign]));
    expect(refused).toMatch(/would deactivate 1 anchor that is active/);
    expect(said).toContain(`${foreign} "foreign"`);
    expect(said).toContain(WARNING);
  });

  it.each<[string, boolean, () => void]>([
    ["others activate theirs: no", false, () => rig.organization.activate([foreign])],
    ["others deactivate one of its own: yes", true, () => rig.organization.deactivate(ids.slice(0, 1))],
  ])("concern an additive activation where %s", async (_, concerned, meddle) => {
    const set = { certificateIds: ids, exclusive: false };
    const { said } = await overtaken(set, meddle, await settled(set));
    expect(said.includes(WARNING)).toBe(concerned);
    expect(rig.active()).toEqual(expect.arrayContaining(["ours-0", "ours-1", "ours-2"]));
  });

  it("are not worth a word where they are ignored", async () => {
    const set = { certificateIds: ids, ignoreCertificateIds: [foreign] };
    const { said } = await overtaken(set, () => rig.organization.activate([foreign]), await settled(set));
    expect(said).not.toContain(WARNING);
    expect(rig.active()).toContain("foreign");
  });

  it("are not seen in what this run does itself, and no call is made to look for them", async () => {
    const state = await settled({ certificateIds: ids });
    rig.calls();
    const run = rig.run();
    const set = { certificateIds: [ids[0], foreign] };
    await overtaken(set, () => undefined, state, run);
    await run.activation.delete("organization", state.outs);
    expect(run.said.text).not.toContain(WARNING);
    expect(rig.calls().filter((call) => call === LIST)).toHaveLength(3);
  });
});

describe("two looks at one set", () => {
  const listed = (id: string, active: boolean): ListedCertificate => ({
    id,
    name: id,
    active,
    createdAt: 1,
    validAt: 1,
    expiresAt: 2,
  });
  const seen = (before: ListedCertificate[], after: ListedCertificate[], own: string[]) =>
    changedByOthers(before, after, new Set(own)).map(({ certificate, became }) => `${certificate.id} ${became}`);

  it.each<[string, string[], ListedCertificate[], ListedCertificate[], string[]]>([
    ["nothing", [], [listed("a", true)], [listed("a", true)], []],
    ["activated", ["a activated"], [listed("a", false)], [listed("a", true)], []],
    ["uploaded and activated", ["a activated"], [], [listed("a", true)], []],
    ["uploaded only", [], [], [listed("a", false)], []],
    ["deactivated", ["a deactivated"], [listed("a", true)], [listed("a", false)], []],
    ["deleted while it was active", ["a deleted"], [listed("a", true)], [], []],
    ["deleted otherwise", [], [listed("a", false)], [], []],
    ["done by this run", [], [listed("a", true), listed("b", false)], [listed("b", true)], ["a", "b"]],
  ])("tell what others did: %s", (_, expected, before, after, own) => {
    expect(seen(before, after, own)).toEqual(expected);
  });

  it("tell nothing when they overlap, as neither is known to be the later one", async () => {
    const watch = new SetWatch();
    await watch.during(Promise.resolve([listed("a", false)]));
    let answer: (list: ListedCertificate[]) => void = () => undefined;
    const slow = watch.during(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    await watch.during(Promise.resolve([listed("a", true)]));
    answer([listed("a", false)]);
    await slow;
    expect(watch.changes.map(({ became }) => became)).toEqual(["activated"]);
  });
});
