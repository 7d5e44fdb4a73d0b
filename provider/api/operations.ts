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
  listProjects: { method: "GET", path: PROJECTS, repeat: "always" },
  listProjectCertificates: { method: "GET", path: PROJECT_CERTIFICATES, repeat: "always" },
  activateProjectCertificates: { method: "POST", path: `${PROJECT_CERTIFICATES}/activate`, repeat: "always" },
  deactivateProjectCertificates: { method: "POST", path: `${PROJECT_CERTIFICATES}/deactivate`, repeat: "always" },
} as const satisfies Record<string, Operation>;

/** The path with each `{parameter}` filled in, encoded: ids come from programs and from state. */
export function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeSegment(parameters[name] ?? ""));
}

/** `.` and `..` survive encodeURIComponent, and URL parsing would fold them into another endpoint's path. */
function encodeSegment(value: string): string {
  const encoded = encodeURIComponent(value);
  return /^\.{1,2}$/.test(encoded) ? encoded.replace(/\./g, "%2E") : encoded;
}
