/** What became of one attempt. */
export type Outcome =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown; readonly meta: AnswerMeta }
  /** The request certainly never reached the API; `permanent` where trying again cannot help (TLS trust, a bad key file). */
  | {
      readonly kind: "unsent";
      readonly reason: string;
      readonly permanent?: boolean;
      /** Fewer retries than the settings allow, where waiting promises little. */
      readonly mostRetries?: number;
      readonly advice?: string;
    }
  /** It may have been carried out: the connection broke, time ran out, or the answer could not be read. */
  | { readonly kind: "lost"; readonly reason: string; readonly status?: number; readonly meta?: AnswerMeta };

export interface AnswerMeta {
  readonly requestId?: string;
  /** The organization that the request was made in, from the header `openai-organization`. */
  readonly organizationId?: string;
  /** The Retry-After header as it came. */
  readonly retryAfter?: string;
}

/** The API's error object, as far as an answer holds one. */
export interface ApiProblem {
  readonly message: string;
  readonly code: string | null;
  readonly param: string | null;
}

/** Reads `{error: {message, type, param, code}}`; undefined where the body is something else, such as a proxy's page. */
export function apiProblem(body: unknown): ApiProblem | undefined {
  const error = isObject(body) ? body["error"] : undefined;
  if (!isObject(error) || typeof error["message"] !== "string") {
    return undefined;
  }
  const { code, param } = error;
  return {
    message: error["message"],
    code: typeof code === "string" ? code : null,
    param: typeof param === "string" ? param : null,
  };
}

/** The API has too many requests: it did nothing, and says when to come again. */
export function isThrottled(outcome: Outcome): boolean {
  return outcome.kind === "answer" && outcome.status === 429;
}

/** A 408 or a server's error may come after the work was done. A 429 was refused before any. */
export function mayHaveBeenCarriedOut(outcome: Outcome): boolean {
  return outcome.kind === "lost" || (outcome.kind === "answer" && (outcome.status === 408 || outcome.status >= 500));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
