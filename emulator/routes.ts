import { certificateAnswer, listAnswer, projectAnswer, scopedCertificate, toggleAnswer } from "./answers";
import { keyOf } from "./auditLog";
import { auditAnswer, auditPage } from "./auditQuery";
import { ApiError, invalidValue } from "./errors";
import type { Organization, Scope } from "./organization";
import { flag, page } from "./pages";
import { certificateIds, jsonObject, optionalString, requiredString } from "./requestBody";

/** What an operation gets to see. `path` holds the decoded parameters of the route's path. */
export interface Call {
  readonly organization: Organization;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly settings: RouteSettings;
}

export interface RouteSettings {
  readonly maxPageSize: number;
  readonly legacyToggleShape: boolean;
  readonly auditLog: boolean;
}

/** Answers the JSON of a 200, or throws the ApiError of anything else. */
type Operation = (call: Call) => unknown;

/** Every path of the API with its methods. Fixed paths stand before those with a parameter in the same place. */
const ROUTES: readonly (readonly [path: string, operations: Readonly<Record<string, Operation>>])[] = [
  ["/organization/certificates", { GET: listCertificates(organizationScope), POST: uploadCertificate }],
  ["/organization/certificates/activate", { POST: toggle(organizationScope, true) }],
  ["/organization/certificates/deactivate", { POST: toggle(organizationScope, false) }],
  [
    "/organization/certificates/{certificate_id}",
    { GET: getCertificate, POST: modifyCertificate, DELETE: deleteCertificate },
  ],
  ["/organization/audit_logs", { GET: listAuditLogs }],
  ["/organization/projects", { GET: listProjects }],
  ["/organization/projects/{project_id}", { GET: retrieveProject }],
  ["/organization/projects/{project_id}/certificates", { GET: listCertificates(projectScope) }],
  ["/organization/projects/{project_id}/certificates/activate", { POST: toggle(projectScope, true) }],
  ["/organization/projects/{project_id}/certificates/deactivate", { POST: toggle(projectScope, false) }],
];

const PATTERNS = ROUTES.map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  operations,
}));

/** Finds the operation for a method and a raw path (without `/v1`); 404 for an unknown path, 405 for a method. */
export function route(method: string, rawPath: string): { operation: Operation; path: Record<string, string> } {
  for (const { pattern, operations } of PATTERNS) {
    const match = pattern.exec(rawPath);
    if (!match) continue;
    const operation = operations[method];
    if (!operation) throw methodNotSupported(method, Object.keys(operations));
    const entries = Object.entries(match.groups ?? {});
    return { operation, path: Object.fromEntries(entries.map(([name, raw]) => [name, decoded(raw, name)])) };
  }
  throw new ApiError(404, "unknown_url", `Unknown request URL: ${method} (no such path).`);
}

function methodNotSupported(method: string, allowed: readonly string[]): ApiError {
  const allow = allowed.join(", ");
  const message = `Not allowed to ${method} on this path. Try one of: ${allow}.`;
  return new ApiError(405, "method_not_supported", message, null, { allow });
}

function decoded(raw: string, name: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw invalidValue(name, "it is not valid percent-encoding");
  }
}

function organizationScope(): Scope {
  return null;
}

function projectScope({ organization, path }: Call): Scope {
  return organization.project(parameter(path, "project_id")).id;
}

/** A project's list has all of the organization's certificates, each with its state in that project. */
function listCertificates(scopeOf: (call: Call) => Scope): Operation {
  return (call) => {
    const scope = scopeOf(call);
    const { items, hasMore } = page(call.organization.certificates, call.query, call.settings.maxPageSize);
    return listAnswer({ items: items.map((certificate) => scopedCertificate(certificate, scope)), hasMore });
  };
}

function toggle(scopeOf: (call: Call) => Scope, active: boolean): Operation {
  return (call) => {
    const scope = scopeOf(call);
    const ids = certificateIds(jsonObject(call.body, ["certificate_ids"]));
    const toggled = call.organization.toggle(ids, scope, active, actorOf(call));
    return toggleAnswer(toggled, { scope, active, legacyShape: call.settings.legacyToggleShape });
  };
}

function uploadCertificate(call: Call) {
  const { organization, body } = call;
  const fields = jsonObject(body, ["certificate", "name"]);
  const name = optionalString(fields, "name") ?? null;
  const uploaded = organization.upload(requiredString(fields, "certificate"), name, actorOf(call));
  return certificateAnswer(uploaded, { content: false });
}

function getCertificate({ organization, path, query }: Call) {
  // The document's array in the query is sent as `include[]=content` by the vendor's clients, and works without brackets.
  const include = [...query.getAll("include"), ...query.getAll("include[]")];
  if (include.some((value) => value !== "content")) throw invalidValue("include", "the supported value is 'content'");
  const certificate = organization.certificate(parameter(path, "certificate_id"));
  return certificateAnswer(certificate, { content: include.length > 0 });
}

function modifyCertificate(call: Call) {
  const { organization, path, body } = call;
  const id = parameter(path, "certificate_id");
  const name = optionalString(jsonObject(body, ["name"]), "name");
  const certificate = name === undefined ? organization.certificate(id) : organization.rename(id, name, actorOf(call));
  return certificateAnswer(certificate, { content: false });
}

function deleteCertificate(call: Call) {
  const id = parameter(call.path, "certificate_id");
  call.organization.delete(id, actorOf(call));
  return { object: "certificate.deleted", id };
}

/** The document does not say what a request for a log that is off gets: this status and code are ours. */
function listAuditLogs({ organization, query, settings }: Call) {
  if (!settings.auditLog) {
    throw new ApiError(403, "audit_logs_not_enabled", "Audit logging is not enabled for this organization.");
  }
  flag(query, "tenant_only");
  const { items, hasMore } = auditPage(organization.events, query, settings.maxPageSize);
  return listAnswer({ items: items.map(auditAnswer), hasMore });
}

function actorOf({ organization }: Call) {
  return keyOf(organization.name);
}

function listProjects({ organization, query, settings }: Call) {
  const archivedToo = flag(query, "include_archived");
  const projects = organization.projects.filter((project) => archivedToo || project.archivedAt === null);
  const { items, hasMore } = page(projects, query, settings.maxPageSize, "asc");
  return listAnswer({ items: items.map(projectAnswer), hasMore });
}

function retrieveProject({ organization, path }: Call) {
  return projectAnswer(organization.project(parameter(path, "project_id")));
}

function parameter(path: Readonly<Record<string, string>>, name: string): string {
  return path[name] ?? "";
}
