import type { ListedCertificate } from "../api/wire";
import type { Session } from "../session";
import { bridge } from "./bridge";
import { askClients, askMeanwhile, type Moment } from "./clientGate";
import { relyingChains } from "./clientQuestions";
import type { Desired } from "./desired";
import { type Plan, plan } from "./plan";
import { type Judgement, missing, refusals } from "./refusals";
import type { Scope } from "./scope";
import { type Seen, situationOf } from "./situation";
import type { Before } from "./state";
import { explain, explainUndecided } from "./words";

export interface Verdict {
  readonly plan: Plan;
  readonly heldBack: readonly string[];
  /** Why the plan must not be carried out; empty where it may be. */
  readonly refused: readonly string[];
  /** What the plan does, for the user; undefined where there is nothing to say. */
  readonly text: string | undefined;
  readonly warnings: readonly string[];
}

/** Plans, and says what the plan does or why it must not be carried out. `before` is undefined on create. */
export async function judge(
  session: Session,
  scope: Scope,
  wanted: Desired,
  before: Before | undefined,
  listed: readonly ListedCertificate[],
  moment: Moment = "plan",
): Promise<Verdict> {
  const situation = await situationOf(scope, wanted, before, listed);
  const planned = plan(situation);
  const { label, inProject } = scope;
  const { heldBack } = situation;
  const everybody = [...wanted.requiredClients, ...relyingChains(scope)];
  const clientsUnchecked =
    wanted.hasUnknownClients || (everybody.length > 0 && (situation.unexplained > 0 || wanted.undecided.length > 0));
  const authors = await authorsOf(scope, planned, before);
  const seen = {
    situation,
    plan: planned,
    listed,
    label,
    inProject,
    now: session.clock.now(),
    clientsUnchecked,
    authors,
  };
  if (moment !== "refresh") {
    remember(scope, wanted, situation, planned);
  }
  const proposed = { requiredClients: wanted.requiredClients, plan: planned, uploads: situation.uploads, listed };
  const isUnknown = situation.unknown > 0 || wanted.undecided.length > 0;
  const meanwhile =
    moment === "plan" ? await askMeanwhile(session, scope, { ...proposed, isUnknown }) : { refused: [], warnings: [] };
  if (wanted.undecided.length > 0) {
    const absent = missing(seen);
    const refused = [...(absent === undefined ? [] : [absent]), ...meanwhile.refused];
    return { plan: planned, heldBack, refused, text: explainUndecided(seen, wanted), warnings: meanwhile.warnings };
  }
  const refused = refusals({ ...seen, takeOver: wanted.takeOver, allowEmpty: wanted.allowEmpty });
  refused.push(...meanwhile.refused);
  const early = [...meanwhile.warnings, ...conditional(wanted, seen)];
  if (refused.length > 0 || situation.unexplained > 0) {
    const warnings = refused.length > 0 ? [] : [...early, ...(await foreseen(session, scope, wanted, seen))];
    return { plan: planned, heldBack, refused, text: explain(seen), warnings };
  }
  const clients = await askClients(session, scope, { ...proposed, moment });
  const warnings = [...early, ...clients.warnings];
  const bridged =
    clients.refused.length > 0
      ? { plan: planned }
      : await bridge(session, scope, { ...proposed, requiredClients: everybody });
  if ("refused" in bridged) {
    return { plan: planned, heldBack, refused: [bridged.refused], text: undefined, warnings };
  }
  const text = explain({ ...seen, plan: bridged.plan });
  return { plan: bridged.plan, heldBack, refused: clients.refused, text, warnings };
}

/** What the run will refuse unless a flag that is not known yet allows it. */
function conditional(
  { takeOver, allowEmpty, unknownFlags }: Desired,
  seen: Omit<Judgement, "takeOver" | "allowEmpty">,
) {
  return unknownFlags.flatMap((flag) =>
    refusals({ ...seen, takeOver, allowEmpty, [flag]: false }).map(
      (reason) => `${flag} is not known before the run, and unless it is true, up will refuse this: ${reason}`,
    ),
  );
}

/**
 * What the run will refuse if every unknown id is one of the program's new certificates. Only a warning: an id may come from
 * elsewhere, active already or with an anchor that accepts a client; the run itself asks again.
 */
async function foreseen(
  session: Session,
  scope: Scope,
  wanted: Desired,
  seen: Omit<Judgement, "takeOver" | "allowEmpty"> & { readonly listed: readonly ListedCertificate[] },
): Promise<string[]> {
  const { unnamed: uploads, unread } = scope.organization.run;
  const { situation, plan, listed } = seen;
  // One that is held back keeps this plan from taking anything away.
  const isSure = unread.size === 0 && uploads.every(({ adopts, isHeldBack }) => adopts === undefined && !isHeldBack);
  if (!isSure || uploads.length < situation.unexplained) {
    return [];
  }
  const { requiredClients, takeOver, allowEmpty } = wanted;
  const assumed = { ...situation, unexplained: 0, uploads };
  const provided =
    "if the ids that are not known before the run are those of this program's new certificates, up will refuse this";
  return [
    ...refusals({ ...seen, situation: assumed, takeOver, allowEmpty }),
    ...(await askClients(session, scope, { requiredClients, plan, uploads, listed, moment: "plan" })).refused,
  ].map((reason) => `${provided}: ${reason}`);
}

/** Who made the changes that this plan undoes: what the program never listed and is active, or listed and is not. */
async function authorsOf(
  { organization, inProject, id }: Scope,
  { activate, deactivate }: Plan,
  before: Before | undefined,
) {
  if (before === undefined) {
    return new Map<string, string>();
  }
  const projectId = inProject ? id : undefined;
  const foreign = deactivate.flat().filter((one) => !before.listed.includes(one));
  const tampered = activate.flat().filter((one) => before.listed.includes(one));
  return new Map([
    ...(await organization.authors.of("certificates.activated", foreign, projectId)),
    ...(await organization.authors.of("certificates.deactivated", tampered, projectId)),
  ]);
}

/** Tells the organization's activation and those of projects without a set of their own of one another. */
function remember({ id, inProject, organization: { run } }: Scope, wanted: Desired, seen: Seen, planned: Plan): void {
  const { live, uploads, unexplained, unknown } = seen;
  const isDecided = wanted.undecided.length === 0;
  if (!inProject) {
    const takesAway = planned.deactivate.length > 0 || live.length === 0;
    run.plannedSet = { ids: planned.after, uploads, isKnown: isDecided && unexplained === 0, takesAway };
    return;
  }
  if (live.length === 0) {
    run.uncovered.set(id, wanted.requiredClients);
  } else {
    run.uncovered.delete(id);
  }
  if (isDecided && unknown === 0 && planned.after.length === 0) {
    run.relyingClients.set(id, wanted.requiredClients);
  } else {
    run.relyingClients.delete(id);
  }
}
