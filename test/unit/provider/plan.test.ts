import fc from "fast-check";
import { apply, Interrupted } from "../../../provider/activation/apply";
import {
  BATCH,
  between,
  bridging,
  hasGap,
  isEmpty,
  type Plan,
  plan,
  type Situation,
} from "../../../provider/activation/plan";
import type { Scope } from "../../../provider/activation/scope";
import { before, toState, withActive } from "../../../provider/activation/state";
import { ApiError } from "../../../provider/api/errors";
import type { ListedCertificate } from "../../../provider/api/wire";

const UNIVERSE = Array.from({ length: 34 }, (_, index) => `cert_${String(index).padStart(2, "0")}`);

type Case = Omit<Situation, "live" | "unknown" | "waiting"> & { readonly live: readonly string[] };
/** What becomes of one toggle: refused, carried out without an answer, confirmed late, or accepted and not carried out. */
type Fate = "done" | "refused" | "lost" | "unconfirmed" | "ignored";

const some = fc.subarray(UNIVERSE);
const cases: fc.Arbitrary<Case> = fc
  .record({
    wanted: some,
    ignored: fc.subarray(UNIVERSE, { maxLength: 12 }),
    live: some,
    exclusive: fc.boolean(),
    listedBefore: fc.option(some, { nil: undefined }),
  })
  // Check refuses an id that is wanted and ignored at once.
  .map((one) => ({ ...one, heldBack: [], wanted: one.wanted.filter((id) => !one.ignored.includes(id)) }));

const anchors = (ids: readonly string[]) => ids.map((id) => ({ id, name: id, expiresAt: undefined }));
const planFor = (one: Case, live: readonly string[] = one.live, listedBefore = one.listedBefore): Plan =>
  plan({ ...one, listedBefore, live: anchors(live), unknown: 0, waiting: 0 });

/** The set that a case is to end with, told without any planning. */
function target({ wanted, ignored, live, exclusive, listedBefore = [] }: Case): Set<string> {
  const stays = (id: string) => ignored.includes(id) || (!exclusive && !listedBefore.includes(id));
  return new Set([...wanted, ...live.filter(stays)]);
}

/** An active set that toggles meet their fate in, and every state that it was in. */
class LiveSet {
  readonly states: Set<string>[];
  readonly calls: { readonly on: boolean; readonly ids: readonly string[] }[] = [];

  constructor(
    live: Iterable<string>,
    private readonly fates: Fate[] = [],
  ) {
    this.states = [new Set(live)];
  }

  get now(): Set<string> {
    return this.states.at(-1) ?? new Set();
  }

  listed(): ListedCertificate[] {
    return UNIVERSE.map((id) => this.certificate(id));
  }

  get scope(): Scope {
    const scope: Pick<Scope, "label" | "activate" | "deactivate" | "lookAgain"> = {
      label: "the organization",
      activate: (ids) => this.toggle(ids, true),
      deactivate: (ids) => this.toggle(ids, false),
      lookAgain: async () => this.listed(),
    };
    return scope as Scope;
  }

  private async toggle(ids: readonly string[], on: boolean): Promise<ListedCertificate[]> {
    this.calls.push({ on, ids });
    const fate = this.fates.shift() ?? "done";
    if (fate === "refused") {
      throw new ApiError("403", { kind: "answer", status: 403, meta: {}, body: {} });
    }
    if (fate !== "ignored") {
      this.states.push(new Set(on ? [...this.now, ...ids] : [...this.now].filter((id) => !ids.includes(id))));
    }
    if (fate === "lost") {
      throw new ApiError("lost", { kind: "lost", reason: "no answer" });
    }
    return fate === "done" ? ids.map((id) => this.certificate(id)) : [];
  }

  private certificate(id: string): ListedCertificate {
    return { id, name: id, createdAt: 0, validAt: undefined, expiresAt: undefined, active: this.now.has(id) };
  }
}

const includes = (set: ReadonlySet<string>, ids: Iterable<string>) => [...ids].every((id) => set.has(id));
const common = (one: Iterable<string>, other: ReadonlySet<string>) => [...one].filter((id) => other.has(id));

