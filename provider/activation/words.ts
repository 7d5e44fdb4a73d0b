import { DAY_MS, day } from "../clock";
import { count, named, quotedName } from "../words";
import { describeAnchor, describeUpload, isValid, isValidUpload } from "./anchors";
import type { Desired } from "./desired";
import { type Anchor, BATCH, isEmpty, type Plan } from "./plan";
import type { Candidate, Seen } from "./situation";

export interface Explanation {
  readonly situation: Seen;
  readonly plan: Plan;
  readonly listed: readonly Anchor[];
  readonly label: string;
  /** Whether the scope is a project: its own active anchors are checked before the organization's. */
  readonly inProject: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether required clients could not be checked, because ids or chains are not known yet. */
  readonly clientsUnchecked: boolean;
  /** By id, who activated or deactivated it outside of this program, where the audit log was asked and says so. */
  readonly authors: ReadonlyMap<string, string>;
}

const SOON_MS = 30 * DAY_MS;

/** What is about to happen to the active set, for the user to read before it does; undefined where nothing will. */
export function explain(explanation: Explanation): string | undefined {
  const { plan, situation, label } = explanation;
  const { unknown, waitingNames, heldBack, adopted } = situation;
  const isQuiet = isEmpty(plan) && unknown === 0 && waitingNames.length === 0 && adopted.size === 0;
  if (isQuiet && heldBack.length === 0) {
    return undefined;
  }
  const show = shower(explanation);
  const live = new Set(situation.live.map(({ id }) => id));
  const byAdoption = (id: string) => (adopted.has(id) ? ", adopted" : "");
  return [
    `active set of ${label}:`,
    ...plan.activate
      .flat()
      .map((id) => `  + activate ${show(id)}${byAdoption(id)}${author(explanation, id, "deactivated")}`),
    ...[...adopted].filter((id) => live.has(id)).map((id) => `  = already active: ${show(id)}, adopted`),
    ...uploads(explanation),
    ...unexplained(situation),
    ...waiting(explanation),
    ...deactivated(explanation),
    ...enforcement(explanation),
    ...inBetween(explanation),
    ...expiry(explanation),
    ...(explanation.clientsUnchecked
      ? [
          "  not all requiredClients could be checked, because some values are not known before the run; up checks them before it writes",
        ]
      : []),
  ].join("\n");
}

/** Where it is not known yet whose set it is. */
export function explainUnknownScope(
  label: string,
  unknown: readonly string[],
  { ids, hints, requiredClients, hasUnknownClients }: Desired,
): string {
  const coming = hints.filter(({ id }) => id === undefined).map(({ name }) => quotedName(name));
  const names = [...new Set([...ids, ...coming])].join(", ");
  const may = names === "" ? "" : ` The set may include ${names}.`;
  return noPlanYet(label, unknown, may, hasUnknownClients || requiredClients.length > 0);
}

/** Where properties are not known yet that decide what the plan is. */
export function explainUndecided(
  { label, situation, plan, clientsUnchecked }: Explanation,
  { undecided, takeOver, unknownFlags }: Pick<Desired, "undecided" | "takeOver" | "unknownFlags">,
): string {
  const { candidates, live } = situation;
  const may = candidates.length === 0 ? "" : ` The set may include ${candidateNames(candidates)}.`;
  // Planned without what is not known, so these are the most that can go.
  const atMost = live.filter(({ id }) => plan.deactivate.flat().includes(id));
  const mayRefuse = situation.exclusive && !situation.wasExclusive;
  const unless = unknownFlags.includes("takeOver") ? " unless takeOver turns out to be true" : "";
  const consequence = mayRefuse && (!takeOver || unless !== "") ? `up is refused${unless}` : "it is deactivated";
  const going =
    atMost.length === 0
      ? ""
      : ` Active now: ${atMost.map(named).join(", ")}. If the set leaves one of them out, ${consequence}.`;
  return noPlanYet(label, undecided, `${may}${going}`, clientsUnchecked);
}

function noPlanYet(label: string, unknown: readonly string[], content: string, hasClients: boolean): string {
  const are = unknown.length === 1 ? "is" : "are";
  const clients = hasClients ? ", and checks requiredClients" : "";
  return `active set of ${label}: no plan yet, because ${unknown.join(" and ")} ${are} not known before the run.${content} up prints the plan before it writes${clients}`;
}

function author({ authors }: Explanation, id: string, verb: string): string {
  const by = authors.get(id);
  return by === undefined ? "" : ` (${verb} ${by})`;
}

function shower({ listed, now }: Pick<Explanation, "listed" | "now">): (id: string) => string {
  const byId = new Map(listed.map((anchor) => [anchor.id, anchor]));
  return (id) => describeAnchor(byId.get(id) ?? { id, name: null, expiresAt: undefined }, now);
}

function uploads({ situation, now }: Explanation): string[] {
  const byName = [...situation.uploads].sort((a, b) => a.name.localeCompare(b.name));
  return byName.map((upload) => `  + activate ${describeUpload(upload, now)}`);
}

function unexplained({ unexplained: number, candidates }: Seen): string[] {
  if (number === 0) {
    return [];
  }
  const may =
    candidates.length === 0
      ? `${number === 1 ? "it" : "they"} may be active already`
      : `${number === 1 ? "it" : "they"} may be ${candidateNames(candidates)}, or active already`;
  return [`  + activate ${count(number, "certificate")} whose id is not known before the run: ${may}`];
}

