import { createAuthority, writes } from "../../../emulator";
import { PartialFailure } from "../../../provider/errors";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig } from "../../support/rig";
import { done, type InState, preview, refresh, toggles, up } from "./planned";

const DAY = 24 * 60 * 60 * 1000;
const OTHER_KEY = "sk-admin-other-0123456789";

describe("an activation that is renamed, refactored or interrupted", () => {
  let rig: Rig;
  let ids: Record<string, string>;
  beforeEach(async () => {
    rig = await Rig.start({ adminKey: { ours: ADMIN_KEY, theirs: OTHER_KEY } });
    const names = ["a", "b", "c", "d", "x"];
    ids = Object.fromEntries(
      realAnchors(names.length).map((certificate, index) => {
        const name = names[index] ?? "";
        return [name, rig.organization.upload({ name, certificate })];
      }),
    );
  });
  afterEach(() => rig.close());

  const set = (names: string, more = {}) => ({ certificateIds: [...names].map((name) => ids[name]), ...more });
  const activate = (names: string, projectId?: string) =>
    rig.organization.activate(
      [...names].map((name) => ids[name] ?? ""),
      projectId,
    );
  const additive = { exclusive: false };

  describe("changing exclusive", () => {
    it("writes nothing while the set stays the same", async () => {
      let state = await done(rig.run(), "activation", undefined, set("ab"));
      rig.calls();
      for (const exclusive of [false, true, false]) {
        state = await done(rig.run(), "activation", state, set("ab", { exclusive }));
      }
      expect(rig.writes()).toEqual([]);
    });

    it("to false leaves others' anchors alone, also after a refresh has seen them", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      activate("x");
      const refreshed = await refresh(rig.run(), "activation", state);
      rig.calls();
      const after = await done(rig.run(), "activation", refreshed, set("ab", additive));
      expect(toggles(rig)).toEqual([]);
      const again = rig.run();
      await done(again, "activation", after, set("a", additive));
      expect(toggles(rig)).toEqual(["- b"]);
      expect(again.said.text).not.toContain(ids["x"]);
    });
  });

  it("renamed to another kind of set, only activates: its old name leaves the set as it is", async () => {
    const old = await done(rig.run(), "activation", undefined, set("abc"));
    rig.calls();
    const run = rig.run();
    await done(run, "activation", undefined, set("bcd", additive));
    await run.activation.delete("organization", old.outs);
    expect(toggles(rig)).toEqual(["+ d"]);
    expect(rig.active()).toEqual(["a", "b", "c", "d"]);
  });

  describe("stopped half way", () => {
    const stop = async (state: InState | undefined, news: Record<string, unknown>): Promise<InState> => {
      const run = rig.run({ "openai:maxRetries": "0" });
      const failed = await up(run, "activation", state, news).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(PartialFailure);
      const { id, properties } = failed as PartialFailure;
      return { id, inputs: news, outs: properties };
    };

    it("an additive one goes on answering for what it had yet to deactivate, and preview says so", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab", additive));
      rig.emulator.faults.add({ kind: "status", status: 403, match: { path: /\/deactivate$/ } });
      const stopped = await stop(state, set("c", additive));
      expect(rig.active()).toEqual(["a", "b", "c"]);
      const run = rig.run();
      const { inputs } = await run.activation.check(stopped.inputs, set("c", additive));
      expect(await run.activation.diff("organization", stopped.outs, inputs)).toEqual({ changes: true });
      expect(run.said.text).toMatch(/- deactivate \w+ "a"/);
      await done(rig.run(), "activation", stopped, set("c", additive));
      expect(rig.active()).toEqual(["c"]);
    });

    it("an additive one answers for what it may have activated, where the answer was lost", async () => {
      rig.emulator.faults.add({ kind: "drop", at: "after", match: { path: /\/activate$/ } });
      const stopped = await stop(undefined, set("ab", additive));
      expect(rig.active()).toEqual(["a", "b"]);
      await done(rig.run(), "activation", stopped, set("a", additive));
      expect(rig.active()).toEqual(["a"]);
    });

    it("has deactivated nothing where the API accepts an activation that does not show", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      rig.calls();
      const inactive = (body: unknown) => {
        const page = body as { data: { id: string; active: boolean }[] };
        return { ...page, data: page.data.map((one) => (one.id === ids["c"] ? { ...one, active: false } : one)) };
      };
      rig.emulator.faults.add({ kind: "body", change: inactive, match: { path: /\/activate$/ } });
      rig.emulator.faults.add({ kind: "body", change: inactive, match: { method: "GET", skip: 1 } });
      const failed = rig.run().activation.update("organization", state.outs, set("bc"));
      await expect(failed).rejects.toThrow(new RegExp(`${ids["c"]} is not active; nothing was deactivated`));
      expect(toggles(rig)).toEqual(["+ c"]);
    });
  });

  it("looks again where the list does not show yet what was just uploaded", async () => {
    const behind = (body: unknown) => {
      const page = body as { data: { id: string }[] };
      return { ...page, data: page.data.filter(({ id }) => id !== ids["a"]) };
    };
    rig.emulator.faults.add({ kind: "body", change: behind, match: { method: "GET" } });
    await rig.run().activation.create(set("a"));
    expect(rig.active()).toEqual(["a"]);
  });

  it("says the plan once more in the update itself, which knows what has changed since", async () => {
    const state = await done(rig.run(), "activation", undefined, set("ab"));
    const run = rig.run();
    expect(await preview(run, "activation", state, set("ab"))).toBe("");
    expect(run.said.text).toBe("");
    run.clock.advance(60 * 1000);
    activate("x");
    await run.activation.update("organization", state.outs, set("ab"));
    expect(run.said.text).toMatch(/- deactivate \w+ "x" .*which this activation did not list/);
  });

  describe("stopped half way, in a way that its options forbid to go on", () => {
    it("is refused in preview too, by the diff: what is left to deactivate is in state alone", async () => {
      const state = await done(rig.run(), "activation", undefined, set("a", additive));
      const news = set("", { ...additive, allowEmpty: true });
      rig.emulator.faults.add({ kind: "status", status: 403, match: { path: /\/deactivate$/ } });
      const failed = await up(rig.run(), "activation", state, news).catch((error: unknown) => error);
      const { properties } = failed as PartialFailure;
      const run = rig.run();
      const { inputs, failures } = await run.activation.check(news, set("", additive));
      expect(failures).toEqual([]);
      await expect(run.activation.diff("organization", properties, inputs)).rejects.toThrow(/allowEmpty: true/);
    });
  });

  describe("leaving its scope for another organization", () => {
    const organizations = {
      "openai:organizations": JSON.stringify({ ours: { adminKey: ADMIN_KEY }, theirs: { adminKey: OTHER_KEY } }),
    };

    it("is replaced, and the delete of the old one leaves that set as it is", async () => {
      const run = rig.run(organizations);
      const state = await done(run, "activation", undefined, set("ab", { organization: "ours" }));
      rig.calls();
      const news = { certificateIds: [], organization: "theirs" };
      expect(await rig.run(organizations).activation.diff("organization", state.outs, news)).toEqual({
        changes: true,
        replaces: ["organization"],
        deleteBeforeReplace: true,
      });
      await rig.run(organizations).activation.delete("organization", state.outs);
      expect(rig.writes()).toEqual([]);
    });

    it("warns of what its delete will deactivate, by state: also where the same change takes deactivateOnDelete out", async () => {
      const told = set("ab", { organization: "ours", deactivateOnDelete: true });
      const state = await done(rig.run(organizations), "activation", undefined, told);
      const run = rig.run(organizations);
      expect(await preview(run, "activation", state, { certificateIds: [], organization: "theirs" })).toBe("");
      const going = `${ids["a"]}, ${ids["b"]} in organization "ours", also where that ends enforcement`;
      expect(run.said.text).toMatch(new RegExp(`this replacement deactivates ${going}`));
      const open = rig.run(organizations);
      await preview(open, "activation", state, { certificateIds: [], organization: UNKNOWN });
      expect(open.said.text).toMatch(
        new RegExp(`if organization turns out to be another, this replacement deactivates ${going}`),
      );
      const refresh = rig.run(organizations);
      await refresh.activation.diff("organization", state.outs, { certificateIds: [], organization: "theirs" });
      expect(refresh.said.text).toBe("");
      const kept = await done(rig.run(organizations), "activation", state, { ...told, deactivateOnDelete: false });
      const quiet = rig.run(organizations);
      await preview(quiet, "activation", kept, { certificateIds: [], organization: "theirs" });
      expect(quiet.said.text).toBe("");
    });

    it("warns of the old project's set too, where it moves to another project", async () => {
      const [one, other] = ["one", "other"].map((name) => rig.organization.addProject({ name }).id);
      const told = set("a", { projectId: one, deactivateOnDelete: true });
      const state = await done(rig.run(), "project", undefined, told);
      const run = rig.run();
      await preview(run, "project", state, set("a", { projectId: other }));
      expect(run.said.text).toContain(`this replacement deactivates ${ids["a"]} in project ${one}, `);
    });

    it("is no replacement where it is another name for the same organization", async () => {
      const same = {
        "openai:organizations": JSON.stringify({
          ours: { adminKey: ADMIN_KEY },
          again: { adminKey: ADMIN_KEY, timeoutSeconds: 9 },
        }),
      };
      const state = await done(rig.run(same), "activation", undefined, set("ab", { organization: "ours" }));
      rig.calls();
      const news = set("ab", { organization: "again" });
      expect(await rig.run(same).activation.diff("organization", state.outs, news)).toEqual({ changes: true });
      await done(rig.run(same), "activation", state, news);
      expect(rig.writes()).toEqual([]);
    });

    it("has nothing to do where its project is gone", async () => {
      const { project } = rig.run();
      await project.delete("proj_gone", set("a", { projectId: "proj_gone", deactivateOnDelete: true }));
      expect(writes(rig.emulator.requests)).toEqual([]);
    });
  });

  describe("with anchors that have expired", () => {
    let short: string;
    beforeEach(async () => {
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 3 * DAY) });
      short = rig.organization.upload({ name: "short", certificate });
    });
    const later = () => {
      const run = rig.run();
      run.clock.advance(5 * DAY);
      return run;
    };

    it("is refused where no anchor would be valid any more, since then every request is refused", async () => {
      const message = new RegExp(`no active anchor of the organization would be valid.*${short} "short" \\(expired `);
      expect(await preview(later(), "activation", undefined, { certificateIds: [short] })).toMatch(message);
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [short, ids["a"]] });
      rig.calls();
      expect(await preview(later(), "activation", state, { certificateIds: [short] })).toMatch(message);
      expect(rig.writes()).toEqual([]);
    });

    it("is refused in preview too where the only one is still to be uploaded and not valid yet, and only warned about where it may be another", async () => {
      const { certificate } = await createAuthority({ notBefore: new Date(Date.now() + DAY) });
      const state = await done(rig.run(), "activation", undefined, set("a"));
      const certificateHints = [{ id: UNKNOWN, name: "early", certificate, isExact: true }];
      const message =
        /no active anchor of the organization would be valid.*: "early" \(to be created, not valid before [\d-]+, expires /;
      const news = { certificateIds: [UNKNOWN], certificateHints };
      expect(await preview(rig.run(), "activation", state, news)).toMatch(message);
      const both = { certificateIds: [ids["a"], UNKNOWN], certificateHints };
      const beside = rig.run();
      expect(await preview(beside, "activation", state, both)).toBe("");
      expect(beside.said.text).toMatch(/\+ activate "early" \(to be created, not valid before /);
      const run = rig.run();
      await run.certificate.check({}, { certificate, name: "early" });
      expect(await preview(run, "activation", state, { certificateIds: [UNKNOWN] })).toBe("");
      expect(run.said.text).toMatch(message);
    });

    it("is not refused where one still is, nor where none was before", async () => {
      expect(await preview(later(), "activation", undefined, { certificateIds: [short, ids["a"]] })).toBe("");
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 3 * DAY) });
      const second = rig.organization.upload({ name: "second", certificate });
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [short, second] });
      expect(await preview(later(), "activation", state, { certificateIds: [short] })).toBe("");
    });
  });
});