describe("the plan of an active set, whatever is wanted, live and ignored", () => {
  it("reaches the wanted set, and has nothing left to do there", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const set = new LiveSet(one.live);
        const answered = await apply(set.scope, planFor(one), new Set(one.live));
        expect(set.now).toEqual(target(one));
        expect(answered).toEqual(set.now);
        expect(isEmpty(planFor(one, [...set.now], [...one.wanted]))).toBe(true);
      }),
    );
  });

  it("makes calls of 1–10 ids, activations first, each id once and only where it changes something, ignored ones never", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { activate, deactivate } = planFor(one);
        for (const ids of [...activate, ...deactivate]) {
          expect(ids.length).toBeGreaterThanOrEqual(1);
          expect(ids.length).toBeLessThanOrEqual(10);
        }
        const [on, off] = [activate.flat(), deactivate.flat()];
        expect(activate).toHaveLength(Math.ceil(on.length / 10));
        expect(deactivate).toHaveLength(Math.ceil(off.length / 10));
        expect(new Set([...on, ...off]).size).toBe(on.length + off.length);
        expect(on.filter((id) => one.live.includes(id))).toEqual([]);
        expect(off.filter((id) => !one.live.includes(id))).toEqual([]);
        expect([...on, ...off].filter((id) => one.ignored.includes(id))).toEqual([]);
      }),
    );
  });

  it("makes no call where there is nothing to do", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const settled = { ...one, live: [...target(one)] };
        expect(planFor(settled)).toMatchObject({ activate: [], deactivate: [] });
      }),
    );
  });

  it("says what becomes of enforcement, and what is active afterwards", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [before, after] = [one.live.length > 0, target(one).size > 0];
        const { enforcement, after: ids } = planFor(one);
        expect(new Set(ids)).toEqual(target(one));
        expect(enforcement).toBe(after ? (before ? "stays on" : "turns on") : before ? "turns off" : "stays off");
      }),
    );
  });

  it("never trusts less than both ends have in common, wherever it stops and is planned again", async () => {
    const fates = fc.array(fc.constantFrom<Fate>("done", "refused", "lost", "unconfirmed", "ignored"), {
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(cases, fates, fc.boolean(), async (one, fated, killed) => {
        const set = new LiveSet(one.live, [...fated]);
        const end = target(one);
        const news = { certificateIds: [...one.wanted], ignoreCertificateIds: one.ignored, exclusive: one.exclusive };
        let { listedBefore } = one;
        for (let run = 0; run <= fated.length; run++) {
          const live = [...set.now];
          const planned = planFor(one, live, listedBefore);
          try {
            await apply(set.scope, planned, new Set(live));
          } catch (error) {
            const { active } = error as Interrupted;
            expect(error).toBeInstanceOf(Interrupted);
            // A process that was killed leaves the state as it was; one that failed keeps what it knows.
            const seen = { listed: withActive(set.listed(), active), heldBack: [], retiring: [] };
            const observed = { ...seen, organizationId: undefined };
            listedBefore = killed ? listedBefore : before(toState(news, observed, listedBefore))?.listed;
          }
        }
        expect(set.now).toEqual(end);
        const shared = common(one.live, end);
        for (const state of set.states) {
          expect(includes(state, shared)).toBe(true);
          expect(includes(state, one.live) || includes(state, end)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("deactivates nothing before every activation is confirmed", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(3), async (one, at) => {
        const planned = planFor(one);
        fc.pre(planned.activate.length > at && planned.deactivate.length > 0);
        const set = new LiveSet(one.live, [...Array<Fate>(at).fill("done"), "ignored"]);
        const stopped = await apply(set.scope, planned, new Set(one.live)).catch((error: unknown) => error);
        expect(stopped).toBeInstanceOf(Interrupted);
        expect(String((stopped as Interrupted).cause.message)).toMatch(/is not active; nothing was deactivated/);
        expect(set.calls.filter(({ on }) => !on)).toEqual([]);
        expect((stopped as Interrupted).active).toEqual(set.now);
      }),
    );
  });
});

describe("a change of the set that stops after calls whose answers do not confirm it", () => {
  const ids = UNIVERSE.slice(0, 12);
  const noList = { lookAgain: () => Promise.reject(new Error("no list")) };

  it.each([
    ["activates", "the next call is refused", ["ignored", "refused"], {}, 10],
    ["deactivates", "the next call is refused", ["ignored", "refused"], {}, 10],
    ["activates", "the list fails", ["unconfirmed", "done"], noList, 10],
    ["deactivates", "the list fails", ["ignored", "done"], noList, 10],
    ["deactivates", "the next answer is lost", ["ignored", "lost"], {}, 12],
  ] as const)(
    "counts as active what may be, and says of which it is not known: it %s, and %s",
    async (does, _, fates, broken, unsure) => {
      const on = does === "activates";
      const set = new LiveSet(on ? [] : ids, [...fates]);
      const all = [ids.slice(0, 10), ids.slice(10)];
      const plan = { activate: on ? all : [], deactivate: on ? [] : all };
      const stopped = await apply({ ...set.scope, ...broken }, plan, set.now).catch((error: Interrupted) => error);
      const { active, unsure: named } = stopped as Interrupted;
      expect([...named].sort()).toEqual(ids.slice(0, unsure));
      expect(includes(active, [...set.now, ...named])).toBe(true);
    },
  );
});

describe("the plan of an active set that lists an anchor whose filter is not attached", () => {
  const withHeldBack = fc
    .tuple(cases, fc.subarray(UNIVERSE, { minLength: 1, maxLength: 5 }))
    .map(([one, heldBack]) => ({ ...one, heldBack, wanted: one.wanted.filter((id) => !heldBack.includes(id)) }));

  it("never toggles that anchor, and deactivates nothing while it is not active", () => {
    fc.assert(
      fc.property(withHeldBack, (one) => {
        const { activate, deactivate } = planFor(one);
        expect([...activate, ...deactivate].flat().filter((id) => one.heldBack.includes(id))).toEqual([]);
        if (!includes(new Set(one.live), one.heldBack)) {
          expect(deactivate).toEqual([]);
        }
      }),
    );
  });

  it("deactivates nothing while it has no id yet", () => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(plan({ ...one, live: anchors(one.live), unknown: 0, waiting: 1 }).deactivate).toEqual([]);
      }),
    );
  });
});

