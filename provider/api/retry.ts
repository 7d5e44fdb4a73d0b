import type { Repeat } from "./operations";
import { isThrottled, mayHaveBeenCarriedOut, type Outcome } from "./outcome";

export interface RetryLimits {
  /** Attempts after the first; those that ended in a 429 do not count. */
  readonly maxRetries: number;
  /** For one call, all attempts and waits together, in milliseconds: what bounds the waiting for 429. */
  readonly overallMs: number;
}

export interface Attempted {
  readonly repeat: Repeat;
  readonly outcome: Outcome;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** How many attempts before this one ended in a 429. */
  readonly throttled: number;
  /** Since the call began, in milliseconds. */
  readonly elapsedMs: number;
  /** Milliseconds since the epoch, for a Retry-After that is a date. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

export type Decision =
  | { readonly next: "done" }
  | { readonly next: "wait"; readonly ms: number }
  /** `because` where it was not for the number of attempts. */
  | { readonly next: "give-up"; readonly because?: string };

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * What to do after an attempt; the whole retry policy, without a clock or a socket in it. A 429 is waited out by time,
 * since it says that the request would be served later; other failures are tried again by count.
 */
export function decide(attempted: Attempted, limits: RetryLimits): Decision {
  const { outcome, attempt } = attempted;
  if (!isTransient(outcome)) {
    return { next: "done" };
  }
  if (attempted.repeat === "unless-lost" && mayHaveBeenCarriedOut(outcome)) {
    return { next: "give-up", because: "it may have been carried out" };
  }
  const counted = attempt - attempted.throttled;
  if (!isThrottled(outcome) && counted > mostRetries(outcome, limits)) {
    return { next: "give-up" };
  }
  const asked = retryAfterMs(outcome, attempted.now);
  const nth = isThrottled(outcome) ? attempted.throttled + 1 : counted;
  const ms = Math.max(asked ?? 0, backoffMs(nth, attempted.random));
  if (attempted.elapsedMs + ms > limits.overallMs) {
    const limit = `one call may take ${limits.overallMs / 1000} s in all`;
    const asks = asked === ms ? `the API asks to wait ${Math.ceil(ms / 1000)} s, and ` : "";
    return { next: "give-up", because: `${asks}${limit}` };
  }
  return { next: "wait", ms };
}

/** Doubling waits, jittered over their upper half so that parallel calls spread out. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return Math.round(full / 2 + (full / 2) * random);
}

/** Retry-After in milliseconds, given in seconds or as an HTTP date; undefined where there is none to understand. */
export function retryAfterMs(outcome: Outcome, now: number): number | undefined {
  const header = "meta" in outcome ? outcome.meta?.retryAfter?.trim() : undefined;
  if (header === undefined || header === "") {
    return undefined;
  }
  if (/^\d+(\.\d+)?$/.test(header)) {
    return Math.ceil(Number(header) * 1000);
  }
  // Date.parse makes a date of almost any text with a number in it; each form of an HTTP date has a time of day.
  const date = /\d\d:\d\d:\d\d/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function mostRetries(outcome: Outcome, { maxRetries }: RetryLimits): number {
  return outcome.kind === "unsent" ? Math.min(outcome.mostRetries ?? maxRetries, maxRetries) : maxRetries;
}

function isTransient(outcome: Outcome): boolean {
  if (outcome.kind === "unsent") {
    return outcome.permanent !== true;
  }
  return outcome.kind === "lost" || outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}
