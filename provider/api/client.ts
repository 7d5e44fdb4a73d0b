import type { Clock } from "../clock";
import type { Log } from "../log";
import { redact, redactName } from "../redact";
import type { OrganizationSettings } from "../settings";
import { ApiError, failureMessage } from "./errors";
import { fillPath, type Operation, showPath } from "./operations";
import { apiProblem, isThrottled, mayHaveBeenCarriedOut, type Outcome } from "./outcome";
import { type Decision, decide } from "./retry";
import { RetryNotes } from "./retryNotes";
import type { Transport } from "./transport";
import { MalformedAnswer } from "./wire";

const TO_READ = "The admin key needs the permission api.mtls.read.";
const TO_WRITE = "The admin key needs the permissions api.mtls.read and api.mtls.write.";
const OVERALL_LIMIT_MS = 5 * 60 * 1000;

export interface Call<T> {
  readonly operation: Operation;
  readonly path?: Readonly<Record<string, string>>;
  /** A list is sent as its name repeated, such as `event_types[]=a&event_types[]=b`. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Reads the answer's body; throws {@link MalformedAnswer} where it is not what the API documents. */
  readonly parse: (body: unknown) => T;
}

interface FailedAttempts {
  readonly what: string;
  readonly attempts: number;
  readonly operation: Operation;
  /** Whether any of them before the last may have been carried out. */
  readonly mayBeDone: boolean;
}

/** Makes calls of one organization's admin API: attempts, waits between them, and one error for the user at the end. */
export class Client {
  /**
   * The organization that the API last said it answered for (header `openai-organization`); undefined as long as it has
   * not said so. An answer that is not the API's, such as a proxy's page, says nothing.
   */
  organizationId: string | undefined;

  constructor(
    private readonly settings: OrganizationSettings,
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async call<T>(call: Call<T>): Promise<T> {
    const { operation } = call;
    const path = fillPath(operation.path, call.path ?? {});
    const what = `${operation.method} ${redact(showPath(operation.path, call.path ?? {}), [this.settings.adminKey])}`;
    const query = call.query === undefined ? "" : `?${queryText(call.query)}`;
    const request = { method: operation.method, url: `${this.settings.baseUrl}${path}${query}`, body: call.body };
    const limits = { maxRetries: this.settings.maxRetries, overallMs: OVERALL_LIMIT_MS };
    const clean = (text: string) => redact(text, [this.settings.adminKey]);
    const notes = new RetryNotes(what, (line) => this.log.info(clean(line)), OVERALL_LIMIT_MS);
    const began = this.clock.now();
    let throttled = 0;
    let mayBeDone = false;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.transport(request);
      const read = readAnswer(call, answer);
      if (answer.kind === "answer" && ("value" in read || apiProblem(answer.body) !== undefined)) {
        this.noteOrganization(answer.meta.organizationId);
      }
      if ("value" in read) {
        return read.value;
      }
      const { outcome } = read;
      const now = this.clock.now();
      const elapsedMs = now - began;
      const random = this.clock.random();
      const decision = decide(
        { repeat: operation.repeat, outcome, attempt, throttled, elapsedMs, now, random },
        limits,
      );
      const failed = { what, attempts: attempt, operation, mayBeDone };
      if (decision.next !== "wait") {
        throw this.failure(failed, decision, outcome);
      }
      notes.waiting(outcome, attempt, decision.ms);
      throttled += isThrottled(outcome) ? 1 : 0;
      mayBeDone ||= mayHaveBeenCarriedOut(outcome);
      await this.clock.sleep(decision.ms).catch(() => {
        throw this.failure(failed, { next: "give-up", because: "the run was interrupted" }, outcome);
      });
    }
  }

  /** It goes into state and into messages, where no key may be, whatever an answer repeats. */
  private noteOrganization(id: string | undefined): void {
    if (id !== undefined && redactName(id, [this.settings.adminKey]) === id) {
      this.organizationId = id;
    }
  }

  private failure(
    { what, attempts, operation, mayBeDone }: FailedAttempts,
    decision: Decision,
    outcome: Outcome,
  ): ApiError {
    const gaveUp = decision.next === "give-up" ? decision : undefined;
    const secrets = [this.settings.adminKey];
    const repeatable = operation.repeat === "always" || !mayHaveBeenCarriedOut(outcome);
    const { baseUrl, names } = this.settings;
    const call = {
      what,
      origin: new URL(baseUrl).origin,
      attempts,
      gaveUp,
      repeatable,
      names,
      needs: operation.needs ?? (operation.method === "GET" ? TO_READ : TO_WRITE),
    };
    return new ApiError(
      failureMessage(call, outcome, (text) => redact(text, secrets)),
      outcome,
      mayBeDone,
    );
  }
}

/** A success that cannot be read is as good as a lost answer: the request may have been carried out. */
function readAnswer<T>(call: Call<T>, outcome: Outcome): { value: T } | { outcome: Outcome } {
  if (outcome.kind !== "answer" || outcome.status < 200 || outcome.status >= 300) {
    return { outcome };
  }
  try {
    return { value: call.parse(outcome.body) };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) {
      throw error;
    }
    const { status, meta } = outcome;
    return { outcome: { kind: "lost", status, meta, reason: `the answer is malformed: ${error.message}` } };
  }
}

function queryText(query: NonNullable<Call<unknown>["query"]>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      parameters.append(name, one);
    }
  }
  return parameters.toString();
}
