import { day } from "../clock";
import type { Anchor, Plan, Situation } from "./plan";

/** What is known beyond the situation when a plan is judged. */
export interface Judgement {
  readonly situation: Situation;
  readonly plan: Plan;
  /** Everything the organization has, active or not. */
  readonly listed: readonly Anchor[];
  readonly label: string;
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  /** Whether this resource answered for the whole set before (an exclusive activation already in state). */
  readonly wasExclusive: boolean;
  /** How many of the unknown ids may turn out to be certificates that are live already; in preview only. */
  readonly unexplained: number;
}

/** Why a plan must not be carried out, one text a reason; nothing where it may be. */
export function refusals(judgement: Judgement): string[] {
  return [missing(judgement), takingOver(judgement), emptying(judgement)].filter((reason) => reason !== undefined);
}

function missing({ situation, listed, label }: Judgement): string | undefined {
  const there = new Set(listed.map(({ id }) => id));
  const absent = situation.wanted.filter((id) => !there.has(id));
  if (absent.length === 0) {
    return undefined;
  }
  return (
    `certificateIds names ${absent.join(", ")}, which ${label} does not have (it has ${listed.length} certificates). ` +
    "Was it deleted, or does the admin key belong to another organization? Correct the id, or declare the certificate and use its id output"
  );
}

function takingOver(judgement: Judgement): string | undefined {
  const { situation, plan, takeOver, unexplained, label } = judgement;
  if (!situation.exclusive || takeOver) {
    return undefined;
  }
  const own = new Set(answersFor(judgement));
  const foreign = plan.deactivate.flat().filter((id) => !own.has(id));
  if (judgement.wasExclusive && own.size > 0) {
    return undefined;
  }
  if (foreign.length <= unexplained) {
    return undefined;
  }
  const anchors = situation.live.filter(({ id }) => foreign.includes(id));
  return (
    `this exclusive activation would deactivate ${count(anchors.length, "anchor")} that ${anchors.length === 1 ? "is" : "are"} live in ${label} and not listed: ` +
    `${anchors.map(describeAnchor).join("; ")}. Clients of ${anchors.length === 1 ? "it" : "these"} would be refused. ` +
    "Either list them in certificateIds, or leave them alone with ignoreCertificateIds (or exclusive: false), or set takeOver: true to deactivate them"
  );
}

/**
 * The ids this resource answered for. When none of them exists in this organization any more, the admin key may belong
 * to another organization than before, and then everything live is foreign.
 */
function answersFor({ situation, listed }: Judgement): readonly string[] {
  const managed = situation.managed ?? [];
  const there = new Set(listed.map(({ id }) => id));
  return managed.some((id) => there.has(id)) ? managed : [];
}

function emptying({ plan, situation, allowEmpty, label }: Judgement): string | undefined {
  if (plan.enforcement !== "turns off" || allowEmpty) {
    return undefined;
  }
  return (
    `after this change nothing would be active in ${label}, and requests would be accepted without a client certificate: ` +
    `it would deactivate ${situation.live.map(describeAnchor).join("; ")}. ` +
    "Keep at least one anchor in certificateIds, or set allowEmpty: true to turn enforcement off"
  );
}

/** `cert_abc "corp-root" (expires 2027-01-01)`. */
export function describeAnchor({ id, name, expiresAt }: Anchor): string {
  const expiry = expiresAt === undefined ? "" : ` (expires ${day(new Date(expiresAt * 1000))})`;
  return `${id} ${JSON.stringify(name)}${expiry}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
