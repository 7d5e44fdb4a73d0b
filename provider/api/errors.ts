import { ProviderError } from "../errors";
import { apiProblem, type Outcome } from "./outcome";

/** A call of the admin API that did not succeed. */
export class ApiError extends ProviderError {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The API's error code, e.g. `certificate_in_use`. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** Whether the API answered in its own error format: a proxy's 404 page says nothing about a certificate. */
  readonly fromApi: boolean;
  /** Whether the request may have been carried out although no usable answer came. */
  readonly lost: boolean;

  constructor(message: string, outcome: Outcome) {
    super(message);
    this.status = "status" in outcome ? outcome.status : undefined;
    const problem = outcome.kind === "answer" ? apiProblem(outcome.body) : undefined;
    this.code = problem?.code ?? undefined;
    this.requestId = "meta" in outcome ? outcome.meta?.requestId : undefined;
    this.fromApi = problem !== undefined;
    this.lost = outcome.kind === "lost" || (outcome.kind === "answer" && outcome.status >= 500);
  }
}

/** The API itself says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.fromApi;
}

export interface FailedCall {
  /** e.g. `POST /organization/certificates/cert_abc`. */
  readonly what: string;
  /** Scheme, host and port called. */
  readonly origin: string;
  readonly attempts: number;
  /** Why there was no further attempt, where there could have been one. */
  readonly because: string | undefined;
}

/** One message for a failed call: what was tried, on what, what came back, what to do. */
export function failureMessage(call: FailedCall, outcome: Outcome, clean: (text: string) => string): string {
  const given = call.because === undefined ? "" : ` Gave up: ${call.because}.`;
  const request = "meta" in outcome && outcome.meta?.requestId ? ` (request ${clean(outcome.meta.requestId)})` : "";
  if (outcome.kind === "unsent") {
    return `${call.what}: cannot reach ${call.origin}: ${outcome.reason}.${given} Is openai:baseUrl right, and this host reachable from here?`;
  }
  if (outcome.kind === "lost") {
    const status = outcome.status === undefined ? "" : `${outcome.status} `;
    return `${call.what} on ${call.origin}: ${status}${outcome.reason}${request}.${given}`;
  }
  const problem = apiProblem(outcome.body);
  const code = problem?.code ? ` ${clean(problem.code)}` : "";
  const said = problem === undefined ? "an answer that is not the API's" : clean(problem.message);
  const text = `${call.what}: ${outcome.status}${code}: ${said}${/[.!?]$/.test(said) ? "" : "."}${request}${given}`;
  const advice = adviceFor(outcome.status, problem?.code ?? undefined);
  return advice === undefined ? text : `${text} ${advice}`;
}

function adviceFor(status: number, code: string | undefined): string | undefined {
  if (code === "certificate_required" || code === "invalid_certificate" || code === "certificate_verification_failed") {
    return "This host demands a client certificate: set openai:clientCertificate and openai:clientKey to one that chains to an active anchor.";
  }
  if (status === 401) {
    return "Check the admin key: stack config openai:adminKey (secret) or OPENAI_ADMIN_KEY.";
  }
  if (status === 403) {
    return "The admin key needs the permissions api.mtls.read and api.mtls.write.";
  }
  if (status >= 300 && status < 400) {
    return "Redirects are not followed, so that the admin key goes nowhere else: set openai:baseUrl to the final address.";
  }
  return undefined;
}
