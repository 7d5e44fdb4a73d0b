import { setImmediate as nextTurn } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { isLoopback, type OrganizationSettings } from "../settings";
import { createDispatcher } from "./dispatcher";
import type { AnswerMeta, Outcome } from "./outcome";
import { ProxyFailure } from "./proxyFailure";
import { undiciCore } from "./undici";

export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly body?: unknown;
}

/** One attempt over HTTP. Never throws for what the network or the other side does: that is the outcome. */
export type Transport = (request: Request) => Promise<Outcome>;

/** A transport on undici with kept-alive connections, loaded at the first call: most resources never make one. */
export function httpTransport(settings: OrganizationSettings): Transport {
  let dispatcher: Dispatcher | undefined;
  let everAnswered = false;
  return async (request) => {
    dispatcher ??= createDispatcher(settings);
    const { origin, pathname, search } = new URL(request.url);
    try {
      const response = await undiciCore().request.call(dispatcher, {
        origin,
        path: pathname + search,
        method: request.method,
        headers: {
          authorization: `Bearer ${settings.adminKey}`,
          accept: "application/json",
          "user-agent": userAgent(),
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: AbortSignal.timeout(settings.timeoutMs),
      });
      everAnswered = true;
      const outcome = await readAnswer(response.statusCode, metaOf(response.headers), response.body);
      // undici frees a connection in the turn after its answer; a call made before that would open another one.
      await nextTurn();
      return outcome;
    } catch (error) {
      return failedAttempt(error, { ...settings, everAnswered });
    }
  };
}

/** Which release called, for whoever reads the API's log; nothing about the machine. */
function userAgent(): string {
  const { name, version } = require("pulumi-openai-certificates/package.json") as { name: string; version: string };
  return `${name}/${version}`;
}

async function readAnswer(status: number, meta: AnswerMeta, body: { text(): Promise<string> }): Promise<Outcome> {
  const text = await body.text();
  try {
    return { kind: "answer", status, meta, body: JSON.parse(text) };
  } catch {
    // A status of failure stands on its own; only a success without JSON leaves open what happened.
    return status >= 300
      ? { kind: "answer", status, meta, body: undefined }
      : { kind: "lost", status, meta, reason: "the answer is not JSON" };
  }
}

function metaOf(headers: Record<string, string | string[] | undefined>): AnswerMeta {
  const one = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const requestId = one("x-request-id");
  const retryAfter = one("retry-after");
  const organizationId = one("openai-organization");
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    // It goes into state and into messages: what could not be an organization's name is taken for no header at all.
    ...(organizationId !== undefined && /^[\x21-\x7e]{1,200}$/.test(organizationId) ? { organizationId } : {}),
  };
}

/** Errors of making a connection, before any request was written. */
const UNSENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

type Names = OrganizationSettings["names"];

/** Handshakes that trust or key material forbids, by OpenSSL's and Node's codes, and what to do; they do not pass by themselves. */
const TLS_FAILURES: readonly (readonly [RegExp, (names: Names) => string])[] = [
  [
    /^ERR_OSSL_/,
    ({ clientCertificate, clientKey }) =>
      `Are ${clientCertificate} and ${clientKey} PEM without a passphrase, and do they belong together?`,
  ],
  // The exceptions may break a connection that was working.
  [
    /^ERR_SSL_(?!.*(?:INTERNAL_ERROR|RECORD_MAC|DECRYPT|EOF))/,
    ({ baseUrl, clientCertificate, clientKey }) =>
      `Is ${baseUrl} right, and does this host demand a client certificate: ${clientCertificate}, ${clientKey}?`,
  ],
  [
    /CERT|CRL|^UNABLE_TO_|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/,
    () => "If a private authority issued this host's certificate, set NODE_EXTRA_CA_CERTS to that authority's file.",
  ],
];

interface Attempt extends OrganizationSettings {
  /** Whether this host has answered any request so far. */
  readonly everAnswered: boolean;
}

interface SocketError {
  readonly name?: string;
  readonly code?: string;
  readonly syscall?: string;
  /** Where a host has several addresses, the error of each. */
  readonly errors?: readonly SocketError[];
}

/** Linux may report the same of a connection that was working (`read`, `write`), after the request was written. */
function isOfConnecting({ syscall, errors }: SocketError): boolean {
  return errors === undefined ? syscall === "connect" || syscall === "getaddrinfo" : errors.every(isOfConnecting);
}

function failedAttempt(error: unknown, attempt: Attempt): Outcome {
  if (error instanceof ProxyFailure) {
    const { message, permanent } = error;
    return { kind: "unsent", reason: message, permanent, advice: "Are HTTPS_PROXY and NO_PROXY right?" };
  }
  const { name, code } = error as SocketError;
  if (name === "TimeoutError") {
    return { kind: "lost", reason: `no answer within ${attempt.timeoutMs / 1000} s (${attempt.names.timeoutSeconds})` };
  }
  if (name === "HTTPParserError") {
    return { kind: "lost", reason: "the answer is not HTTP" };
  }
  if (code === undefined || code === "UND_ERR_INVALID_ARG") {
    throw error;
  }
  const isUnsent = code === "UND_ERR_CONNECT_TIMEOUT" || (UNSENT.has(code) && isOfConnecting(error as SocketError));
  if (isUnsent && code === "ECONNREFUSED" && !attempt.everAnswered && isLoopback(new URL(attempt.baseUrl).hostname)) {
    return { kind: "unsent", reason: code, mostRetries: 1, advice: emulatorAdvice(attempt.names) };
  }
  if (isUnsent) {
    return { kind: "unsent", reason: code };
  }
  const advice = TLS_FAILURES.find(([codes]) => codes.test(code))?.[1](attempt.names);
  if (advice !== undefined) {
    return { kind: "unsent", reason: code, permanent: true, advice };
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return { kind: "lost", reason: "the answer is larger than 4 MB" };
  }
  return { kind: "lost", reason: `the connection broke (${code})${silentRefusal(attempt)}` };
}

/** Nothing listens on this machine's port, and has not in this run: waiting for it would only hold the user up. */
function emulatorAdvice({ baseUrl }: Names): string {
  return `Is the emulator running there? Start it with \`openai-certificates emulator\`, or correct ${baseUrl}.`;
}

/** Where TLS 1.3 refuses a client, undici tells only that the connection was closed. */
function silentRefusal({ baseUrl, clientCertificate, everAnswered, names }: Attempt): string {
  if (everAnswered || !baseUrl.startsWith("https:")) {
    return "";
  }
  return clientCertificate === undefined
    ? `, as it does where a host demands a client certificate: ${names.clientCertificate}, ${names.clientKey}`
    : `, as it does where a host does not accept ${names.clientCertificate}`;
}
