import { isObject } from "./outcome";

/** An answer that is not what the API documents. Never taken for an empty one: that could deactivate an organization. */
export class MalformedAnswer extends Error {}

/** The end of the year 9999, the last that X.509 and RFC 3339 can write. */
const LATEST = 253402300799;

/** Says what is wrong with a field: that it is missing, or what came in its place. Never what it holds. */
export function malformed(where: string, value: unknown, expected: string): MalformedAnswer {
  return new MalformedAnswer(
    value === undefined ? `${where} is missing` : `${where} is ${kindOf(value)} instead of ${expected}`,
  );
}

export function object(value: unknown, where: string): Record<string, unknown> {
  if (!isObject(value)) {
    throw malformed(where, value, "an object");
  }
  return value;
}

export function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) {
    throw malformed(where, value, "a list");
  }
  return value;
}

/** Text that is not empty. */
export function text(value: unknown, where: string): string {
  if (typeof value !== "string" || value === "") {
    throw malformed(where, value, "a string");
  }
  return value;
}

/** Text, or null where it is null or left out. */
export function optionalText(value: unknown, where: string): string | null {
  if (value !== null && value !== undefined && typeof value !== "string") {
    throw malformed(where, value, "a string or null");
  }
  return value ?? null;
}

export function flag(value: unknown, where: string): boolean {
  if (typeof value !== "boolean") {
    throw malformed(where, value, "a boolean");
  }
  return value;
}

/** Seconds since the epoch, up to the year 9999. */
export function unixTime(value: unknown, where: string): number {
  const time = unixTimeOrNone(value);
  if (time === undefined) {
    throw typeof value === "number"
      ? new MalformedAnswer(`${where} is a number out of range instead of a Unix time in seconds`)
      : malformed(where, value, "a Unix time in seconds");
  }
  return time;
}

/** A Unix time that a date can show; undefined for anything else. */
export function unixTimeOrNone(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= LATEST ? value : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty string" : "a string";
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return "an object";
  }
}
