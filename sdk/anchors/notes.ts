import { day } from "../../provider/clock";
import type { Anchor } from "./anchor";
import { type Schedule, type Step, steps } from "./schedule";

/** What the user should know of a schedule beyond what today's preview shows. */
export interface Notes {
  /** What coming days bring; undefined where dates bring nothing. */
  readonly info: string | undefined;
  readonly warnings: readonly string[];
}

export interface NotesOptions {
  /** Whether other anchors may be active beside these, so that no statement about the whole set can be made. */
  readonly othersMayBeActive: boolean;
  readonly allowEmpty: boolean;
}

/**
 * A change of dates shows in no preview until its day has come, so the coming days are told in every run. Where they
 * leave nobody accepted, that is a warning and no refusal: the activation itself refuses it on its day, and a schedule
 * that was accepted once never fails merely because time passes.
 */
export function notes(anchors: readonly Anchor[], planned: Schedule, options: NotesOptions): Notes {
  const lines = [...upcoming(planned), ...retired(planned)];
  const all = steps(anchors);
  const { today } = planned;
  return {
    info: lines.length === 0 ? undefined : [`by its dates (today is ${today}, UTC):`, ...lines].join("\n  "),
    warnings: [
      ...(options.othersMayBeActive ? [] : exchanges(all, today)),
      ...(options.othersMayBeActive || options.allowEmpty ? [] : gaps(all, today)),
      ...anchors.filter(({ key }) => planned.declared.includes(key)).flatMap(expiresFirst),
    ],
  };
}

function upcoming({ steps: coming, today }: Schedule): string[] {
  return coming
    .filter(({ on }) => on > today)
    .flatMap(({ on, before, after }) => [
      ...missing(before, after).map((key) => `on ${on} ${quoted(key)} is activated`),
      ...missing(after, before).map((key) => `on ${on} ${quoted(key)} is deactivated and deleted`),
    ]);
}

function retired({ retired: gone }: Schedule): string[] {
  const all = gone.map(quoted).join(", ");
  return gone.length === 0
    ? []
    : [`retired: ${all}; what declares ${gone.length === 1 ? "it" : "them"} can be removed`];
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
        `on ${on} the whole active set is exchanged at once (${list(before)} for ${list(after)}): clients have no time ` +
        "in which both are accepted. Let activateOn of the new come some days before retireOn of the old",
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
      `from ${on} ${until === undefined ? "on" : `to ${until}`} no anchor is active by these dates. That would turn mTLS ` +
        "enforcement off, so the activation refuses it: nothing changes then, and runs fail. Let activateOn of another anchor " +
        "come before, take retireOn away, or set allowEmpty: true to turn enforcement off",
    ];
  });
}

function expiresFirst({ where, parsed, retireOn }: Anchor): string[] {
  if (parsed === undefined || retireOn === undefined || day(parsed.expiresAt) >= retireOn) {
    return [];
  }
  return [
    `${where} expires on ${day(parsed.expiresAt)}, before its retireOn ${retireOn}: its clients are refused in between`,
  ];
}

function list(keys: readonly string[]): string {
  return keys.map(quoted).join(", ");
}

function quoted(key: string): string {
  return JSON.stringify(key);
}
