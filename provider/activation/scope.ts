import type { ListedCertificate } from "../api/wire";
import type { Organization } from "../organization";
import type { ForeignChange } from "../setWatch";

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
  changedByOthers(): readonly ForeignChange[];
  /** Ids that activations of this scope hold in this run. */
  readonly held: Set<string>;
  /** Ids that a refresh of this run has put into state although nobody answered for them: others activated these. */
  readonly strangers: Set<string>;
}

/** The whole organization, or with `projectId` one project. */
export function scopeOf(organization: Organization, projectId?: string): Scope {
  const id = projectId ?? "organization";
  return {
    id,
    label: projectId === undefined ? organization.label : `project ${projectId}`,
    organization,
    inProject: projectId !== undefined,
    held: perScope(organization.activated, id),
    strangers: perScope(organization.strangers, id),
    look: () => organization.look(projectId),
    lookToDecide: () => organization.lookToDecide(projectId),
    lookAgain: () => organization.lookAgain(projectId),
    activate: (ids) => organization.activate(ids, projectId),
    deactivate: (ids) => organization.deactivate(ids, projectId),
    changedByOthers: () => organization.changedByOthers(projectId),
  };
}

function perScope(sets: Map<string, Set<string>>, id: string): Set<string> {
  const set = sets.get(id) ?? new Set<string>();
  sets.set(id, set);
  return set;
}
