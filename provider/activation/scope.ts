import type { ListedCertificate } from "../api/wire";
import type { Organization } from "../organization";

/** Where a set is active: the organization, or one project of it. */
export interface Scope {
  /** The activation's id: `organization`, or the project's id. */
  readonly id: string;
  /** For messages: `the organization`, `organization "eu"`, `project proj_abc`. */
  readonly label: string;
  readonly organization: Organization;
  /** Whether it is a project: where that has no active anchors of its own, the organization's count. */
  readonly inProject: boolean;
  look(): Promise<ListedCertificate[]>;
  lookToDecide(): Promise<ListedCertificate[]>;
  lookAgain(): Promise<ListedCertificate[]>;
  activate(ids: readonly string[]): Promise<ListedCertificate[]>;
  deactivate(ids: readonly string[]): Promise<ListedCertificate[]>;
}

/** What changes of one active set wait for each other by. */
export const turnOf = (scopeId: string): string => `active set ${scopeId}`;

/** The whole organization, or with `projectId` one project. */
export function scopeOf(organization: Organization, projectId?: string): Scope {
  return {
    id: projectId ?? "organization",
    label: projectId === undefined ? organization.label : `project ${projectId}`,
    organization,
    inProject: projectId !== undefined,
    look: () => organization.look(projectId),
    lookToDecide: () => organization.lookToDecide(projectId),
    lookAgain: () => organization.lookAgain(projectId),
    activate: (ids) => organization.activate(ids, projectId),
    deactivate: (ids) => organization.deactivate(ids, projectId),
  };
}
