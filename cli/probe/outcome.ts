import type { Outcome } from "./model";

/** An answer over HTTP: its status, and what its body says in the API's error format. */
export interface Answer {
  readonly status: number;
  readonly requestId: string | null;
  /** Whether the body is the list of models that was asked for. */
  readonly isModelList: boolean;
  readonly code: string | null;
  /** The API's own message, cleaned of anything secret. */
  readonly message: string | null;
}

const RETRY = "Run the probe again later.";

/** The codes that say what became of the client's certificate, with what to check. */
const REFUSALS: Readonly<Record<string, string>> = {
  certificate_required:
    "An anchor is active for this request, and no client certificate arrived. Does the client send one? Does a proxy or load balancer in between end its TLS connection?",
  invalid_certificate:
    "The client's own certificate cannot be decoded or has no Authority Key Identifier: issue it again with one.",
  certificate_verification_failed:
    "No active anchor accepts it: is its issuer's anchor active for this request (`openai-certificates report`), are all intermediates in the chain file after the client's certificate, and is every certificate valid now and fit for TLS clients?",
  certificate_attribute_verification_failed:
    "An active anchor matches, but the CEL filter attached to it rejects this certificate's subject or names: compare the filter in the dashboard.",
};

/** What an answer says about the client. An answer about anything else, such as the API key, is not taken for either. */
export function judge({ status, requestId, isModelList, code, message }: Answer): Outcome {
  const about = { status, code, requestId };
  if (status === 200 && isModelList) return { ...about, result: "accepted", reason: null, check: null };
  const said = message ?? "the answer is not the API's";
  const refusal = code === null || status < 400 || status >= 500 ? undefined : REFUSALS[code];
  if (refusal !== undefined) return { ...about, result: "refused", reason: said, check: refusal };
  return { ...about, result: "failed", reason: said, check: adviceFor(status, code) };
}

function adviceFor(status: number, code: string | null): string {
  if (code === null) return "Is --host right? Does a proxy answer in the API's place?";
  if (status === 401) return "Is OPENAI_API_KEY a valid key of this organization, and --organization right?";
  if (status === 403)
    return "The key in OPENAI_API_KEY needs permission to list models; with --project, in that project.";
  if (status === 404) return "Are --host and --project right?";
  return RETRY;
}

/** Alerts with which a server refuses a client's certificate in the handshake (RFC 8446, 6.2), by OpenSSL's names. */
const CERTIFICATE_ALERT =
  /ALERT_(?:CERTIFICATE_(?:REQUIRED|EXPIRED|REVOKED|UNKNOWN)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|NO_CERTIFICATE)/;
/** Reasons for which this side does not trust the host. */
const UNTRUSTED_HOST = /CERT|^UNABLE_TO_|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/;

/** What it says about the client that no answer came. */
export function judgeFailure(code: string, timeoutSeconds: number): Outcome {
  const about = { status: null, code, requestId: null };
  if (CERTIFICATE_ALERT.test(code)) {
    return {
      ...about,
      result: "refused",
      reason: "the host refused the client's certificate in the TLS handshake",
      check:
        "Is this an mTLS host of the API? Those answer with an error code instead. If it is, check the chain file.",
    };
  }
  if (code === "ETIMEDOUT") {
    const reason = `no answer within ${timeoutSeconds} s (--timeout)`;
    return {
      ...about,
      result: "failed",
      reason,
      check: "Is the host reachable from here, directly or through HTTPS_PROXY?",
    };
  }
  if (UNTRUSTED_HOST.test(code)) {
    const check =
      "Is --host right? If a private authority issued this host's certificate, set NODE_EXTRA_CA_CERTS to that authority's file.";
    return { ...about, result: "failed", reason: "the host's own certificate is not trusted here", check };
  }
  const check =
    "Is --host right, and reachable from here, directly or through HTTPS_PROXY? A host that refuses a client in the TLS handshake may look like this too.";
  return { ...about, result: "failed", reason: "could not connect to the host, or the connection broke", check };
}
