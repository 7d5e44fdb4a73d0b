import { day } from "../../provider/clock";
import { redact } from "../../provider/redact";
import type { AnchorDates } from "./anchor";

/** What is wrong with an anchor's dates, by themselves and for the certificate they belong to. */
export function dateProblems(where: string, dates: AnchorDates, expiresAt: Date | undefined): string[] {
  const { activateOn, retireOn } = dates;
  const invalid = [invalidDate(where, "activateOn", activateOn), invalidDate(where, "retireOn", retireOn)];
  const problems = invalid.filter((problem) => problem !== undefined);
  if (problems.length > 0 || activateOn === undefined) {
    return problems;
  }
  if (retireOn !== undefined && retireOn <= activateOn) {
    return [
      `${where}: retireOn ${retireOn} must be later than activateOn ${activateOn}, or the anchor would never be active`,
    ];
  }
  if (expiresAt !== undefined && day(expiresAt) <= activateOn) {
    return [
      `${where}: the certificate expires on ${day(expiresAt)}, before any client could use it (activateOn ${activateOn})`,
    ];
  }
  return [];
}

function invalidDate(where: string, property: string, value: unknown): string | undefined {
  if (value === undefined || isDay(value)) {
    return undefined;
  }
  const howTo = 'write a day in UTC as text, such as "2027-01-31"';
  return typeof value === "string"
    ? `${where}: ${property} has the invalid date ${JSON.stringify(redact(value))}: ${howTo}`
    : `${where}: ${property} has an invalid date (${kindOf(value)}): ${howTo}`;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return value instanceof Date ? "a Date" : `type ${typeof value}`;
}

function isDay(value: unknown): boolean {
  // There and back again, because Date takes the 30th of February for the 2nd of March.
  const date = new Date(`${value}T00:00:00Z`);
  return typeof value === "string" && !Number.isNaN(date.getTime()) && day(date) === value;
}
