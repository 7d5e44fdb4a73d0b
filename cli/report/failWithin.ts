import { named } from "../named";
import type { Report } from "./model";
import { isActive, scopeLabel } from "./scopes";

/** What `--fail-within` comes to; the lines are for standard error. */
export interface FailWithin {
  readonly exitCode: 0 | 1 | 3;
  readonly lines: readonly string[];
}

/**
 * Fails for the active anchors that have expired or expire within the limit, and for a set of which none is valid yet. What
 * is not known is not taken for a "no".
 */
export function failWithin(report: Report): FailWithin {
  const active = report.anchors.filter(isActive);
  const expiring = active.filter(({ status }) => status === "expired" || status === "expiring");
  const unknown = [
    ...(report.projectsProblem === null
      ? []
      : [`--fail-within: not known what is active in projects: ${report.projectsProblem}`]),
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
  const refused = report.findings.filter(({ code }) => code === "set-not-yet-valid").map(({ message }) => message);
  const ids = expiring.map(named).join(", ");
  const found = [
    ...(expiring.length === 0 ? [] : [`active and expired, or expiring within ${report.limitDays} days: ${ids}`]),
    ...refused,
  ];
  return { exitCode: found.length > 0 ? 3 : unknown.length > 0 ? 1 : 0, lines: [...found, ...unknown] };
}