describe("a plan with which enforcement begins or ends", () => {
  const ends = fc
    .record({ ids: fc.subarray(UNIVERSE, { minLength: 1 }), begins: fc.boolean() })
    .chain(({ ids, begins }) =>
      fc.record({
        ids: fc.constant(ids),
        begins: fc.constant(begins),
        needed: fc.subarray(ids, { maxLength: Math.min(BATCH, ids.length) }),
      }),
    );

  it("has every needed anchor active whenever any is, in no more calls", async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ ids, begins, needed }) => {
        const one: Case = {
          wanted: begins ? ids : [],
          live: begins ? [] : ids,
          ignored: [],
          exclusive: true,
          listedBefore: ids,
          heldBack: [],
        };
        const plain = planFor(one);
        expect(hasGap(plain)).toBe(ids.length > BATCH);
        const bridged = bridging(plain, needed);
        const calls = [...bridged.activate, ...bridged.deactivate];
        expect(calls.every(({ length }) => length >= 1 && length <= BATCH)).toBe(true);
        expect(calls).toHaveLength(Math.ceil(ids.length / BATCH));
        const set = new LiveSet(one.live);
        await apply(set.scope, bridged, new Set(one.live));
        expect(set.now).toEqual(target(one));
        for (const state of set.states) {
          expect(state.size === 0 || includes(state, needed)).toBe(true);
        }
        const onTheWay = set.states.filter(({ size }) => size > 0 && size < ids.length);
        expect(onTheWay).toEqual(between(bridged).map((some) => new Set(some)));
      }),
    );
  });
});
