import { DAY_MS, day } from "../clock";
import { type Anchor, isEmpty, type Plan } from "./plan";
import { count, describeAnchor, isValid } from "./refusals";
import type { Seen } from "./situation";

export interface Explanation {
  readonly situation: Seen;
  readonly plan: Plan;
  readonly listed: readonly Anchor[];
  readonly label: string;
  /** Whether the scope is a project: its own active anchors, where it has any, count instead of the organization's. */
  readonly inProject: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const SOON_MS = 30 * DAY_MS;

/** What is about to happen to the active set, for the user to read before it does; undefined where nothing will. */
export function explain(explanation: Explanation): string | undefined {
  const { plan, situation, label } = explanation;
  if (isEmpty(plan) && situation.unknown === 0 && situation.leftAlone.length === 0) {
    return undefined;
  }
  const show = shower(explanation);
  return [
    `active set of ${label}:`,
    ...plan.activate.flat().map((id) => `  + activate ${show(id)}`),
    ...toBeCreated(explanation),
    ...deactivated(explanation),
    ...situation.leftAlone.map((id) => `  = left active ${show(id)}: exclusive: false leaves alone what is not listed`),
    ...enforcement(explanation),
    ...expiry(explanation),
  ].join("\n");
}

/** What happens to a scope that its activation leaves for good: deleted, or replaced by one of another scope. */
export function explainLeaving(explanation: Omit<Explanation, "situation">): string | undefined {
  const { plan, label } = explanation;
  if (isEmpty(plan)) {
    return undefined;
  }
  const show = shower(explanation);
  const left = plan.after.map(show).join("; ");
  return [
    `active set of ${label}, which this activation leaves:`,
    ...plan.deactivate.flat().map((id) => `  - deactivate ${show(id)}`),
    ...enforcement(explanation),
    ...(plan.after.length === 0
      ? []
      : [`  warning: still active there, so that mTLS stays enforced, for clients of these alone: ${left}`]),
  ].join("\n");
}

/** Where properties are not known yet that decide what the plan is. */
export function explainUndecided(label: string, undecided: readonly string[]): string {
  const are = undecided.length === 1 ? "is" : "are";
  return `active set of ${label}: no plan yet, as ${undecided.join(" and ")} ${are} not known before the run; up prints the plan before it writes`;
}

function shower({ listed, now }: Pick<Explanation, "listed" | "now">): (id: string) => string {
  const byId = new Map(listed.map((anchor) => [anchor.id, anchor]));
  return (id) => describeAnchor(byId.get(id) ?? { id, name: null, expiresAt: undefined }, now);
}

function toBeCreated({ situation: { unknown, pending } }: Explanation): string[] {
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

function deactivated(explanation: Explanation): string[] {
  const { plan, situation } = explanation;
  const show = shower(explanation);
  const managed = situation.managed === undefined ? undefined : new Set(situation.managed);
  const outside = (id: string) => (managed === undefined || managed.has(id) ? "" : ", not activated by this resource");
  const unless = situation.unexplained > 0 ? ", unless it is one of those whose id is not known yet" : "";
  return plan.deactivate.flat().map((id) => `  - deactivate ${show(id)}${outside(id)}${unless}`);
}

function enforcement({ plan, label, inProject }: Pick<Explanation, "plan" | "label" | "inProject">): string[] {
  if (plan.enforcement === "turns on") {
    const alone = inProject ? "; it alone decides there from then on, and not the organization's set" : "";
    return [
      `  mTLS enforcement turns ON in ${label}: from then on requests without a client certificate that chains to an active anchor ${inProject ? "of this set " : ""}are refused${alone}`,
    ];
  }
  if (plan.enforcement === "turns off") {
    const afterwards = inProject
      ? "the organization's active set decides there afterwards; where that is empty too, no client certificate is asked for"
      : "nothing is active there afterwards, and no client certificate is asked for";
    return [`  mTLS enforcement turns OFF in ${label}: ${afterwards}`];
  }
  return [];
}

/** A set whose last anchor is about to expire locks everybody out on that day. */
function expiry({ plan, situation, listed, now }: Explanation): string[] {
  const { unknown, pending } = situation;
  const known = listed.filter(({ id }) => plan.after.includes(id));
  if (unknown > pending.length || known.length + unknown === 0 || known.some((one) => one.expiresAt === undefined)) {
    return [];
  }
  const uploads = unknown === 0 ? [] : pending.map(({ expiresAt }) => expiresAt.getTime());
  if (uploads.length === 0 && !known.some((anchor) => isValid(anchor, now))) {
    return ["  warning: no anchor of this set is valid now: every client is refused"];
  }
  const last = Math.max(...uploads, ...known.map(({ expiresAt }) => (expiresAt ?? 0) * 1000));
  return last - now < SOON_MS
    ? [`  warning: the last anchor of this set expires on ${day(new Date(last))}; then every client is refused`]
    : [];
}
