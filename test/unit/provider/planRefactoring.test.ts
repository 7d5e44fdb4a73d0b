import { createAuthority, writes } from "../../../emulator";
import { PartialFailure } from "../../../provider/errors";
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

    it("to false leaves others' anchors alone, also those that a refresh has put into state, and says so", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      activate("x");
      const refreshed = await refresh(rig.run(), "activation", state);
      rig.calls();
      const run = rig.run();
      const after = await done(run, "activation", refreshed, set("ab", additive));
      expect(run.said.text).toMatch(new RegExp(`= left active ${ids["x"]} "x"`));
      expect(toggles(rig)).toEqual([]);
      const again = rig.run();
      await done(again, "activation", after, set("a", additive));
      expect(toggles(rig)).toEqual(["- b"]);
      expect(again.said.text).not.toContain(ids["x"]);
    });
  });

  it("renamed to another kind of set, keeps what old and new have in common at every moment", async () => {
    const old = await done(rig.run(), "activation", undefined, set("abc"));
    rig.calls();
    const run = rig.run();
    await done(run, "activation", undefined, set("bcd", additive));
    await run.activation.delete("organization", old.outs);
    expect(toggles(rig)).toEqual(["+ d", "- a"]);
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
      expect(await preview(run, "activation", stopped, set("c", additive))).toBe("");
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
    expect(run.said.text).toMatch(/- deactivate \w+ "x" .*not activated by this resource/);
  });

  describe("beside another activation of its scope in the same program", () => {
    const both = async (one: Record<string, unknown>, other: Record<string, unknown>) => {
      const run = rig.run();
      expect(await preview(run, "activation", undefined, one)).toBe("");
      return preview(run, "activation", undefined, other);
    };

    it("is refused where one wants what the other, exclusive, would deactivate in every run, whichever comes first", async () => {
      const [exclusive, other] = [set("ab"), set("bc", additive)];
      for (const refused of [await both(exclusive, other), await both(other, exclusive)]) {
        expect(refused).toMatch(
          new RegExp(`^two activations of the organization in this program contradict.*wants ${ids["c"]},.*exclusive`),
        );
      }
      expect(rig.writes()).toEqual([]);
    });

    it.each([
      [
        "ignores what the other wants",
        () => set("ab", { ignoreCertificateIds: [ids["c"]] }),
        () => set("bc", additive),
      ],
      ["wants all of it too", () => set("abc"), () => set("bc", additive)],
      ["is not exclusive either", () => set("ab", additive), () => set("bc", additive)],
    ])("is not where it %s", async (_, one, other) => {
      expect(await both(one(), other())).toBe("");
      expect(await both(other(), one())).toBe("");
    });

    it("is not where the other is of a project", async () => {
      const run = rig.run();
      const projectId = rig.organization.addProject({ name: "pilot" }).id;
      expect(await preview(run, "activation", undefined, set("ab"))).toBe("");
      expect(await preview(run, "project", undefined, set("c", { projectId }))).toBe("");
    });
  });

  describe("with an admin key of another organization", () => {
    it("counts as gone, so that a refresh never makes their live set its own to deactivate", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      const theirs = rig.emulator.organization("theirs");
      const [certificate = ""] = realAnchors(9).slice(8);
      theirs.activate([theirs.upload({ name: "theirs", certificate })]);
      rig.calls();
      const run = rig.run({ "openai:adminKey": OTHER_KEY });
      expect(await refresh(run, "activation", state)).toBeUndefined();
      expect(run.said.text).toMatch(
        /none of the certificates .* exists any more.*admin key belong to another organization/,
      );
      const [fresh = ""] = realAnchors(1);
      const wanted = { certificateIds: [theirs.upload({ certificate: fresh })] };
      const refused = await preview(rig.run({ "openai:adminKey": OTHER_KEY }), "activation", undefined, wanted);
      expect(refused).toMatch(/would deactivate 1 anchor .*"theirs"/);
      expect(writes(rig.emulator.requests)).toEqual([]);
    });

    it("is observed as ever where only some of its certificates are gone, or nothing is active", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      rig.organization.remove(ids["a"] ?? "");
      activate("x");
      expect((await refresh(rig.run(), "activation", state))?.outs).toMatchObject({
        certificateIds: [ids["b"], ids["x"]].sort(),
      });
      rig.organization.remove(ids["b"] ?? "");
      rig.organization.deactivate([ids["x"] ?? ""]);
      expect((await refresh(rig.run(), "activation", state))?.outs).toMatchObject({ certificateIds: [] });
    });
  });

  describe("leaving its scope", () => {
    const organizations = {
      "openai:organizations": JSON.stringify({ ours: { adminKey: ADMIN_KEY }, theirs: { adminKey: OTHER_KEY } }),
    };

    it("for another organization, tells in preview what becomes of the one that it leaves", async () => {
      const state = await done(rig.run(organizations), "activation", undefined, set("ab", { organization: "ours" }));
      rig.calls();
      const run = rig.run(organizations);
      const news = { certificateIds: [], organization: "theirs" };
      expect(await run.activation.diff("organization", state.outs, news)).toMatchObject({ replaces: ["organization"] });
      expect(run.said.text).toMatch(/^active set of organization "ours", which this activation leaves:/);
      expect(run.said.text).toMatch(
        /- deactivate \w+ "b" .*\n.*- deactivate \w+ "a" .*\n.*enforcement turns OFF in organization "ours"/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it("says on delete which anchors of others stay active, since mTLS is then enforced for their clients alone", async () => {
      const state = await done(rig.run(), "activation", undefined, set("ab"));
      activate("x");
      const run = rig.run();
      await run.activation.delete("organization", state.outs);
      expect(run.said.text).toMatch(
        new RegExp(
          `warning: still active there, so that mTLS stays enforced, for clients of these alone: ${ids["x"]} "x"`,
        ),
      );
    });

    it("says on delete that the organization's set decides for a project from then on", async () => {
      const projectId = rig.organization.addProject({ name: "pilot" }).id;
      const state = await done(rig.run(), "project", undefined, set("a", { projectId }));
      const run = rig.run();
      await run.project.delete(projectId, state.outs);
      expect(run.said.text).toMatch(
        new RegExp(`turns OFF in project ${projectId}: the organization's active set decides`),
      );
    });

    it("has nothing to do where its project is gone", async () => {
      const { project } = rig.run();
      await project.delete("proj_gone", set("a", { projectId: "proj_gone" }));
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

    it("is not refused where one still is, nor where none was before", async () => {
      expect(await preview(later(), "activation", undefined, { certificateIds: [short, ids["a"]] })).toBe("");
      const { certificate } = await createAuthority({ notAfter: new Date(Date.now() + 3 * DAY) });
      const second = rig.organization.upload({ name: "second", certificate });
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [short, second] });
      expect(await preview(later(), "activation", state, { certificateIds: [short] })).toBe("");
    });
  });
});
