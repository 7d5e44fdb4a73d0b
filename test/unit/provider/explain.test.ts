import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig, type Run } from "../../support/rig";
import { done, type InState, preview } from "./planned";

const DAY = 24 * 60 * 60 * 1000;
const [pemA = "", pemB = "", pemC = ""] = realAnchors(3);

describe("the plan of an active set, as preview and up print it", () => {
  let rig: Rig;
  let a: string;
  let b: string;
  beforeEach(async () => {
    rig = await Rig.start();
    a = rig.organization.upload({ name: "corp-a", certificate: pemA });
    b = rig.organization.upload({ name: "corp-b", certificate: pemB });
  });
  afterEach(() => rig.close());

  /** What is printed for a program's activation, before anything is written. */
  async function printed(news: Record<string, unknown>, state?: InState, run: Run = rig.run()): Promise<string[]> {
    rig.calls();
    expect(await preview(run, "projectId" in news ? "project" : "activation", state, news)).toBe("");
    expect(rig.writes()).toEqual([]);
    return run.said.lines;
  }
  const lines = async (...args: Parameters<typeof printed>) => {
    const [only = "", ...more] = await printed(...args);
    expect(more).toEqual([]);
    return only.split("\n");
  };
  const expiry = (pem: string) =>
    new Date((rig.organization.certificates().find(({ content }) => content === pem)?.expiresAt ?? 0) * 1000)
      .toISOString()
      .slice(0, 10);

  it("names what is activated and deactivated in one message, with ids, names and ends of validity", async () => {
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [a] });
    expect(await lines({ certificateIds: [b] }, state)).toEqual([
      "active set of the organization:",
      `  + activate ${b} "corp-b" (expires ${expiry(pemB)})`,
      `  - deactivate ${a} "corp-a" (expires ${expiry(pemA)})`,
    ]);
  });

  it("is silent where there is nothing to do, for a new and for an old resource, also where only options change", async () => {
    expect(await printed({ certificateIds: [] })).toEqual([]);
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [a] });
    expect(await printed({ certificateIds: [a] })).toEqual([]);
    expect(await printed({ certificateIds: [a] }, state)).toEqual([]);
    expect(await printed({ certificateIds: [a], takeOver: true, allowEmpty: true, exclusive: false }, state)).toEqual(
      [],
    );
  });

  it("says that enforcement turns on with the first anchor, and off with the last", async () => {
    expect((await lines({ certificateIds: [a] })).at(-1)).toMatch(
      /^ {2}mTLS enforcement turns ON in the organization: requests without a client certificate that chains to an active anchor will be refused\.$/,
    );
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [a] });
    expect((await lines({ certificateIds: [], allowEmpty: true }, state)).at(-1)).toMatch(
      /^ {2}mTLS enforcement turns OFF in the organization: no client certificate is asked for, and X\.509 workload identity federation.*stops$/,
    );
  });

  it("says of a project that its own anchors are checked first, and that the organization's set decides after the last", async () => {
    const projectId = rig.organization.addProject({ name: "pilot" }).id;
    expect((await lines({ projectId, certificateIds: [a] })).at(-1)).toMatch(
      new RegExp(
        `mTLS enforcement by the project's own anchors turns ON in project ${projectId}: .*checked before the organization's; ` +
          "where the organization's set enforces already, what changes is whose anchors count\\.$",
      ),
    );
    const state = await done(rig.run(), "project", undefined, { projectId, certificateIds: [a] });
    const emptied = { projectId, certificateIds: [], allowEmpty: true };
    expect((await lines(emptied, state)).at(-1)).toMatch(
      /mTLS enforcement by the project's own anchors turns OFF in project .*: the organization's active set decides there/,
    );
    expect(await preview(rig.run(), "project", state, { projectId, certificateIds: [] })).toMatch(
      /the organization's active set would decide there.*allowEmpty: true/,
    );
  });

  it("marks what is still to be created, known ids beside it", async () => {
    const certificateHints = [{ id: UNKNOWN, name: "corp-c", certificate: pemC, isExact: true }];
    const [, , created] = await lines({ certificateIds: [a, UNKNOWN], certificateHints });
    expect(created).toMatch(/^ {2}\+ activate "corp-c" \(to be created, expires \d{4}-\d\d-\d\d\)$/);
  });

  it("counts ids that come from elsewhere, and does not claim that live anchors among them go", async () => {
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [a] });
    expect(await lines({ certificateIds: [b, UNKNOWN] }, state)).toEqual([
      "active set of the organization:",
      expect.stringContaining(b),
      "  + activate 1 certificate whose id is not known before the run: it may be active already",
      expect.stringMatching(
        new RegExp(`^ {2}- deactivate ${a} .*, unless it is one of those whose id is not known before the run$`),
      ),
    ]);
  });

  it.each([
    ["certificateIds", () => ({ certificateIds: UNKNOWN })],
    ["ignoreCertificateIds", () => ({ certificateIds: [b], ignoreCertificateIds: [UNKNOWN] })],
    ["exclusive", () => ({ certificateIds: [b], exclusive: UNKNOWN })],
  ])("has no plan, and refuses none, where %s is not known yet", async (property, news) => {
    rig.organization.activate([a]);
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [a] });
    const text = (consequence: string) =>
      `active set of the organization: no plan yet, because ${property} is not known before the run. ` +
      `Active now: ${a} "corp-a". If the set leaves one of them out, ${consequence}. up prints the plan before it writes`;
    expect(await printed(news())).toEqual([text("up is refused")]);
    expect(await printed({ ...news(), takeOver: true })).toEqual([text("it is deactivated")]);
    expect(await printed(news(), state)).toEqual([text("it is deactivated")]);
  });

  it("says of a list that is not known yet what it may take away, and of an additive one only what it listed before", async () => {
    rig.organization.activate([b]);
    const additive = { certificateIds: [a], exclusive: false };
    const state = await done(rig.run(), "activation", undefined, additive);
    const [text] = await printed({ ...additive, certificateIds: UNKNOWN }, state);
    expect(text).toContain(
      `Active now: ${a} "corp-a". If the set leaves one of them out, it is deactivated. up prints`,
    );
  });

  it.each([
    [{ projectId: UNKNOWN }, "a project: no plan yet, because projectId is"],
    [{ organization: UNKNOWN }, "an organization: no plan yet, because organization is"],
    [{ projectId: "proj_a", organization: UNKNOWN }, "project proj_a: no plan yet, because organization is"],
  ])("says that there is no plan where it is not known whose set it is: %j", async (whose, begin) => {
    const { chain } = await (await createAuthority()).client();
    const certificateHints = [{ id: UNKNOWN, name: "corp-c", certificate: pemC, isExact: true }];
    const news = { ...whose, certificateIds: [a, UNKNOWN], certificateHints, requiredClients: [chain] };
    expect(await printed(news)).toEqual([
      `active set of ${begin} not known before the run. The set may include ${a}, "corp-c". ` +
        "up prints the plan before it writes, and checks requiredClients",
    ]);
  });

  it("says what up will refuse unless a flag that is not known yet allows it", async () => {
    rig.organization.activate([b]);
    expect((await printed({ certificateIds: [a], takeOver: UNKNOWN })).at(-1)).toMatch(
      /^warning: takeOver is not known before the run, and unless it is true, up will refuse this: .* would deactivate 1 anchor/,
    );
    const state = await done(rig.run(), "activation", undefined, { certificateIds: [b] });
    expect((await printed({ certificateIds: [], allowEmpty: UNKNOWN }, state)).at(-1)).toMatch(
      /^warning: allowEmpty is not known before the run, and unless it is true, up will refuse this: after this change nothing/,
    );
    expect((await printed({ certificateIds: UNKNOWN, takeOver: UNKNOWN })).at(-1)).toContain(
      "If the set leaves one of them out, up is refused unless takeOver turns out to be true.",
    );
    expect(await lines({ certificateIds: [b, a], takeOver: UNKNOWN, allowEmpty: UNKNOWN }, state)).toHaveLength(2);
  });

  describe("warns of validity", () => {
    let soon: string;
    beforeEach(async () => {
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 20 * DAY) });
      soon = rig.organization.upload({ name: "soon", certificate });
    });

    it("where a set is shortened to one that expires within 30 days, and not where one lasts longer", async () => {
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [a, soon] });
      expect((await lines({ certificateIds: [soon] }, state)).at(-1)).toMatch(
        /^ {2}warning: the last anchor of this set expires on \d{4}-\d\d-\d\d; then every client is refused$/,
      );
      expect((await lines({ certificateIds: [b, soon] }, state)).join()).not.toContain("warning");
    });

    it("with the same limit for what is to be created", async () => {
      const run = rig.run();
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 29 * DAY) });
      await run.certificate.check({}, { certificate, name: "short" });
      // The Certificate itself has warned already.
      const certificateHints = [{ id: UNKNOWN, name: "short", certificate, isExact: true }];
      const [, text] = await printed({ certificateIds: [UNKNOWN], certificateHints }, undefined, run);
      expect(text).toMatch(/\n {2}warning: the last anchor of this set expires on/);
    });

    it("where an anchor has expired or is not valid yet, since it counts as active and accepts nobody", async () => {
      const { certificate } = await createAuthority({ notBefore: new Date(Date.now() + 60 * DAY) });
      const early = rig.organization.upload({ name: "early", certificate });
      const run = rig.run();
      run.clock.advance(21 * DAY);
      const text = (await lines({ certificateIds: [a, early, soon] }, undefined, run)).join("\n");
      expect(text).toMatch(/\+ activate \w+ "soon" \(expired \d{4}-\d\d-\d\d\)/);
      expect(text).toMatch(/\+ activate \w+ "early" \(not valid before \d{4}-\d\d-\d\d, expires /);
    });

    it("where no anchor of a set is valid that was not before either", async () => {
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 20 * DAY) });
      const second = rig.organization.upload({ name: "second", certificate });
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [soon, second] });
      const run = rig.run();
      run.clock.advance(21 * DAY);
      expect((await lines({ certificateIds: [soon] }, state, run)).at(-1)).toBe(
        "  warning: no anchor of this set is valid now: every client is refused",
      );
    });
  });

  it("says that clients are refused in between where enforcement begins with more than one call", async () => {
    const more = realAnchors(14).slice(2);
    const uploaded = more.map((certificate, index) => rig.organization.upload({ name: `more-${index}`, certificate }));
    const text = (await lines({ certificateIds: uploaded })).join("\n");
    const [ninth, last] = [...uploaded].sort().slice(10);
    expect(text).toContain(
      `this takes 2 calls of 10 anchors, and enforcement begins with the first: clients of ${ninth}, ${last} are refused in between`,
    );
    expect((await lines({ certificateIds: uploaded.slice(0, 10) })).join()).not.toContain("in between");
  });

  it("says that required clients could not be checked where ids or chains are not known before the run", async () => {
    const { client } = await createAuthority();
    const { chain } = await client();
    const unchecked = /not all requiredClients could be checked/;
    expect((await lines({ certificateIds: [a, UNKNOWN], requiredClients: [chain] })).join("\n")).toMatch(unchecked);
    expect((await lines({ certificateIds: [a], requiredClients: UNKNOWN })).join("\n")).toMatch(unchecked);
    expect((await lines({ certificateIds: UNKNOWN, requiredClients: [chain] })).join("\n")).toMatch(
      /and checks requiredClients$/,
    );
  });
});
