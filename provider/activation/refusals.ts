import { day } from "../clock";
import type { Anchor, Plan } from "./plan";
import type { Seen } from "./situation";

/** What is known beyond the situation when a plan is judged. */
export interface Judgement {
  readonly situation: Seen;
  readonly plan: Plan;
  /** Everything the organization has, active or not. */
  readonly listed: readonly Anchor[];
  readonly label: string;
  /** Whether the scope is a project: where that has no active anchors of its own, the organization's count. */
  readonly inProject: boolean;
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why a plan must not be carried out, one text a reason; nothing where it may be. */
export function refusals(judgement: Judgement): string[] {
  const reasons = [missing(judgement), takingOver(judgement), emptying(judgement), acceptingNobody(judgement)];
  return reasons.filter((reason) => reason !== undefined);
}

/** Wanted ids that the organization does not have. */
export function missing({ situation, listed, label }: Pick<Judgement, "situation" | "listed" | "label">) {
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
  const { situation, plan, takeOver, label } = judgement;
  if (!situation.exclusive || takeOver) {
    return undefined;
  }
  const own = new Set(answersFor(judgement));
  const foreign = plan.deactivate.flat().filter((id) => !own.has(id));
  if (situation.wasExclusive && own.size > 0) {
    return undefined;
  }
  if (foreign.length <= situation.unexplained) {
    return undefined;
  }
  const anchors = situation.live.filter(({ id }) => foreign.includes(id));
  return (
    `this exclusive activation would deactivate ${count(anchors.length, "anchor")} that ${anchors.length === 1 ? "is" : "are"} live in ${label} and not listed: ` +
    `${anchors.map((anchor) => describeAnchor(anchor)).join("; ")}. Clients of ${anchors.length === 1 ? "it" : "these"} would be refused. ` +
    "Either list them in certificateIds, or leave them alone with ignoreCertificateIds (or exclusive: false), or set takeOver: true to deactivate them"
  );
}

/**
 * The ids this resource answered for. When none of them exists in this organization any more, the admin key may belong
 * to another organization than before, and then everything live is foreign.
 */
function answersFor({ situation, listed }: Judgement): readonly string[] {
  const managed = situation.managed ?? [];
  return existsAny(managed, listed) ? managed : [];
}

/** Whether any of these ids is one that the organization has. */
export function existsAny(ids: readonly string[], listed: readonly { readonly id: string }[]): boolean {
  const there = new Set(listed.map(({ id }) => id));
  return ids.some((id) => there.has(id));
}

function emptying({ plan, situation, allowEmpty, label, inProject }: Judgement): string | undefined {
  if (plan.enforcement !== "turns off" || allowEmpty) {
    return undefined;
  }
  const consequence = inProject
    ? "only the organization's active set would decide there, and where that is empty requests would be accepted without a client certificate"
    : "requests would be accepted without a client certificate";
  return (
    `after this change nothing would be active in ${label}, and ${consequence}: ` +
    `it would deactivate ${situation.live.map((anchor) => describeAnchor(anchor)).join("; ")}. ` +
    "Keep at least one anchor in certificateIds, or set allowEmpty: true to turn enforcement off"
  );
}

/** An anchor that has expired is as active as any other to the API, and accepts nobody. */
function acceptingNobody({ plan, situation, listed, label, now }: Judgement): string | undefined {
  const after = listed.filter(({ id }) => plan.after.includes(id));
  const wasOpen = situation.live.length === 0 || situation.live.some((anchor) => isValid(anchor, now));
  if (situation.unknown > 0 || after.length === 0 || !wasOpen || after.some((anchor) => isValid(anchor, now))) {
    return undefined;
  }
  return (
    `after this change no active anchor of ${label} would be valid, and every request would be refused: ` +
    `${after.map((anchor) => describeAnchor(anchor, now)).join("; ")}. Put an anchor that is valid now in certificateIds`
  );
}

/** Whether an anchor can accept anybody at a time (milliseconds since the epoch), by what the API tells of it. */
export function isValid({ validAt, expiresAt }: Anchor, now: number): boolean {
  return (validAt ?? 0) * 1000 <= now && now <= (expiresAt ?? Number.POSITIVE_INFINITY) * 1000;
}

/** `cert_abc "corp-root" (expires 2027-01-01)`; given `now` (milliseconds), also when it does not accept anybody. */
export function describeAnchor({ id, name, validAt, expiresAt }: Anchor, now = 0): string {
  const dayOf = (seconds: number) => day(new Date(seconds * 1000));
  if (expiresAt === undefined) {
    return `${id} ${JSON.stringify(name)}`;
  }
  const early = now > 0 && validAt !== undefined && validAt * 1000 > now ? `not valid before ${dayOf(validAt)}, ` : "";
  const verb = expiresAt * 1000 < now ? "expired" : "expires";
  return `${id} ${JSON.stringify(name)} (${early}${verb} ${dayOf(expiresAt)})`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
