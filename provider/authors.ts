import type { AuditActor, AuditEvent, CertificateEvent } from "./api/auditWire";
import type { CertificatesApi } from "./api/certificates";
import { rfc3339 } from "./clock";
import { ProviderError } from "./errors";
import type { Log } from "./log";
import { redact } from "./redact";

/** One page: drift is recent, and a run reads the log at most once. */
const MOST_EVENTS = 100;

/**
 * Who made a change outside of this program, by the organization's audit log: for words only. Read where
 * `openai:auditLog` asks for it and there is drift to explain, once in a run.
 */
export class Authors {
  private events: Promise<readonly AuditEvent[]> | undefined;

  constructor(
    private readonly api: Pick<CertificatesApi, "auditEvents">,
    private readonly isEnabled: boolean,
    private readonly log: Log,
  ) {}

  /**
   * By id, who did the last such thing to it in the organization or the project, as the end of a sentence. Those of whom
   * the log says nothing are missing.
   *
   * @example (await authors.of("certificates.activated", ["cert_abc"])).get("cert_abc")
   * // "by jane@example.com from 203.0.113.9 on 2026-11-27T10:00:00Z"
   */
  async of(type: CertificateEvent, ids: readonly string[], projectId?: string): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    if (!this.isEnabled || ids.length === 0) {
      return texts;
    }
    this.events ??= this.read();
    // Newest first, so that the first one found is the last one made.
    for (const event of await this.events) {
      if (event.type === type && event.project?.id === projectId) {
        for (const { id } of event.certificates.filter((one) => ids.includes(one.id) && !texts.has(one.id))) {
          texts.set(id, `by ${who(event.actor)} on ${rfc3339(new Date(event.effectiveAt * 1000))}`);
        }
      }
    }
    return texts;
  }

  private async read(): Promise<readonly AuditEvent[]> {
    try {
      return await this.api.auditEvents({ limit: MOST_EVENTS });
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        throw error;
      }
      this.log.info(`who changed what is not reported, because the audit log could not be read: ${error.message}`);
      return [];
    }
  }
}

function who(actor: AuditActor | undefined): string {
  const person = actor?.user?.email ?? actor?.user?.id ?? actor?.serviceAccountId;
  const key = actor?.kind === "api_key" ? `API key ${actor.key?.id ?? "without an id"}` : undefined;
  const name = [key, person].filter((part) => part !== undefined && part !== null).join(" of ");
  const address = actor?.ip === undefined ? "" : ` from ${actor.ip}`;
  return redact(`${name === "" ? "an actor that the log does not name" : name}${address}`);
}
