import { named } from "../visible";
import type { AnchorReport, Report } from "./model";

export function isActive({ activeIn }: AnchorReport): boolean {
  return activeIn.organization || activeIn.projects.length > 0;
}

/** Where an anchor is active: `organization`, and ids of projects. */
export function scopesOf({ activeIn }: AnchorReport): string[] {
  return [...(activeIn.organization ? ["organization"] : []), ...activeIn.projects];
}

/** `the organization`, or `project proj_abc "Payments"`. */
export function scopeLabel({ projects }: Pick<Report, "projects">, scope: string): string {
  const project = projects.find(({ id }) => id === scope);
  return project === undefined ? "the organization" : `project ${named(project)}`;
}
