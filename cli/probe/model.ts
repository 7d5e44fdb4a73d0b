/* What `probe --json` prints; docs/probe.schema.json documents it. Times are RFC 3339 in UTC. No keys or certificates. */

/** `failed`: it could not be found out; never taken for either of the others. */
export type Result = "accepted" | "refused" | "failed";
export type Expectation = Exclude<Result, "failed">;

export interface ProbeReport {
  readonly schemaVersion: 1;
  readonly probedAt: string;
  /** The URL that was requested. */
  readonly url: string;
  readonly organization: string | null;
  readonly project: string | null;
  readonly clients: readonly ProbedClient[];
}

export interface ProbedClient {
  readonly name: string;
  /** Of the certificate that was presented; null for a client without one. */
  readonly subject: string | null;
  readonly expiresAt: string | null;
  readonly expected: Expectation;
  readonly result: Result;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  /** The API's error code, or the code of the TLS or network error. */
  readonly code: string | null;
  readonly requestId: string | null;
  /** What the result means, in a sentence; null for a client that was accepted. */
  readonly reason: string | null;
  /** What to check; null where there is nothing. */
  readonly check: string | null;
}

/** What came of one request, without what is known about the client beforehand. */
export type Outcome = Pick<ProbedClient, "result" | "status" | "code" | "requestId" | "reason" | "check">;
