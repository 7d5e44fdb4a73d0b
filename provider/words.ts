import { day } from "./clock";
import { PRINTABLE_ASCII } from "./redact";
import { isUnknown } from "./unknown";

/** A certificate as far as messages name it. */
export interface Named {
  readonly id: string;
  /** Null or empty where it has none. */
  readonly name: string | null;
}

/**
 * Text from outside (names are whatever somebody typed) on one line, without what acts where it should only be shown: a
 * terminal's escapes, bidirectional marks, line separators, lone surrogates.
 */
export function visible(text: string): string {
  const shown = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`;
  return PRINTABLE_ASCII.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, shown);
}

/** The text as a literal of TypeScript, in quotes; fit for a comment and for a message as well. */
export function literal(text: string): string {
  return visible(JSON.stringify(text));
}

/** `cert_abc "corp-root"`, or the id alone where there is no name. */
export function named({ id, name }: Named): string {
  return name === null || name === "" ? id : `${id} ${literal(name)}`;
}

/** A name that a program gives, which may be unknown in preview. */
export function quotedName(name: unknown): string {
  return isUnknown(name) ? "a certificate whose name is not known yet" : literal(String(name));
}

/** Milliseconds since the epoch of Unix seconds, as a day in UTC. */
export function dayOf(seconds: number): string {
  return day(new Date(seconds * 1000));
}

/** A message without its full stop, to go on after it. */
export function withoutStop({ message }: Error): string {
  return message.replace(/\.$/, "");
}

/** `1 anchor`, `2 anchors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
