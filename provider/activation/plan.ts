/** An active anchor, or one that is about to be. */
export interface Anchor {
  readonly id: string;
  readonly name: string | null;
  /** Unix seconds; undefined where the API did not say. */
  readonly validAt?: number | undefined;
  /** Unix seconds; undefined where the API did not say. */
  readonly expiresAt: number | undefined;
}

/** All that a plan depends on. */
export interface Situation {
  /** Ids that should be active. */
  readonly wanted: readonly string[];
  /** Listed ids whose CEL filter is not attached yet: neither activated nor deactivated. */
  readonly heldBack: readonly string[];
  /** Wanted certificates that have no id yet; in preview only. */
  readonly unknown: number;
  /** Listed certificates that have no id yet and will be held back; in preview only. */
  readonly waiting: number;
  /** What is active now. */
  readonly live: readonly Anchor[];
  readonly exclusive: boolean;
  /** Never touched. */
  readonly ignored: readonly string[];
  /** What the program listed until now; undefined on create. */
  readonly listedBefore: readonly string[] | undefined;
}

export interface Plan {
  /** Ids to activate, in calls of at most {@link BATCH}; all of them come before any deactivation. */
  readonly activate: readonly (readonly string[])[];
  /** Ids to deactivate, batched likewise. */
  readonly deactivate: readonly (readonly string[])[];
  /** Ids to deactivate once no listed anchor is held back any more; what is to go now is in {@link deactivate}. */
  readonly postponed: readonly string[];
  /** Ids of the known anchors that are active once the plan is carried out. */
  readonly after: readonly string[];
  readonly enforcement: "turns on" | "turns off" | "stays on" | "stays off";
}

/** The API takes 1–10 ids per call. */
export const BATCH = 10;

/**
 * What has to be done so that the live set becomes the wanted one. Exclusive: everything live that is neither wanted nor
 * ignored goes. Otherwise only what the program itself listed before, and does not list any more, goes. While a listed
 * anchor is held back, nothing goes: it may be the one that takes over.
 */
export function plan(situation: Situation): Plan {
  const { live, exclusive, unknown, heldBack } = situation;
  const wanted = new Set(situation.wanted);
  const ignored = new Set(situation.ignored);
  const held = new Set(heldBack);
  const before = new Set(situation.listedBefore ?? []);
  const active = new Set(live.map(({ id }) => id));
  const activate = [...wanted].filter((id) => !active.has(id) && !ignored.has(id)).sort();
  const isWaiting = situation.waiting > 0 || heldBack.some((id) => !active.has(id));
  const surplus = [...active]
    .filter((id) => !wanted.has(id) && !held.has(id) && !ignored.has(id) && (exclusive || before.has(id)))
    .sort();
  const deactivate = isWaiting ? [] : surplus;
  const going = new Set(deactivate);
  const after = [...[...active].filter((id) => !going.has(id)), ...activate];
  const wasOn = active.size > 0;
  return {
    activate: batches(activate, BATCH),
    deactivate: batches(deactivate, BATCH),
    postponed: isWaiting ? surplus : [],
    after,
    enforcement: after.length + unknown > 0 ? (wasOn ? "stays on" : "turns on") : wasOn ? "turns off" : "stays off",
  };
}

export function isEmpty({ activate, deactivate }: Plan): boolean {
  return activate.length === 0 && deactivate.length === 0;
}

/**
 * Whether there are moments between the plan's calls at which a client is refused that is accepted before and after it:
 * where enforcement begins or ends, everybody is accepted at one end, and nobody else's anchor counts on the way.
 */
export function hasGap({
  enforcement,
  activate,
  deactivate,
}: Pick<Plan, "enforcement" | "activate" | "deactivate">): boolean {
  return (enforcement === "turns on" && activate.length > 1) || (enforcement === "turns off" && deactivate.length > 1);
}

/**
 * The same plan, with `needed` (at most {@link BATCH} ids) active whenever anything is: in the first call that activates
 * where enforcement turns on, and in the last that deactivates where it turns off.
 */
export function bridging(plan: Plan, needed: readonly string[]): Plan {
  const rest = (ids: readonly (readonly string[])[]) => ids.flat().filter((id) => !needed.includes(id));
  if (plan.enforcement === "turns on") {
    return { ...plan, activate: batches([...needed, ...rest(plan.activate)], BATCH) };
  }
  const last = [...rest(plan.deactivate), ...needed];
  return { ...plan, deactivate: batches(last, last.length % BATCH || BATCH) };
}

/** The sets between the calls of a plan with which enforcement begins or ends. */
export function between({ enforcement, activate, deactivate }: Plan): string[][] {
  return enforcement === "turns on"
    ? activate.slice(1).map((_, call) => activate.slice(0, call + 1).flat())
    : deactivate.slice(1).map((_, call) => deactivate.slice(call + 1).flat());
}

/** Batches of {@link BATCH}, but for the first, which may be smaller, and the last. */
export function batches(ids: readonly string[], first: number): string[][] {
  const all: string[][] = [];
  for (let start = 0, end = first; start < ids.length; start = end, end += BATCH) {
    all.push(ids.slice(start, end));
  }
  return all;
}
