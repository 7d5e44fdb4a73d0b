import { parseRequiredClients, verifyClients } from "../clients";
import type { Session } from "../session";
import { named } from "../words";
import { isEmptied, type Proposed, plannedElsewhere, type Question, questions, setNow } from "./clientQuestions";
import { asAttached } from "./contents";
import type { Scope } from "./scope";

/**
 * When a plan is judged. `refresh`: the engine asks about inputs that the program may be about to change; `plan`: about those
 * that this run has checked; `write`: it is about to be carried out, and what is not live by now does not count.
 */
export type Moment = "refresh" | "plan" | "write";

export interface GateAnswer {
  /** Why the plan must not be carried out, one text for each client. */
  readonly refused: readonly string[];
  /** What is wrong with clients that the plan does not harm, or may harm. */
  readonly warnings: readonly string[];
}

/** What is wrong with the client chains themselves; found without any call. */
export function clientProblems(chains: readonly string[]): string[] {
  return parseRequiredClients(chains).problems.map(({ index, reason }) => `requiredClients[${index}] ${reason}`);
}

/**
 * The required clients that the set after the change would refuse. One that is not accepted today either holds back no
 * change that only adds trust: it only warns. Contents of anchors are fetched only when there are required clients.
 *
 * Of two sets that decide for each other and both change in one run, the plan counts on the other one, and warns; the write
 * does not.
 */
export async function askClients(
  session: Session,
  scope: Scope,
  proposed: Proposed & { readonly moment: Moment },
): Promise<GateAnswer> {
  const { moment } = proposed;
  const refused = new Map<string, string>();
  const early = new Map<string, string>();
  const warnings: string[] = [];
  for (const question of questions(scope, proposed).filter(({ lasts }) => lasts || moment !== "refresh")) {
    for (const locked of await lockedOut(session, scope, question, proposed)) {
      const { who, reason } = locked;
      if (locked.isByFilterToCome && proposed.plan.deactivate.length === 0) {
        warnings.push(`${who} will be locked out of ${question.label} once that filter is attached: ${reason}`);
      } else if (locked.isAcceptedToday || proposed.plan.deactivate.length > 0) {
        (question.lasts ? refused : early).set(who, refusal(locked));
      } else if (question.lasts) {
        warnings.push(`${who} is locked out of ${question.label} today, and this change does not let it in: ${reason}`);
      }
    }
  }
  const soon = [...early].filter(([who]) => !refused.has(who)).map(([, text]) => `${text}. ${inStep(scope)}`);
  return moment === "write"
    ? { refused: [...refused.values(), ...soon], warnings }
    : { refused: [...refused.values()], warnings: [...warnings, ...soon.map((text) => `${may(scope)}: ${text}`)] };
}

/**
 * What the organization's activation may do to a project without a set of its own before this one is carried out. It was
 * checked first, so it does not depend on this one. A run that only knows ids after uploads gives it the time: preview,
 * which alone has unknown ids, refuses that. What is about to be carried out is never held back: it lets the clients in.
 */
export async function askMeanwhile(
  session: Session,
  scope: Scope,
  proposed: Proposed & { readonly isUnknown: boolean },
): Promise<GateAnswer> {
  const { requiredClients, listed, isUnknown } = proposed;
  const { plannedSet } = scope.organization.run;
  const refused: string[] = [];
  const warnings: string[] = [];
  const isCovered = !scope.inProject || listed.some(({ active }) => active);
  if (isCovered || requiredClients.length === 0 || !plannedSet?.takesAway) {
    return { refused, warnings };
  }
  const relies = !isUnknown && isEmptied(proposed);
  if (!plannedSet.isKnown) {
    const advice = relies
      ? "List them in requiredClients of the organization's activation as well: up then checks them before it changes that set"
      : ORDER;
    warnings.push(
      `not all requiredClients could be checked for ${scope.label}, because what the organization's set becomes is not known before the run. ${advice}`,
    );
    return { refused, warnings };
  }
  for (const question of relies ? [] : plannedElsewhere(scope, requiredClients, plannedSet)) {
    for (const locked of await lockedOut(session, scope, question, proposed)) {
      const { who, label, reason, lost } = locked;
      const text = `${who} would be locked out of ${label} until this activation has filled its set: ${reason}${lost}`;
      if (locked.isAcceptedToday && isUnknown) {
        refused.push(`${text}. Nothing was changed. ${ORDER}`);
      } else if (locked.isAcceptedToday) {
        warnings.push(`if the organization's activation goes first, ${text}. ${ORDER}`);
      }
    }
  }
  return { refused, warnings };
}

const ORDER = "Let the organization's activation depend on this one (dependsOn)";

function may({ inProject }: Scope): string {
  return inProject
    ? "up may refuse this"
    : "up may refuse this, or lock the client out until the project's set is filled";
}

function inStep({ inProject }: Scope): string {
  const other = inProject ? "the organization's set" : "the project's set";
  return `Where ${other} is to change in the same run, let this activation depend on that one (dependsOn), or run again`;
}

/** A client that a set refuses. */
interface Locked {
  readonly who: string;
  readonly label: string;
  readonly reason: string;
  /** Names the anchors that accept it today and go. */
  readonly lost: string;
  /** Or that nobody is asked for a certificate. */
  readonly isAcceptedToday: boolean;
  /** Whether only a filter refuses it that nobody has attached yet. */
  readonly isByFilterToCome: boolean;
}

async function lockedOut(session: Session, scope: Scope, question: Question, proposed: Proposed): Promise<Locked[]> {
  const at = new Date(session.clock.now());
  const { clients, label, of, isPlannedElsewhere } = question;
  const decides = await question.decides();
  const verdicts = decides.length === 0 ? [] : await verifyClients(clients, decides, at);
  if (verdicts.every(({ accepted }) => accepted)) {
    return [];
  }
  const now = asAttached(scope, await setNow(scope, proposed.listed));
  const today = now.length === 0 ? [] : await verifyClients(clients, now, at);
  const unfiltered = await verifyClients(clients, asAttached(scope, decides), at);
  const here = new Set(proposed.plan.deactivate.flat());
  return verdicts.flatMap((verdict, index) => {
    if (verdict.accepted) {
      return [];
    }
    const { client, reason } = verdict;
    const before = today[index];
    const via = before?.accepted ? before.via : [];
    const stays = (id: string) => decides.some((one) => one.id === id);
    const goes = now.filter(({ id }) => via.includes(id) && (here.has(id) || (isPlannedElsewhere && !stays(id))));
    const by = goes.every(({ id }) => here.has(id)) ? "this change" : "the organization's activation";
    const lost = goes.length === 0 ? "" : `; it depends on ${goes.map(named).join(", ")}, which ${by} deactivates`;
    const who = `required client ${client.subject} (requiredClients[${client.index}]${of})`;
    const isByFilterToCome = unfiltered[index]?.accepted === true;
    return [{ who, label, reason, lost, isAcceptedToday: before?.accepted ?? true, isByFilterToCome }];
  });
}

function refusal({ who, label, reason, lost, isAcceptedToday }: Locked): string {
  const verb = isAcceptedToday ? "would be locked out of" : "would still be locked out of";
  return `${who} ${verb} ${label}: ${reason}${lost}. Nothing was changed. ${advice(isAcceptedToday)}`;
}

function advice(isAcceptedToday: boolean): string {
  return isAcceptedToday
    ? "Keep or add an anchor that accepts the client, or take it out of requiredClients"
    : "Renew the client's certificate or add an anchor that accepts it before anything is deactivated, or take it out of requiredClients";
}