function candidateNames(candidates: readonly Candidate[]): string {
  const texts = candidates.map(({ name, adopts, isHeldBack }) => {
    if (isHeldBack) {
      return `${quotedName(name)} (held back until its CEL filter is attached)`;
    }
    return adopts === undefined ? quotedName(name) : `${quotedName(name)} (adopts ${adopts})`;
  });
  return [...new Set(texts)].sort().join(", ");
}

function waiting({ situation, plan, listed, now }: Explanation): string[] {
  const show = shower({ listed, now });
  const live = new Set(situation.live.map(({ id }) => id));
  const unfiltered = situation.heldBack
    .filter((id) => live.has(id))
    .map(
      (id) =>
        `  warning: ${show(id)} is active, and the program does not say that its CEL filter is attached: without it, it accepts ` +
        `every client of its authority; once it is attached, set celFilter.attachedTo to "${id}"`,
    );
  const known = situation.heldBack
    .filter((id) => !live.has(id))
    .map(
      (id) =>
        `  ~ held back ${show(id)}: attach its CEL filter to ${id} in the dashboard, then set celFilter.attachedTo to "${id}"`,
    );
  const unknown = situation.waitingNames.map(
    (name) => `  ~ held back ${quotedName(name)}: its CEL filter can be attached once it is uploaded and has an id`,
  );
  const lines = [...known, ...unknown];
  const mayWait = situation.unexplained > 0 && situation.candidates.some(({ isHeldBack }) => isHeldBack);
  if (lines.length === 0 && !mayWait) {
    return unfiltered;
  }
  const then =
    plan.postponed.length === 0
      ? ""
      : `; then these go, and none of them can be deleted before: ${plan.postponed.map(show).join("; ")}`;
  return [...unfiltered, ...lines, `  nothing is deactivated while a listed anchor is held back and not active${then}`];
}

function deactivated(explanation: Explanation): string[] {
  const { plan, situation } = explanation;
  const show = shower(explanation);
  const own = new Set(situation.listedBefore ?? []);
  const outside = (id: string) => (own.has(id) ? "" : ", which this activation did not list");
  const unless = situation.unexplained > 0 ? ", unless it is one of those whose id is not known before the run" : "";
  return plan.deactivate
    .flat()
    .map((id) => `  - deactivate ${show(id)}${outside(id)}${author(explanation, id, "activated")}${unless}`);
}

function enforcement({ plan, label, inProject }: Explanation): string[] {
  const what = inProject ? "mTLS enforcement by the project's own anchors" : "mTLS enforcement";
  if (plan.enforcement === "turns on") {
    const first = inProject
      ? " The project's own anchors are checked before the organization's; where the organization's set enforces already, what changes is whose anchors count."
      : "";
    return [
      `  ${what} turns ON in ${label}: requests without a client certificate that chains to an active anchor will be refused.${first}`,
    ];
  }
  if (plan.enforcement === "turns off") {
    const afterwards = inProject
      ? "the organization's active set decides there; where that is empty too, no client certificate is asked for"
      : "no client certificate is asked for, and X.509 workload identity federation, which uses the same anchors, stops";
    return [`  ${what} turns OFF in ${label}: ${afterwards}`];
  }
  return [];
}

/** Enforcement begins with the first call and ends with the last, and each takes ten ids at most. */
function inBetween({ plan, situation }: Explanation): string[] {
  const { activate, deactivate, enforcement } = plan;
  const begins = enforcement === "turns on";
  const number = begins ? activate.flat().length + situation.unknown : deactivate.flat().length;
  if (number <= BATCH || !(begins || enforcement === "turns off")) {
    return [];
  }
  const ids = begins ? activate.slice(1).flat() : deactivate.slice(0, -1).flat();
  const which = situation.unknown > 0 || ids.length === 0 ? `${number - BATCH} of these anchors` : ids.join(", ");
  const first = begins ? "enforcement begins with the first" : "enforcement ends with the last";
  return [
    `  this takes ${Math.ceil(number / BATCH)} calls of ${BATCH} anchors, and ${first}: clients of ${which} are refused in between ` +
      "(anchors that requiredClients need come first, and go last)",
  ];
}

/** A set whose last anchor is about to expire locks everybody out on that day. */
function expiry({ plan, situation, listed, now }: Explanation): string[] {
  const { uploads: coming, unexplained: number } = situation;
  const known = listed.filter(({ id }) => plan.after.includes(id));
  if (number > 0 || known.length + coming.length === 0 || known.some((one) => one.expiresAt === undefined)) {
    return [];
  }
  if (!known.some((anchor) => isValid(anchor, now)) && !coming.some((upload) => isValidUpload(upload, now))) {
    return ["  warning: no anchor of this set is valid now: every client is refused"];
  }
  const last = Math.max(
    ...coming.map(({ expiresAt }) => expiresAt.getTime()),
    ...known.map(({ expiresAt }) => (expiresAt ?? 0) * 1000),
  );
  return last - now < SOON_MS
    ? [`  warning: the last anchor of this set expires on ${day(new Date(last))}; then every client is refused`]
    : [];
}
