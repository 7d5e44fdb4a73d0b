import { randomBytes } from "node:crypto";
import { type AnchorContent, checkFilter } from "../provider/clients";
import { type Actor, type AuditEvent, type AuditEventType, recordEvent } from "./auditLog";
import { acceptCertificate, type CertificateFacts } from "./certificateText";
import { ApiError, notFound } from "./errors";

/** "Organizations can upload up to 50 certificates", says the API reference. */
export const MAX_CERTIFICATES = 50;

/** Where a certificate is active: in a project (its id), or in the organization itself (null). */
export type Scope = string | null;

/** One uploaded certificate. `createdAt` is in Unix seconds; `content` is the text as it was uploaded. */
export interface StoredCertificate extends CertificateFacts {
  readonly id: string;
  name: string | null;
  readonly createdAt: number;
  readonly content: string;
  readonly activeIn: Set<Scope>;
  /** The CEL expression that was attached to it; the API can neither set nor show it. */
  celFilter?: string | undefined;
}

/** One project. Times are in Unix seconds. */
export interface StoredProject {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly archivedAt: number | null;
}

/** A project as tests and seeds give it; without an id one is made up. */
export interface ProjectSeed {
  readonly id?: string;
  readonly name: string;
  readonly archived?: boolean;
}

/** What an organization needs from outside: the time, a word after each commit, and its quirk about deletion. */
export interface OrganizationContext {
  readonly now: () => Date;
  readonly onCommit: () => void;
  /** DELETE calls that still answer `certificate_in_use` after a deactivation. */
  readonly deactivationLag: number;
  /** Whether what is done to certificates is logged. */
  readonly auditLog: boolean;
}

/** One organization's certificates and projects, in order of creation; every change obeys the API's rules. */
export class Organization {
  /** Grows with every change of an active set, so that verdicts about client certificates can be cached. */
  version = 0;
  private readonly refusals = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly certificates: StoredCertificate[],
    readonly projects: StoredProject[],
    private readonly context: OrganizationContext,
    /** What was done to certificates, oldest first. */
    readonly events: AuditEvent[] = [],
  ) {}

  /** The certificate with this id; 404 otherwise. `param` is how the request named it. */
  certificate(id: string, param = "certificate_id"): StoredCertificate {
    const found = this.certificates.find((certificate) => certificate.id === id);
    if (!found) throw notFound("certificate", id, param);
    return found;
  }

  /** The project with this id; 404 otherwise. */
  project(id: string): StoredProject {
    const found = this.projects.find((project) => project.id === id);
    if (!found) throw notFound("project", id, "project_id");
    return found;
  }

  upload(text: string, name: string | null, actor: Actor): StoredCertificate {
    const facts = acceptCertificate(text, this.context.now());
    if (this.certificates.length >= MAX_CERTIFICATES) {
      // The cap is documented, the code it answers with is not: this one is ours.
      throw new ApiError(
        400,
        "certificate_limit_exceeded",
        `The organization already has ${MAX_CERTIFICATES} certificates, which is the limit. Delete one first.`,
      );
    }
    const certificate: StoredCertificate = {
      id: `cert_${randomBytes(12).toString("hex")}`,
      name,
      createdAt: this.seconds(),
      content: text,
      ...facts,
      activeIn: new Set(),
    };
    this.certificates.push(certificate);
    this.record("certificate.created", [certificate], actor);
    this.context.onCommit();
    return certificate;
  }

  rename(id: string, name: string, actor: Actor): StoredCertificate {
    const certificate = this.certificate(id);
    certificate.name = name;
    this.record("certificate.updated", [certificate], actor);
    this.context.onCommit();
    return certificate;
  }

  /** Activates or deactivates all of the ids or, if one is unknown, none. Answers each certificate once. */
  toggle(ids: readonly string[], scope: Scope, active: boolean, actor: Actor): StoredCertificate[] {
    const project = scope === null ? undefined : this.project(scope);
    const chosen = [...new Set(ids)].map((id) => this.certificate(id, "certificate_ids"));
    const changed = chosen.filter(({ activeIn }) => activeIn.has(scope) !== active);
    for (const certificate of chosen) {
      if (active) certificate.activeIn.add(scope);
      else if (certificate.activeIn.delete(scope)) this.refusals.set(certificate.id, this.context.deactivationLag);
    }
    this.version += 1;
    this.record(active ? "certificates.activated" : "certificates.deactivated", changed, actor, project);
    this.context.onCommit();
    return chosen;
  }

  /** Deletes as the API does: never a certificate that is active anywhere. */
  delete(id: string, actor: Actor): void {
    const certificate = this.certificate(id);
    if (certificate.activeIn.size > 0 || this.stillRefuses(id)) {
      throw new ApiError(
        400,
        "certificate_in_use",
        `The certificate '${id}' is active. Deactivate it for the organization and all projects first.`,
        "certificate_id",
      );
    }
    this.discard(id, actor);
  }

  /** Takes a certificate away whether or not it is active: what no caller of the API can do. */
  discard(id: string, actor: Actor): void {
    const certificate = this.certificate(id);
    this.certificates.splice(this.certificates.indexOf(certificate), 1);
    this.refusals.delete(id);
    this.version += 1;
    this.record("certificate.deleted", [certificate], actor);
    this.context.onCommit();
  }

  addProject(seed: ProjectSeed): StoredProject {
    const id = seed.id ?? `proj_${randomBytes(12).toString("hex")}`;
    if (this.projects.some((project) => project.id === id)) throw new Error(`There is already a project '${id}'.`);
    const createdAt = this.seconds();
    const project = { id, name: seed.name, createdAt, archivedAt: seed.archived ? createdAt : null };
    this.projects.push(project);
    this.context.onCommit();
    return project;
  }

  /** Attaches a CEL filter, as people do in the dashboard, or with undefined takes it away. Refuses what is not one. */
  attachFilter(id: string, expression: string | undefined, actor: Actor): void {
    const certificate = this.certificate(id);
    const problem = expression === undefined ? undefined : checkFilter(expression);
    if (problem !== undefined) {
      const message = `The CEL filter was not accepted: the expression ${problem}.`;
      throw new ApiError(400, "mtls_cel_policy_invalid", message, "expression");
    }
    certificate.celFilter = expression;
    this.version += 1;
    this.record("certificate.updated", [certificate], actor);
    this.context.onCommit();
  }

  /** The trust anchors that are active in a scope. */
  anchors(scope: Scope): AnchorContent[] {
    return this.certificates
      .filter(({ activeIn }) => activeIn.has(scope))
      .map(({ id, name, content: pem, celFilter }) => ({
        id,
        name,
        pem,
        ...(celFilter !== undefined && { celFilter }),
      }));
  }

  /** Nothing is logged where nothing has changed. */
  private record(
    type: AuditEventType,
    changed: readonly StoredCertificate[],
    actor: Actor,
    project?: StoredProject,
  ): void {
    if (!this.context.auditLog || changed.length === 0) return;
    recordEvent(this.events, {
      type,
      at: this.seconds(),
      actor,
      ...(project && { project: { id: project.id, name: project.name } }),
      certificates: changed.map(({ id, name }) => ({ id, name })),
      ...(type === "certificate.deleted" && changed[0] ? { content: changed[0].content } : {}),
    });
  }

  private stillRefuses(id: string): boolean {
    const refusals = this.refusals.get(id) ?? 0;
    this.refusals.set(id, refusals - 1);
    return refusals > 0;
  }

  private seconds(): number {
    return Math.floor(this.context.now().getTime() / 1000);
  }
}
