import { existsSync, readFileSync } from "node:fs";
import type { Dispatcher } from "undici";
import { ProviderError } from "../errors";
import { isLoopback, type OrganizationSettings } from "../settings";
import type { AnswerMeta, Outcome } from "./outcome";

const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

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
  return async (request) => {
    const undici = require("undici") as typeof import("undici");
    dispatcher ??= createDispatcher(undici, settings);
    try {
      const response = await undici.request(request.url, {
        method: request.method,
        dispatcher,
        headers: {
          authorization: `Bearer ${settings.adminKey}`,
          accept: "application/json",
          "user-agent": "pulumi-openai-certificates",
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: AbortSignal.timeout(settings.timeoutMs),
      });
      const meta = metaOf(response.headers);
      return await readAnswer(response.statusCode, meta, response.body);
    } catch (error) {
      return failedAttempt(error, settings.timeoutMs);
    }
  };
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
  return { ...(requestId === undefined ? {} : { requestId }), ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Errors that can only occur before a request was written. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** OpenSSL's and Node's codes for a handshake that trust or key material forbids; they do not pass by themselves. */
const TLS_FAILURE = /^ERR_(TLS|SSL|OSSL)_|CERT|UNABLE_TO_|^HOSTNAME_MISMATCH$/;

function failedAttempt(error: unknown, timeoutMs: number): Outcome {
  const { name, code } = error as { name?: string; code?: string };
  if (name === "TimeoutError") {
    return { kind: "lost", reason: `no answer within ${timeoutMs / 1000} s (openai:timeoutSeconds)` };
  }
  if (code === undefined || code === "UND_ERR_INVALID_ARG") {
    throw error;
  }
  if (UNSENT.has(code)) {
    return { kind: "unsent", reason: code };
  }
  if (TLS_FAILURE.test(code)) {
    return { kind: "unsent", reason: code, permanent: true };
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return { kind: "lost", reason: `the answer is larger than ${LARGEST_ANSWER_BYTES / 1024 / 1024} MB` };
  }
  return { kind: "lost", reason: `the connection broke (${code})` };
}

function createDispatcher(undici: typeof import("undici"), settings: OrganizationSettings): Dispatcher {
  const identity =
    settings.clientCertificate === undefined || settings.clientKey === undefined
      ? undefined
      : {
          cert: pemOf("clientCertificate", settings.clientCertificate),
          key: pemOf("clientKey", settings.clientKey),
        };
  const options = {
    allowH2: true,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    ...(identity === undefined ? {} : { connect: identity }),
  };
  const proxied = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].some((name) => process.env[name]);
  if (!proxied || isLoopback(new URL(settings.baseUrl).hostname)) {
    return new undici.Agent(options);
  }
  return new undici.EnvHttpProxyAgent({ ...options, ...(identity === undefined ? {} : { requestTls: identity }) });
}

/** A setting that is PEM text itself or the path of a PEM file, read anew in every run. */
function pemOf(name: string, value: string): string {
  if (value.includes("-----BEGIN")) {
    return value;
  }
  if (!existsSync(value)) {
    throw new ProviderError(`openai:${name}: there is no file ${value}`);
  }
  return readFileSync(value, "utf8");
}
