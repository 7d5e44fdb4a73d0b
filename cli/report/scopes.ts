import { named } from "../named";
import type { AnchorReport, Report } from "./model";

export function isActive({ activeIn }: AnchorReport): boolean {
  return activeIn.organization || activeIn.projects.length > 0;
}

/** Where an anchor is active: `organization`, and ids of projects. */
export function scopesOf({ activeIn }: AnchorReport): string[] {
  return [...(activeIn.organization ? ["organization"] : []), ...activeIn.projects];
}

/** What to say of an anchor that is active in none of the sets that the report knows. */
export function nowhere({ projectsProblem }: Pick<Report, "projectsProblem">): string {
  return projectsProblem === null ? "nowhere" : "no known set";
}

/** `the organization`, or `project proj_abc "Payments"`. */
export function scopeLabel({ projects }: Pick<Report, "projects">, scope: string): string {
  const project = projects.find(({ id }) => id === scope);
  return project === undefined ? "the organization" : `project ${named(project)}`;
}
