import { type Actor, AUDIT_EVENT_TYPES, type AuditEvent } from "./auditLog";
import { invalidType, invalidValue } from "./errors";
import { limitOf, type Page } from "./pages";

const RANGES: Readonly<Record<string, (at: number, bound: number) => boolean>> = {
  gt: (at, bound) => at > bound,
  gte: (at, bound) => at >= bound,
  lt: (at, bound) => at < bound,
  lte: (at, bound) => at <= bound,
};

/** The events that a request asks for, newest first; `cap` bounds every page's length. */
export function auditPage(log: readonly AuditEvent[], query: URLSearchParams, cap: number): Page<AuditEvent> {
  const found = log.filter(filter(query)).reverse();
  const length = Math.min(limitOf(query), cap);
  const [after, before] = [query.get("after"), query.get("before")];
  if (after !== null && before !== null) throw invalidValue("before", "it cannot be given together with 'after'");
  if (before !== null) {
    const end = indexOf(found, "before", before);
    const start = Math.max(0, end - length);
    return { items: found.slice(start, end), hasMore: start > 0 };
  }
  const rest = after === null ? found : found.slice(indexOf(found, "after", after) + 1);
  return { items: rest.slice(0, length), hasMore: rest.length > length };
}

/** An event as the API answers it. */
export function auditAnswer(event: AuditEvent) {
  const { id, type, at, actor, project, certificates, content } = event;
  const [first] = certificates;
  const detail = type.startsWith("certificates.")
    ? { certificates: certificates.map(certificate) }
    : { ...(first && certificate(first)), ...(content === undefined ? {} : { certificate: content }) };
  return { id, type, effective_at: at, ...(project && { project }), actor: actorAnswer(actor), [type]: detail };
}

/** The document has no null for a name, so a certificate without one has no `name` here. */
function certificate({ id, name }: AuditEvent["certificates"][number]) {
  return name === null ? { id } : { id, name };
}

function actorAnswer(actor: Actor) {
  if (actor.kind === "session") return { type: "session", session: { user: actor.user, ip_address: actor.ip } };
  const { id } = actor;
  return { type: "api_key", api_key: { id, type: "service_account", service_account: { id: `svc_${id}` } } };
}

function filter(query: URLSearchParams): (event: AuditEvent) => boolean {
  const types = values(query, "event_types");
  const unknown = types.find((type) => !(AUDIT_EVENT_TYPES as readonly string[]).includes(type));
  if (unknown !== undefined) {
    throw invalidValue("event_types", `this emulator logs ${AUDIT_EVENT_TYPES.map((type) => `'${type}'`).join(", ")}`);
  }
  const isIn = (wanted: readonly string[], found: readonly string[]) =>
    wanted.length === 0 || found.some((one) => wanted.includes(one));
  const projects = values(query, "project_ids");
  const actors = values(query, "actor_ids");
  const emails = values(query, "actor_emails");
  const resources = values(query, "resource_ids");
  const ranges = Object.entries(RANGES).flatMap(([name, holds]) => {
    const bound = integer(query, `effective_at[${name}]`);
    return bound === undefined ? [] : [(at: number) => holds(at, bound)];
  });
  return ({ type, at, actor, project, certificates }) =>
    isIn(types, [type]) &&
    isIn(projects, project ? [project.id] : []) &&
    isIn(actors, actor.kind === "session" ? [actor.user.id] : [actor.id, `svc_${actor.id}`]) &&
    isIn(emails, actor.kind === "session" ? [actor.user.email] : []) &&
    isIn(
      resources,
      certificates.map(({ id }) => id),
    ) &&
    ranges.every((holds) => holds(at));
}

/** The document writes arrays with brackets; without them they work too, as elsewhere in the API. */
function values(query: URLSearchParams, name: string): string[] {
  return [...query.getAll(`${name}[]`), ...query.getAll(name)];
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidType(name, "an integer");
  return Number(text);
}

function indexOf(found: readonly AuditEvent[], name: string, id: string): number {
  const index = found.findIndex((event) => event.id === id);
  if (index < 0) throw invalidValue(name, "there is no such id in this list");
  return index;
}
