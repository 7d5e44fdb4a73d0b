import { type Actor, type Person, sessionOf } from "./auditLog";
import type { Organization, ProjectSeed, StoredProject } from "./organization";

/** A certificate with all that the emulator knows of it. Times are in Unix seconds. */
export interface CertificateView {
  readonly id: string;
  readonly name: string | null;
  /** The text as it was uploaded. */
  readonly content: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly createdAt: number;
  readonly validAt: number;
  readonly expiresAt: number;
  /** Whether it is active for the organization. */
  readonly active: boolean;
  /** The ids of the projects it is active in. */
  readonly activeProjects: readonly string[];
  /** The CEL filter that was attached to it. */
  readonly celFilter?: string | undefined;
}

/**
 * One organization's store, for tests that change or look at it behind the client's back. No request is recorded; the
 * audit log tells each change as one made by a person in the dashboard.
 */
export interface DirectAccess {
  /** In order of creation. */
  certificates(): CertificateView[];
  projects(): StoredProject[];
  /** Any number of ids, in the organization or in one project. */
  activate(ids: readonly string[], projectId?: string): void;
  deactivate(ids: readonly string[], projectId?: string): void;
  rename(id: string, name: string): void;
  /** Attaches a CEL filter, or with undefined takes it away. Throws when the expression cannot be one. */
  attachFilter(id: string, expression: string | undefined): void;
  /** Takes a certificate away even while it is active. */
  remove(id: string): void;
  /** Uploads under the API's rules and answers the id. */
  upload(certificate: { readonly name?: string; readonly certificate: string }): string;
  addProject(project: ProjectSeed): StoredProject;
  /** The same store, with this person named in the audit log for every change made through it. */
  by(person: Person): DirectAccess;
}

const SOMEBODY: Person = { email: "admin@example.com" };

export function directAccess(organization: Organization, actor: Actor = sessionOf(SOMEBODY)): DirectAccess {
  return {
    certificates: () =>
      organization.certificates.map(({ activeIn, ...certificate }) => ({
        ...certificate,
        active: activeIn.has(null),
        activeProjects: [...activeIn].filter((scope) => scope !== null),
      })),
    projects: () => [...organization.projects],
    activate: (ids, projectId) => void organization.toggle(ids, projectId ?? null, true, actor),
    deactivate: (ids, projectId) => void organization.toggle(ids, projectId ?? null, false, actor),
    attachFilter: (id, expression) => organization.attachFilter(id, expression, actor),
    rename: (id, name) => void organization.rename(id, name, actor),
    remove: (id) => organization.discard(id, actor),
    upload: ({ certificate, name }) => organization.upload(certificate, name ?? null, actor).id,
    addProject: (project) => organization.addProject(project),
    by: (person) => directAccess(organization, sessionOf(person)),
  };
}
