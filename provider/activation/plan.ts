/** An active anchor, or one that is about to be. */
export interface Anchor {
  readonly id: string;
  readonly name: string | null;
  /** Unix seconds; undefined where the API did not say. */
  readonly expiresAt: number | undefined;
}

/** All that a plan depends on. */
export interface Situation {
  /** Ids that shall be active. */
  readonly wanted: readonly string[];
  /** Wanted certificates that have no id yet; in preview only. */
  readonly unknown: number;
  /** What is active now. */
  readonly live: readonly Anchor[];
  readonly exclusive: boolean;
  /** Never touched. */
  readonly ignored: readonly string[];
  /** What this resource answered for until now; undefined on create. */
  readonly managed: readonly string[] | undefined;
  /** What an activation of this scope wants in this run, this one or another; only an exclusive one may deactivate these. */
  readonly held: readonly string[];
}

export interface Plan {
  /** Ids to activate, in calls of at most {@link BATCH}; all of them come before any deactivation. */
  readonly activate: readonly (readonly string[])[];
  /** Ids to deactivate, batched likewise. */
  readonly deactivate: readonly (readonly string[])[];
  /** Ids of the known anchors that are active once the plan is carried out. */
  readonly after: readonly string[];
  readonly enforcement: "turns on" | "turns off" | "stays on" | "stays off";
}

/** The API takes 1–10 ids a call. */
export const BATCH = 10;

/**
 * What has to be done so that the live set becomes the wanted one. Exclusive: everything live that is neither wanted nor
 * ignored goes. Otherwise only what this resource answered for, and nobody wants any more, goes.
 */
export function plan(situation: Situation): Plan {
  const { live, exclusive, unknown } = situation;
  const wanted = new Set(situation.wanted);
  const ignored = new Set(situation.ignored);
  const held = new Set(situation.held);
  const dropped = new Set((situation.managed ?? []).filter((id) => !held.has(id)));
  const active = new Set(live.map(({ id }) => id));
  const activate = [...wanted].filter((id) => !active.has(id) && !ignored.has(id));
  const deactivate = [...active].filter((id) => !wanted.has(id) && !ignored.has(id) && (exclusive || dropped.has(id)));
  const going = new Set(deactivate);
  const after = [...[...active].filter((id) => !going.has(id)), ...activate];
  const before = active.size > 0;
  return {
    activate: batches(activate),
    deactivate: batches(deactivate),
    after,
    enforcement: after.length + unknown > 0 ? (before ? "stays on" : "turns on") : before ? "turns off" : "stays off",
  };
}

export function isEmpty({ activate, deactivate }: Plan): boolean {
  return activate.length === 0 && deactivate.length === 0;
}

function batches(ids: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    all.push(ids.slice(start, start + BATCH));
  }
  return all;
}
