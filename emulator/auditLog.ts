import { createHash, randomBytes } from "node:crypto";

/** What the audit log tells about certificates. */
export const AUDIT_EVENT_TYPES = [
  "certificate.created",
  "certificate.updated",
  "certificate.deleted",
  "certificates.activated",
  "certificates.deactivated",
] as const;

export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** Who did it: a person in the dashboard, or whoever holds an API key. */
export type Actor =
  | { readonly kind: "session"; readonly user: { readonly id: string; readonly email: string }; readonly ip: string }
  | { readonly kind: "api_key"; readonly id: string };

/** A person as tests give them; what is left out is made up. */
export interface Person {
  readonly email: string;
  /** The user's id; default: made from the e-mail address. */
  readonly id?: string;
  /** The address they came from; default `192.0.2.1`. */
  readonly ip?: string;
}

/** One thing that was done to certificates. `at` is in Unix seconds. */
export interface AuditEvent {
  readonly id: string;
  readonly type: AuditEventType;
  readonly at: number;
  readonly actor: Actor;
  /** Where it was done in a project. */
  readonly project?: { readonly id: string; readonly name: string };
  /** The certificates it was done to, with the names they had afterwards. */
  readonly certificates: readonly { readonly id: string; readonly name: string | null }[];
  /** What was deleted, as it was uploaded. */
  readonly content?: string;
}

/** The log would outgrow everything else in a state file that is written anew with every change. */
const MOST_EVENTS = 1000;

/** Adds an event; beyond 1,000 the oldest is dropped. */
export function recordEvent(log: AuditEvent[], event: Omit<AuditEvent, "id">): void {
  log.push({ id: `audit_log-${randomBytes(12).toString("hex")}`, ...event });
  if (log.length > MOST_EVENTS) log.shift();
}

/** Whoever changes something through the emulator's library stands for a person in the dashboard. */
export function sessionOf({ email, id, ip }: Person): Actor {
  return {
    kind: "session",
    user: { id: id ?? `user-${madeFrom(email)}`, email },
    ip: ip ?? "192.0.2.1",
  };
}

/** The actor of an organization's admin key: its tracking id, which tells nothing about the key. */
export function keyOf(organization: string): Actor {
  return { kind: "api_key", id: `key_${madeFrom(organization)}` };
}

function madeFrom(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}
