import type { AuditActor, AuditEvent } from "../../provider/api/auditWire";
import type { CertificatesApi } from "../../provider/api/certificates";
import { ApiError } from "../../provider/api/errors";
import { rfc3339 } from "../../provider/clock";
import type { History, HistoryEvent } from "./model";

/** What an organization's audit log said: its events, newest first, or why it could not be read. */
export type ReadLog = { readonly events: readonly AuditEvent[] } | { readonly problem: string };

/**
 * Reads the audit log. That it is off, or that the key may not read it, does not fail a report: it is its answer.
 * Everything else is an error, as with any other call.
 */
export async function readLog(api: Pick<CertificatesApi, "auditEvents">): Promise<ReadLog> {
  try {
    return { events: await api.auditEvents() };
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) throw error;
    const said = [error.status, error.code].filter((one) => one !== undefined).join(" ");
    return {
      problem: `The audit log cannot be read (${said}): an owner must turn it on for the organization (Settings > Data controls), and the admin key needs permission to read it.`,
    };
  }
}

export function historyOf(log: ReadLog): History {
  if ("problem" in log) return { problem: log.problem, events: [] };
  return { problem: null, events: log.events.map(historyEvent) };
}

function historyEvent(event: AuditEvent): HistoryEvent {
  const { id, type, effectiveAt, actor, project, certificates, pem } = event;
  return {
    id,
    at: rfc3339(new Date(effectiveAt * 1000)),
    type,
    project: project ?? null,
    certificates,
    actor: {
      kind: actor?.kind ?? null,
      userId: actor?.user?.id ?? null,
      email: actor?.user?.email ?? null,
      ip: actor?.ip ?? null,
      keyId: actor?.key?.id ?? null,
      serviceAccountId: actor?.serviceAccountId ?? null,
    },
    who: whoDid(actor),
    restorable: pem !== undefined,
  };
}

/** `alice@example.com from 198.51.100.7`, `API key key_abc of service account svc_abc`. */
function whoDid(actor: AuditActor | undefined): string {
  if (actor === undefined) return "unknown";
  const user = actor.user?.email ?? actor.user?.id ?? undefined;
  if (actor.kind === "session") {
    return `${user ?? "an unknown user"}${actor.ip === undefined ? "" : ` from ${actor.ip}`}`;
  }
  const account = actor.serviceAccountId === undefined ? undefined : `service account ${actor.serviceAccountId}`;
  const owner = user ?? account;
  return `API key ${actor.key?.id ?? "without an id"}${owner === undefined ? "" : ` of ${owner}`}`;
}
