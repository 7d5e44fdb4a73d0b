import { ProviderError } from "../errors";

/**
 * What may be done after a call that failed:
 * - `always`: carrying it out twice is carrying it out once, so any transient failure is repeated;
 * - `unless-lost`: repeated only where it certainly was not carried out (429, no connection). When the answer was lost
 *   the caller must look first: a repeated upload would be a second certificate.
 */
export type Repeat = "always" | "unless-lost";

/** One endpoint of the admin API: its path below the base URL, and how safe it is to repeat. */
export interface Operation {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly repeat: Repeat;
  /** The advice after a 403: what the admin key has to be allowed to; default: the certificates' permissions. */
  readonly needs?: string;
}

const CERTIFICATES = "/organization/certificates";
const CERTIFICATE = `${CERTIFICATES}/{certificate_id}`;
const PROJECTS = "/organization/projects";
const PROJECT_CERTIFICATES = `${PROJECTS}/{project_id}/certificates`;

/** Toggles are idempotent by the API's own word; only the name can be modified, so repeating a modify changes nothing. */
export const operations = {
  listCertificates: { method: "GET", path: CERTIFICATES, repeat: "always" },
  uploadCertificate: { method: "POST", path: CERTIFICATES, repeat: "unless-lost" },
  getCertificate: { method: "GET", path: CERTIFICATE, repeat: "always" },
  modifyCertificate: { method: "POST", path: CERTIFICATE, repeat: "always" },
  deleteCertificate: { method: "DELETE", path: CERTIFICATE, repeat: "always" },
  activateCertificates: { method: "POST", path: `${CERTIFICATES}/activate`, repeat: "always" },
  deactivateCertificates: { method: "POST", path: `${CERTIFICATES}/deactivate`, repeat: "always" },
  listProjects: {
    method: "GET",
    path: PROJECTS,
    repeat: "always",
    needs: "The admin key needs permission to list the organization's projects.",
  },
  listProjectCertificates: { method: "GET", path: PROJECT_CERTIFICATES, repeat: "always" },
  activateProjectCertificates: { method: "POST", path: `${PROJECT_CERTIFICATES}/activate`, repeat: "always" },
  deactivateProjectCertificates: { method: "POST", path: `${PROJECT_CERTIFICATES}/deactivate`, repeat: "always" },
  listAuditLogs: {
    method: "GET",
    path: "/organization/audit_logs",
    repeat: "always",
    needs: "The admin key needs permission to read the organization's audit log.",
  },
} as const satisfies Record<string, Operation>;

/** The path with each `{parameter}` filled in, encoded: ids come from programs and from state. Throws for what is not an id. */
export function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replace(PARAMETER, (_, name: string) => segment(name, parameters[name] ?? ""));
}

/** The path for messages: only what looks like an id is shown, since a key or a certificate may be in its place. */
export function showPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replace(PARAMETER, (placeholder, name: string) => {
    const value = parameters[name] ?? "";
    return /^[\w-]{1,80}$/.test(value) ? value : placeholder;
  });
}

const PARAMETER = /\{([a-z_]+)\}/g;

/** URL parsing folds `.` and `..` away, encoded as `%2E` too (WHATWG URL), which would make another endpoint of the path. */
function segment(name: string, value: string): string {
  if (/^\.{0,2}$/.test(value)) {
    throw new ProviderError(`${JSON.stringify(value)} is not a valid ${name}: ids look like cert_abc or proj_abc`);
  }
  return encodeURIComponent(value);
}
