import { list, MalformedAnswer, object, optionalText, text, unixTime } from "./fields";
import type { Page } from "./wire";
import { parsePage } from "./wire";

/** The audit log's events about certificates. */
export const CERTIFICATE_EVENTS = [
  "certificate.created",
  "certificate.updated",
  "certificate.deleted",
  "certificates.activated",
  "certificates.deactivated",
] as const;

export type CertificateEvent = (typeof CERTIFICATE_EVENTS)[number];

/** Who did it: somebody in the dashboard, or a program with an API key. */
export interface AuditActor {
  readonly kind: "session" | "api_key";
  /** Whose session or key it is; a service account has none. */
  readonly user?: { readonly id: string | null; readonly email: string | null };
  /** Of a session: the address it came from. */
  readonly ip?: string;
  readonly key?: { readonly id: string | null; readonly type: string | null };
  readonly serviceAccountId?: string;
}

/** One event about certificates. */
export interface AuditEvent {
  readonly id: string;
  readonly type: CertificateEvent;
  /** Unix seconds. */
  readonly effectiveAt: number;
  /** Undefined where the log does not say. */
  readonly actor: AuditActor | undefined;
  /** The project it happened in; undefined for the organization. */
  readonly project: { readonly id: string; readonly name: string | null } | undefined;
  readonly certificates: readonly { readonly id: string; readonly name: string | null }[];
  /** What was deleted, as it had been uploaded; with `certificate.deleted` only. */
  readonly pem?: string;
}

/** An entry of a page: `event` is undefined where the log answers something that was not asked for. */
export interface AuditEntry {
  readonly id: string;
  readonly event: AuditEvent | undefined;
}

export function parseAuditPage(body: unknown): Page<AuditEntry> {
  return parsePage(body, (item, where) => {
    const entry = object(item, where);
    const id = text(entry["id"], `${where}.id`);
    const type = text(entry["type"], `${where}.type`);
    const known = CERTIFICATE_EVENTS.find((one) => one === type);
    return { id, event: known && parseEvent(entry, { id, type: known }, where) };
  });
}

function parseEvent(
  entry: Record<string, unknown>,
  { id, type }: { readonly id: string; readonly type: CertificateEvent },
  where: string,
): AuditEvent {
  const details = object(entry[type], `${where}.${type}`);
  const pem =
    type === "certificate.deleted" ? optionalText(details["certificate"], `${where}.${type}.certificate`) : null;
  return {
    id,
    type,
    effectiveAt: unixTime(entry["effective_at"], `${where}.effective_at`),
    actor: absent(entry["actor"]) ? undefined : actor(object(entry["actor"], `${where}.actor`), `${where}.actor`),
    project: absent(entry["project"]) ? undefined : named(entry["project"], `${where}.project`),
    certificates: type.startsWith("certificates.")
      ? list(details["certificates"], `${where}.${type}.certificates`).map((one, index) =>
          named(one, `${where}.${type}.certificates[${index}]`),
        )
      : [named(details, `${where}.${type}`)],
    ...(pem === null ? {} : { pem }),
  };
}

function actor(value: Record<string, unknown>, where: string): AuditActor {
  const kind = text(value["type"], `${where}.type`);
  if (kind !== "session" && kind !== "api_key") {
    throw new MalformedAnswer(`${where}.type is neither session nor api_key`);
  }
  const at = `${where}.${kind}`;
  const details = absent(value[kind]) ? {} : object(value[kind], at);
  const user = absent(details["user"]) ? undefined : object(details["user"], `${at}.user`);
  const known = user && {
    id: optionalText(user["id"], `${at}.user.id`),
    email: optionalText(user["email"], `${at}.user.email`),
  };
  if (kind === "session") {
    const ip = optionalText(details["ip_address"], `${at}.ip_address`);
    return { kind, ...(known && { user: known }), ...(ip === null ? {} : { ip }) };
  }
  const account = details["service_account"];
  return {
    kind,
    ...(known && { user: known }),
    key: { id: optionalText(details["id"], `${at}.id`), type: optionalText(details["type"], `${at}.type`) },
    ...(absent(account)
      ? {}
      : { serviceAccountId: text(object(account, `${at}.service_account`)["id"], `${at}.service_account.id`) }),
  };
}

function named(value: unknown, where: string): { id: string; name: string | null } {
  const { id, name } = object(value, where);
  return { id: text(id, `${where}.id`), name: optionalText(name, `${where}.name`) };
}

function absent(value: unknown): boolean {
  return value === null || value === undefined;
}
