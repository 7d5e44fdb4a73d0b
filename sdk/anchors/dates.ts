import { day } from "../../provider/clock";
import { redact } from "../../provider/redact";
import type { AnchorDates } from "./anchor";

/** What is wrong with an anchor's dates, taken for themselves and for the certificate they belong to. */
export function dateProblems(where: string, dates: AnchorDates, expiresAt: Date | undefined): string[] {
  const { activateOn, retireOn } = dates;
  const unreadable = [notADay(where, "activateOn", activateOn), notADay(where, "retireOn", retireOn)];
  const problems = unreadable.filter((problem) => problem !== undefined);
  if (problems.length > 0 || activateOn === undefined) {
    return problems;
  }
  if (retireOn !== undefined && retireOn <= activateOn) {
    return [`${where}: retireOn ${retireOn} must be after activateOn ${activateOn}: it would never be active`];
  }
  if (expiresAt !== undefined && day(expiresAt) <= activateOn) {
    return [
      `${where}: the certificate expires on ${day(expiresAt)}, so that nobody could use it from activateOn ${activateOn} on`,
    ];
  }
  return [];
}

function notADay(where: string, property: string, value: unknown): string | undefined {
  if (value === undefined || isDay(value)) {
    return undefined;
  }
  const shown = typeof value === "string" ? JSON.stringify(redact(value)) : `a ${typeof value}`;
  return `${where}: ${property} is ${shown}, which is no date: write a day that exists, as text like "2027-01-31" (UTC)`;
}

function isDay(value: unknown): boolean {
  // There and back again, because Date takes the 30th of February for the 2nd of March.
  const date = new Date(`${value}T00:00:00Z`);
  return typeof value === "string" && !Number.isNaN(date.getTime()) && day(date) === value;
}
