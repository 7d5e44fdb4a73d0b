import { verifyConverged } from "../../support/soak/verify";
import { verifyRun } from "../../support/soak/verifyRun";
import { Watch } from "../../support/soak/watch";
import type { Ended } from "../../support/soak/world";
import { PROGRAM, Scenery } from "./scenery";

describe("the model", () => {
  let scenery: Scenery;
  beforeEach(async () => {
    scenery = await Scenery.open();
  });
  afterEach(() => scenery.scene.close());

  const upload = { method: "POST", url: "/organization/certificates", body: {} } as const;
  const figures = () => scenery.scene.figures;

  /** A run in which `act` happened, and how it ended. */
  function run(act: (watch: Watch) => void, end: Partial<Ended> = {}): Ended {
    const watch = new Watch(scenery.scene, scenery.stack, "up", false);
    act(watch);
    return { how: "done", failures: [], said: "", broken: false, disturbed: false, watch, ...end };
  }
  const verify = (ended: Ended) => verifyRun(scenery.scene, scenery.stack, "up", ended);
  const converged = (act: () => void) => verifyConverged(scenery.scene, scenery.stack, run(act));

  describe("of what every run leaves behind", () => {
    const declare = (anchor: number, label: string) => {
      const certificates = new Map(PROGRAM.certificates).set(label, { anchor, label });
      scenery.stack.program = { ...PROGRAM, certificates };
    };
    const uploads = (anchor: number, name: string) => (watch: Watch) => {
      declare(anchor, name);
      scenery.upload(anchor, name);
      watch.after(upload);
    };

    it("finds an upload that a run lost from state, and counts it", () => {
      expect(verify(run(uploads(5, "new")))).toEqual([
        expect.stringMatching(/^cert_\w+ was uploaded and is not in state$/),
      ]);
      expect(figures().losses).toBe(1);
      expect(verify(run(uploads(6, "new"), { how: "failed", failures: ["refused"] }))).toHaveLength(2);
      expect(figures().losses).toBe(2);
    });

    it("forgives a killed run, and holds its upload against the next that does not name it", () => {
      expect(verify(run(uploads(5, "new"), { how: "killed" }))).toEqual([]);
      expect(figures()).toMatchObject({ orphans: 1, losses: 0 });
      const [orphan = ""] = scenery.scene.orphans.keys();
      const again = run((watch) => {
        const id = scenery.upload(5, "new");
        watch.after(upload);
        scenery.keep("new", id, 5);
      });
      expect(verify(again)).toEqual([expect.stringContaining(`the orphan ${orphan} is not named`)]);
      const said = `${orphan} "new": take it over with adopt: "${orphan}" (or adopt: true), or delete it`;
      expect(verify({ ...again, said })).toEqual([]);
    });

    it("forgives an outage only where the message names the upload and the way on", () => {
      const told =
        'upload of "new": it may have been uploaded. Set adopt: true on this certificate before the next run';
      const ended = run(uploads(5, "new"), { how: "failed", broken: true, failures: ["down"] });
      const verifyAnew = (end: Partial<Ended>) => {
        scenery.scene.orphans.clear();
        return verify({ ...ended, ...end });
      };
      const problem = expect.stringMatching(/^cert_\w+ may have been uploaded, but no failure says so/);
      expect(verifyAnew({})).toEqual([problem]);
      expect(verifyAnew({ failures: [told.replace("new", "old")] })).toEqual([problem]);
      expect(verifyAnew({ failures: [told] })).toEqual([]);
      expect(verifyAnew({ how: "done" })).toEqual([expect.stringMatching(/was uploaded and is not in state$/)]);
    });

    it("finds a resource that was uploaded twice, and counts it", () => {
      declare(5, "c");
      const twice = run((watch) => {
        scenery.keep("c", scenery.upload(5, "c"), 5);
        scenery.keep("c", scenery.upload(5, "c"), 5);
        watch.after(upload);
      });
      expect(verify(twice)).toEqual([expect.stringMatching(/^cert_\w+ and cert_\w+ are uploads of one resource$/)]);
      expect(figures().duplicates).toBe(1);
    });

    it("finds a certificate that was taken over unasked", () => {
      declare(5, "c");
      const left = scenery.upload(5, "c");
      const ended = run(() => scenery.keep("c", left, 5));
      expect(verify(ended)).toEqual([`c has taken ${left} over, and was not told to`]);
      scenery.stack.program = { ...scenery.stack.program, adopt: true };
      expect(verify(ended)).toEqual([]);
    });

    it("finds a resource that has lost its provider", () => {
      const ended = run(() => Object.assign(scenery.stack.state.get("set")?.outputs ?? {}, { __provider: undefined }));
      expect(verify(ended)).toEqual(["set has lost its provider"]);
    });

    it.each([
      ["had to deactivate", () => undefined],
      ["had activated", () => scenery.organization.deactivate([scenery.b])],
    ])("finds what an activation that stopped half way %s and forgot", (_, before) => {
      before();
      const stopped = run(
        (watch) => {
          scenery.organization.activate([scenery.b]);
          const body = { certificate_ids: [scenery.b] };
          watch.after({ method: "POST", url: "/organization/certificates/activate", body });
          const set = scenery.stack.state.get("set");
          Object.assign(set?.outputs ?? {}, { certificateIds: [scenery.a] });
        },
        { how: "failed", failures: ["down"] },
      );
      expect(verify(stopped)).toEqual([`set does not answer for ${scenery.b} any more, which is still active`]);
    });
  });

  describe("of a run that went through", () => {
    const outputs = (name: string) => scenery.stack.state.get(name)?.outputs ?? {};

    it("has nothing to say when all is as declared", () => {
      expect(converged(() => undefined)).toEqual([]);
    });

    it.each<[string, () => void, RegExp]>([
      ["deactivated", () => scenery.organization.deactivate([scenery.a]), /^set live: found/],
      ["left active", () => scenery.organization.activate([scenery.foreign]), /^set live: found/],
      ["renamed", () => scenery.organization.rename(scenery.a, "x"), /^a live: found .*"x"/],
      ["gone", () => scenery.organization.remove(scenery.a), /^a live: found/],
      ["another than in state", () => Object.assign(outputs("a"), { fingerprint: "0" }), /^a in state: found/],
      ["not in state's set", () => Object.assign(outputs("set"), { certificateIds: [] }), /^set in state: found/],
      ["in state and not declared", () => scenery.keep("z", scenery.foreign, 2), /^resources in state: found/],
    ])("finds a certificate %s", (_, tamper, problem) => {
      // What is live was so before, or the model would take it for others' wish.
      expect(converged(tamper)).toContainEqual(expect.stringMatching(problem));
    });

    it("finds one certificate behind two resources", () => {
      const certificates = new Map(PROGRAM.certificates).set("c", { anchor: 0, label: "a" });
      scenery.stack.program = { ...PROGRAM, certificates };
      const found = converged(() => {
        scenery.keep("c", scenery.a, 0);
        Object.assign(outputs("c"), { name: "a" });
      });
      expect(found).toEqual([`a and c both are ${scenery.a}`]);
    });

    it("finds an orphan that was to be adopted and is not", () => {
      const id = scenery.upload(0, "a");
      scenery.scene.orphans.set(id, { id, name: "a", fingerprint: scenery.scene.anchor(0).fingerprint });
      scenery.stack.program = { ...PROGRAM, adopt: true };
      expect(converged(() => undefined)).toEqual([`the orphan ${id} was not adopted`]);
    });

    it("expects a set that ceases to be exclusive to leave alone what is live, and one that was not to tidy up", () => {
      scenery.want({ members: ["a"], exclusive: false });
      expect(converged(() => Object.assign(outputs("set"), { certificateIds: [scenery.a] }))).toEqual([]);
      Object.assign(outputs("set"), { exclusive: false, certificateIds: [scenery.a, scenery.b].sort() });
      const tidied = () => Object.assign(outputs("set"), { certificateIds: [scenery.a] });
      expect(converged(tidied)).toEqual([expect.stringMatching(/^set live: found/)]);
    });
  });
});
