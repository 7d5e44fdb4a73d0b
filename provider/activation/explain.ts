import { DAY_MS, day } from "../clock";
import type { PendingUpload } from "../organization";
import { type Anchor, isEmpty, type Plan, type Situation } from "./plan";
import { count, describeAnchor } from "./refusals";

export interface Explanation {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly listed: readonly Anchor[];
  readonly label: string;
  /** Uploads announced in this run, which unknown ids may stand for. */
  readonly pending: readonly PendingUpload[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const SOON_MS = 30 * DAY_MS;

/** What is about to happen to the active set, for the user to read before it does; undefined where nothing will. */
export function explain(explanation: Explanation): string | undefined {
  const { plan, situation, label } = explanation;
  if (isEmpty(plan) && situation.unknown === 0) {
    return undefined;
  }
  const byId = new Map(explanation.listed.map((anchor) => [anchor.id, anchor]));
  const show = (id: string) => describeAnchor(byId.get(id) ?? { id, name: null, expiresAt: undefined });
  const managed = situation.managed === undefined ? undefined : new Set(situation.managed);
  const outside = (id: string) => (managed === undefined || managed.has(id) ? "" : ", not activated by this resource");
  return [
    `active set of ${label}:`,
    ...plan.activate.flat().map((id) => `  + activate ${show(id)}`),
    ...toBeCreated(explanation),
    ...plan.deactivate.flat().map((id) => `  - deactivate ${show(id)}${outside(id)}`),
    ...enforcement(explanation),
    ...expiry(explanation, byId),
  ].join("\n");
}

function toBeCreated({ situation: { unknown }, pending }: Explanation): string[] {
  if (unknown === 0) {
    return [];
  }
  if (unknown === pending.length) {
    const byName = [...pending].sort((a, b) => a.name.localeCompare(b.name));
    return byName.map(
      ({ name, expiresAt }) => `  + activate ${JSON.stringify(name)} (to be created, expires ${day(expiresAt)})`,
    );
  }
  return [`  + activate ${count(unknown, "certificate")} whose id is not known yet`];
}

function enforcement({ plan, label }: Explanation): string[] {
  if (plan.enforcement === "turns on") {
    return [
      `  mTLS enforcement turns ON in ${label}: from then on requests without a client certificate that chains to an active anchor are refused`,
    ];
  }
  if (plan.enforcement === "turns off") {
    return [
      `  mTLS enforcement turns OFF in ${label}: nothing is active there afterwards, and no client certificate is asked for`,
    ];
  }
  return [];
}

/** A set whose last anchor is about to expire locks everybody out on that day. */
function expiry({ plan, situation, pending, now }: Explanation, byId: ReadonlyMap<string, Anchor>): string[] {
  if (situation.unknown > pending.length || plan.after.length + situation.unknown === 0) {
    return [];
  }
  const uploads = situation.unknown === 0 ? [] : pending.map(({ expiresAt }) => expiresAt.getTime());
  const known = plan.after.map((id) => byId.get(id)?.expiresAt);
  if (known.some((seconds) => seconds === undefined)) {
    return [];
  }
  const last = Math.max(...uploads, ...known.map((seconds) => (seconds ?? 0) * 1000));
  return last - now < SOON_MS
    ? [`  warning: the last anchor of this set expires on ${day(new Date(last))}; then every client is refused`]
    : [];
}
