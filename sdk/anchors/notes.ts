import { DAY_MS, day } from "../../provider/clock";
import type { Anchor } from "./anchor";
import { type Schedule, type Step, steps } from "./schedule";

/** What the user should know of a schedule beyond what today's preview shows. */
export interface Notes {
  /** What the dates have brought lately and will bring; undefined where there is nothing to say. */
  readonly info: string | undefined;
  readonly warnings: readonly string[];
}

export interface NotesOptions {
  /** False where the program activates the anchors itself, by `activeCertificateIds`. */
  readonly activates: boolean;
  /** Whether other anchors may be active beside these, so that nothing can be said about the whole set. */
  readonly othersMayBeActive: boolean;
  readonly allowEmpty: boolean;
}

/** How long a date that has come is told, so that nobody takes the change that it makes for drift. */
const TOLD_DAYS = 7;

/**
 * No preview shows a change of dates before its day, so every run tells the coming ones. Where they leave nobody accepted,
 * that is a warning, not a refusal: the activation itself refuses it on its day, and a schedule that was accepted once
 * never fails only because time passes.
 */
export function notes(anchors: readonly Anchor[], planned: Schedule, options: NotesOptions): Notes {
  const all = steps(anchors);
  const { today } = planned;
  const words = options.activates ? ACTIVATED : LISTED;
  const lines = [...come(all, today, words), ...upcoming(all, today, words), ...retired(anchors, planned)];
  const setIsTheirs = options.activates && !options.othersMayBeActive;
  return {
    info:
      lines.length === 0 ? undefined : [`dates of the trust anchors (today is ${today}, UTC):`, ...lines].join("\n  "),
    warnings: [
      ...(setIsTheirs ? exchanges(all, today) : []),
      ...(setIsTheirs && !options.allowEmpty ? gaps(all, today) : []),
      ...anchors.filter(({ key }) => planned.declared.includes(key)).flatMap(expiresFirst),
    ],
  };
}

interface Words {
  readonly begin: string;
  readonly end: string;
}
const ACTIVATED: Words = { begin: "is activated", end: "is deactivated and deleted" };
const LISTED: Words = { begin: "joins activeCertificateIds", end: "leaves activeCertificateIds and is deleted" };

/** Dates that have come, today or in the days before: the run that carries them out shows them as changes. */
function come(all: readonly Step[], today: string, words: Words): string[] {
  const earliest = day(new Date(Date.parse(`${today}T00:00:00Z`) - TOLD_DAYS * DAY_MS));
  return all
    .filter(({ on }) => on > earliest && on <= today)
    .flatMap((step) => changes(step, words))
    .map((change) => `${change}: that date has come, so this change is not drift`);
}

function upcoming(all: readonly Step[], today: string, words: Words): string[] {
  return all.filter(({ on }) => on > today).flatMap((step) => changes(step, words));
}

function changes({ on, before, after }: Step, { begin, end }: Words): string[] {
  return [
    ...missing(before, after).map((key) => `on ${on} ${quoted(key)} ${begin}`),
    ...missing(after, before).map((key) => `on ${on} ${quoted(key)} ${end}`),
  ];
}

function retired(anchors: readonly Anchor[], { retired: gone }: Schedule): string[] {
  return anchors
    .filter(({ key }) => gone.includes(key))
    .map(({ key, where, retireOn }) => `${quoted(key)} retired on ${retireOn}: remove ${where} and its dates`);
}

/** Keys of `other` that are not in `keys`. */
function missing(keys: readonly string[], other: readonly string[]): string[] {
  return other.filter((key) => !keys.includes(key));
}

function exchanges(all: readonly Step[], today: string): string[] {
  return all
    .filter(
      ({ on, before, after }) => on >= today && before.length > 0 && after.length > 0 && isDisjoint(before, after),
    )
    .map(
      ({ on, before, after }) =>
        `on ${on} the whole active set is replaced at once (${list(before)} by ${list(after)}), so clients have no time to ` +
        "switch. Set activateOn of the new anchor some days before retireOn of the old one",
    );
}

function isDisjoint(one: readonly string[], other: readonly string[]): boolean {
  return one.every((key) => !other.includes(key));
}

function gaps(all: readonly Step[], today: string): string[] {
  return all.flatMap(({ on, after }, index) => {
    const until = all.slice(index + 1).find((later) => later.after.length > 0)?.on;
    if (after.length > 0 || (until !== undefined && until <= today)) {
      return [];
    }
    return [
      `from ${on} ${until === undefined ? "on" : `to ${until}`} these dates leave no anchor active. That would turn mTLS ` +
        "enforcement off, so the activation refuses it: from that day runs fail and the active set stays as it is. Set an " +
        "earlier activateOn for another anchor, remove retireOn, or set allowEmpty: true to turn enforcement off",
    ];
  });
}

function expiresFirst({ where, parsed, retireOn }: Anchor): string[] {
  if (parsed === undefined || retireOn === undefined || day(parsed.expiresAt) >= retireOn) {
    return [];
  }
  return [
    `${where} expires on ${day(parsed.expiresAt)}, before its retireOn ${retireOn}: from its expiry on its clients are refused`,
  ];
}

function list(keys: readonly string[]): string {
  return keys.map(quoted).join(", ");
}

function quoted(key: string): string {
  return JSON.stringify(key);
}
