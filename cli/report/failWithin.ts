import { named } from "../visible";
import type { Report } from "./model";
import { isActive, scopeLabel } from "./scopes";

/** What `--fail-within` comes to; the lines are for standard error. */
export interface FailWithin {
  readonly exitCode: 0 | 1 | 3;
  readonly lines: readonly string[];
}

/** Fails for the active anchors that have expired or expire within the limit. What is not known is not taken for a "no". */
export function failWithin(report: Report): FailWithin {
  const active = report.anchors.filter(isActive);
  const expiring = active.filter(({ status }) => status === "expired" || status === "expiring");
  const unknown = [
    ...report.projects
      .filter(({ decidedBy }) => decidedBy === null)
      .map(
        ({ id }) =>
          `--fail-within: not known what is active in ${scopeLabel(report, id)}, which the API lists but does not find: run the report again`,
      ),
    ...active
      .filter(({ status }) => status === "unknown")
      .map(
        (anchor) =>
          `--fail-within: not known when ${named(anchor)} expires, which is active: its content cannot be read; check what was uploaded`,
      ),
  ];
  if (expiring.length === 0) return { exitCode: unknown.length === 0 ? 0 : 1, lines: unknown };
  const ids = expiring.map(named).join(", ");
  return {
    exitCode: 3,
    lines: [`active and expired, or expiring within ${report.limitDays} days: ${ids}`, ...unknown],
  };
}
