import {
  type AuditEntry,
  type AuditEvent,
  CERTIFICATE_EVENTS,
  type CertificateEvent,
  parseAuditPage,
} from "./auditWire";
import type { Client } from "./client";
import { operations } from "./operations";
import { allPages } from "./pages";
import {
  about,
  type CertificateInfo,
  type CertificateWithContent,
  type ListedCertificate,
  type Project,
  parseCertificate,
  parseCertificatePage,
  parseCertificateWithContent,
  parseDeleted,
  parseProjectPage,
  parseToggle,
} from "./wire";

/** The API's largest page. */
const PAGE = "100";

/** Which events of the audit log are asked for; see {@link CertificatesApi.auditEvents}. */
export interface AuditQuery {
  readonly resourceIds?: readonly string[];
  readonly eventTypes?: readonly CertificateEvent[];
  readonly since?: number;
  readonly limit?: number;
}

/** The certificate endpoints of one organization, typed. */
export class CertificatesApi {
  constructor(private readonly client: Client) {}

  /** Which organization the API last said it answered for; undefined where it has not said so (yet). */
  get organizationId(): string | undefined {
    return this.client.organizationId;
  }

  /** Every certificate, with its state in the organization or, given a project's id, in that project. */
  list(projectId?: string): Promise<ListedCertificate[]> {
    return allPages((after, check) =>
      this.client.call({
        ...(projectId === undefined
          ? { operation: operations.listCertificates }
          : { operation: operations.listProjectCertificates, path: { project_id: projectId } }),
        query: { limit: PAGE, ...(after === undefined ? {} : { after }) },
        parse: (body) => check(parseCertificatePage(body)),
      }),
    );
  }

  retrieve(id: string): Promise<CertificateInfo> {
    return this.client.call({
      operation: operations.getCertificate,
      path: { certificate_id: id },
      parse: (body) => about(id, parseCertificate(body)),
    });
  }

  retrieveWithContent(id: string): Promise<CertificateWithContent> {
    return this.client.call({
      operation: operations.getCertificate,
      path: { certificate_id: id },
      query: { "include[]": "content" },
      parse: (body) => about(id, parseCertificateWithContent(body)),
    });
  }

  /** Not repeated once its answer was lost: see {@link operations}. */
  upload(name: string, certificate: string): Promise<CertificateInfo> {
    return this.client.call({
      operation: operations.uploadCertificate,
      body: { name, certificate },
      parse: parseCertificate,
    });
  }

  rename(id: string, name: string): Promise<CertificateInfo> {
    return this.client.call({
      operation: operations.modifyCertificate,
      path: { certificate_id: id },
      body: { name },
      parse: (body) => about(id, parseCertificate(body)),
    });
  }

  async delete(id: string): Promise<void> {
    await this.client.call({
      operation: operations.deleteCertificate,
      path: { certificate_id: id },
      parse: (body) => about(id, parseDeleted(body)),
    });
  }

  /** 1–10 ids, atomic. Answers the certificates it was about. */
  activate(ids: readonly string[], projectId?: string): Promise<ListedCertificate[]> {
    return this.client.call({
      ...(projectId === undefined
        ? { operation: operations.activateCertificates }
        : { operation: operations.activateProjectCertificates, path: { project_id: projectId } }),
      body: { certificate_ids: ids },
      parse: parseToggle,
    });
  }

  /** 1–10 ids, atomic. Answers the certificates it was about. */
  deactivate(ids: readonly string[], projectId?: string): Promise<ListedCertificate[]> {
    return this.client.call({
      ...(projectId === undefined
        ? { operation: operations.deactivateCertificates }
        : { operation: operations.deactivateProjectCertificates, path: { project_id: projectId } }),
      body: { certificate_ids: ids },
      parse: parseToggle,
    });
  }

  /** Archived ones too: an anchor may still be active there. */
  listProjects(): Promise<Project[]> {
    return allPages((after, check) =>
      this.client.call({
        operation: operations.listProjects,
        query: { limit: PAGE, include_archived: "true", ...(after === undefined ? {} : { after }) },
        parse: (body) => check(parseProjectPage(body)),
      }),
    );
  }

  /**
   * What the audit log says of certificates, newest first: by default everything, else only about `resourceIds`, only
   * `eventTypes`, only since `since` (Unix seconds), and at most `limit` events. The log has to be turned on for the
   * organization, and the key has to be allowed to read it: an ApiError with the API's own status and code otherwise.
   *
   * @example
   *     const [last] = await api.auditEvents({ resourceIds: ["cert_abc"], limit: 1 });
   *     last?.actor?.user?.email;
   */
  async auditEvents({ resourceIds, eventTypes, since, limit }: AuditQuery = {}): Promise<AuditEvent[]> {
    const entries = await allPages<AuditEntry>(
      (after, check) =>
        this.client.call({
          operation: operations.listAuditLogs,
          query: {
            limit: limit === undefined ? PAGE : String(Math.min(Math.max(limit, 1), Number(PAGE))),
            "event_types[]": eventTypes ?? CERTIFICATE_EVENTS,
            ...(resourceIds === undefined ? {} : { "resource_ids[]": resourceIds }),
            ...(since === undefined ? {} : { "effective_at[gte]": String(since) }),
            ...(after === undefined ? {} : { after }),
          },
          parse: (body) => check(parseAuditPage(body)),
        }),
      limit === undefined ? {} : { most: limit },
    );
    return entries.flatMap(({ event }) => event ?? []);
  }
}
