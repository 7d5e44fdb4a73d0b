import { ProviderError } from "../errors";
import type { OrganizationSettings } from "../settings";
import { type ApiProblem, apiProblem, mayHaveBeenCarriedOut, type Outcome } from "./outcome";

/** A call of the admin API that did not succeed. */
export class ApiError extends ProviderError {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** The API's error code, e.g. `certificate_in_use`. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** Whether the API answered, in its own error format, a path it knows: other 404s say nothing about a certificate. */
  readonly fromApi: boolean;
  /** Whether the request may have been carried out although no usable answer came. */
  readonly lost: boolean;

  /** `outcome`: of the last attempt. `mayBeDone`: whether an attempt before it may have been carried out. */
  constructor(message: string, outcome: Outcome, mayBeDone = false) {
    super(message);
    this.status = "status" in outcome ? outcome.status : undefined;
    const problem = outcome.kind === "answer" ? apiProblem(outcome.body) : undefined;
    this.code = problem?.code ?? undefined;
    this.requestId = "meta" in outcome ? outcome.meta?.requestId : undefined;
    this.fromApi = problem !== undefined && !isUnknownPath(problem);
    this.lost = mayBeDone || mayHaveBeenCarriedOut(outcome);
  }
}

/**
 * What the API says of a path it does not know, as with a base URL without `/v1`. It is a 404 in the API's own format,
 * with the code `unknown_url` or with none, and must not pass for a certificate that is gone.
 */
function isUnknownPath(problem: ApiProblem): boolean {
  return problem.code === "unknown_url" || /^(Unknown request URL|Invalid URL)\b/.test(problem.message);
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
  /** Set where there could have been a further attempt: it may say why there was none. */
  readonly gaveUp: { readonly because?: string } | undefined;
  /** False where whoever called has to look first, and says so: an upload that may have been carried out. */
  readonly repeatable: boolean;
  /** What the user's settings are called. */
  readonly names: OrganizationSettings["names"];
  /** The advice after a 403: what the admin key has to be allowed to. */
  readonly needs: string;
}

/** One message for a failed call: what was tried, on what, what came back, what to do. */
export function failureMessage(call: FailedCall, outcome: Outcome, clean: (text: string) => string): string {
  const given = gaveUp(call, outcome);
  const request = "meta" in outcome && outcome.meta?.requestId ? ` (request ${clean(outcome.meta.requestId)})` : "";
  if (outcome.kind === "unsent") {
    const advice = outcome.advice ?? `Is ${call.names.baseUrl} right, and this host reachable from here?`;
    return `${call.what}: cannot reach ${call.origin}: ${outcome.reason}.${given} ${advice}`;
  }
  if (outcome.kind === "lost") {
    const status = outcome.status === undefined ? "" : `${outcome.status} `;
    return `${call.what} on ${call.origin}: ${status}${outcome.reason}${request}.${given}`;
  }
  const problem = apiProblem(outcome.body);
  const code = problem?.code ? ` ${clean(problem.code)}` : "";
  const said = problem === undefined ? `an answer that is not the API's, from ${call.origin}` : clean(problem.message);
  const text = `${call.what}: ${outcome.status}${code}: ${said}${/[.!?]$/.test(said) ? "" : "."}${request}${given}`;
  const advice = adviceFor(outcome.status, problem, call);
  return advice === undefined ? text : `${text} ${advice}`;
}

function gaveUp({ attempts, gaveUp: reason, repeatable, names }: FailedCall, outcome: Outcome): string {
  if (reason === undefined) {
    return "";
  }
  const because = reason.because === undefined ? "" : `: ${reason.because}`;
  return ` Gave up after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}${because}.${repeatable ? nextStep(outcome, names) : ""}`;
}

/** What cannot even be sent has advice of its own. */
function nextStep(outcome: Outcome, names: FailedCall["names"]): string {
  if (outcome.kind === "unsent") {
    return "";
  }
  // A success that is not the API's was made, or changed, by somebody on the way.
  return outcome.kind === "lost" && outcome.status !== undefined
    ? ` Does a proxy answer in the API's place? Check ${names.baseUrl} and HTTPS_PROXY.`
    : " Run again later.";
}

function adviceFor(
  status: number,
  problem: ApiProblem | undefined,
  { what, names, needs }: FailedCall,
): string | undefined {
  const code = problem?.code;
  if (code === "certificate_attribute_verification_failed") {
    return `The CEL filter of the anchor rejects ${names.clientCertificate}: use another one, or change the filter in the dashboard.`;
  }
  if (code === "certificate_required" || code === "invalid_certificate" || code === "certificate_verification_failed") {
    return `This host demands a client certificate: set ${names.clientCertificate} and ${names.clientKey} to one that chains to an active anchor.`;
  }
  if (status === 401) {
    return `Check the admin key in ${names.adminKey}.`;
  }
  if (status === 403) {
    return needs;
  }
  if (status === 404 && (problem === undefined || isUnknownPath(problem))) {
    return `Is ${names.baseUrl} right? It ends in /v1.`;
  }
  if (status === 404 && what.startsWith("GET /organization/projects/")) {
    return "Is that the project's id, such as proj_abc, and does the admin key belong to its organization?";
  }
  if (status >= 300 && status < 400) {
    return `Redirects are not followed, so that the admin key goes nowhere else: set ${names.baseUrl} to the final address.`;
  }
  return undefined;
}
