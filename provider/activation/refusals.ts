import { redact } from "../redact";
import { count } from "../words";
import { describeAnchor, describeAnchors, describeUpload, isValid, isValidUpload } from "./anchors";
import type { Anchor, Plan } from "./plan";
import type { Seen } from "./situation";

/** What is known beyond the situation when a plan is judged. */
export interface Judgement {
  readonly situation: Seen;
  readonly plan: Plan;
  /** Everything the organization has, active or not. */
  readonly listed: readonly Anchor[];
  readonly label: string;
  /** Whether the scope is a project. */
  readonly inProject: boolean;
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why a plan must not be carried out, one text for each reason; nothing where it may be. */
export function refusals(judgement: Judgement): string[] {
  const reasons = [
    ignoredToo(judgement),
    missing(judgement),
    takingOver(judgement),
    emptying(judgement),
    acceptingNobody(judgement),
  ];
  return reasons.filter((reason) => reason !== undefined);
}

/** Check has refused ids that are both already; an id that is known only by its adoption is found here. */
function ignoredToo({ situation: { adopted, ignored } }: Judgement): string | undefined {
  const both = [...adopted].filter((id) => ignored.includes(id));
  return both.length === 0
    ? undefined
    : `${both.join(", ")} would be in certificateIds, by adoption, and in ignoreCertificateIds at once: remove it from one of the two`;
}

/** Wanted ids that the organization does not have. */
export function missing({ situation, listed, label }: Pick<Judgement, "situation" | "listed" | "label">) {
  const there = new Set(listed.map(({ id }) => id));
  const absent = [...situation.wanted, ...situation.heldBack].filter((id) => !there.has(id));
  if (absent.length === 0) {
    return undefined;
  }
  return (
    `certificateIds names ${absent.map((id) => redact(id)).join(", ")}, which ${label} does not have (it has ${count(listed.length, "certificate")}). ` +
    `${absent.length === 1 ? "Was it" : "Were they"} deleted, or does the admin key belong to another organization? ` +
    "Correct the id, or declare the certificate and list its id output"
  );
}

/** An exclusive activation that is new, or newly exclusive, has not answered for what is live. */
function takingOver({ situation, plan, takeOver, label }: Judgement): string | undefined {
  if (!situation.exclusive || situation.wasExclusive || takeOver) {
    return undefined;
  }
  const own = new Set(situation.listedBefore ?? []);
  // What is postponed as well: in the run that carries it out, this activation will have answered for the set.
  const foreign = [...plan.deactivate.flat(), ...plan.postponed].filter((id) => !own.has(id));
  // Each unknown id may be one of them.
  if (foreign.length <= situation.unexplained) {
    return undefined;
  }
  const anchors = situation.live.filter(({ id }) => foreign.includes(id));
  const [are, them] = anchors.length === 1 ? ["is", "it"] : ["are", "them"];
  return (
    `this exclusive activation would deactivate ${count(anchors.length, "anchor")} that ${are} active in ${label} and not listed: ` +
    `${describeAnchors(anchors)}. Clients of ${them} would be refused. ` +
    `List ${them} in certificateIds (where the program declares the same certificate, with adopt: true on it), or leave ${them} alone ` +
    `with ignoreCertificateIds or exclusive: false, or set takeOver: true to deactivate ${them}`
  );
}

function emptying({ plan, situation, allowEmpty, label, inProject }: Judgement): string | undefined {
  if (plan.enforcement !== "turns off" || allowEmpty) {
    return undefined;
  }
  const consequence = inProject
    ? "the organization's active set would decide there, and where that is empty no client certificate would be asked for"
    : "requests would be accepted without a client certificate, and X.509 workload identity federation would stop";
  return (
    `after this change nothing would be active in ${label}: ${consequence}. ` +
    `It would deactivate ${describeAnchors(situation.live)}. ` +
    "Keep at least one anchor in certificateIds, or set allowEmpty: true to end enforcement"
  );
}

/** An anchor that has expired is as active as any other to the API, and accepts nobody. */
function acceptingNobody({ plan, situation, listed, label, now }: Judgement): string | undefined {
  const { live, uploads, unexplained } = situation;
  const after = listed.filter(({ id }) => plan.after.includes(id));
  const wasOpen = live.length === 0 || live.some((anchor) => isValid(anchor, now));
  const isOpen = after.some((one) => isValid(one, now)) || uploads.some((one) => isValidUpload(one, now));
  if (unexplained > 0 || after.length + uploads.length === 0 || !wasOpen || isOpen) {
    return undefined;
  }
  const anchors = [
    ...after.map((anchor) => describeAnchor(anchor, now)),
    ...uploads.map((upload) => describeUpload(upload, now)),
  ];
  return (
    `after this change no active anchor of ${label} would be valid, and every request would be refused: ` +
    `${anchors.join("; ")}. Put an anchor that is valid now in certificateIds`
  );
}
