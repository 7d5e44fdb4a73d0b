import { createHash } from "node:crypto";
import { fingerprint, firstCertificate } from "./certificateText";

/** Which of the emulator's listeners a request came in on: the admin API's, or the one that demands client certificates. */
export type Listener = "admin" | "mtls";

/** One request as it arrived and how it ended. Neither keys nor certificate contents are ever in it. */
export interface RecordedRequest {
  readonly listener: Listener;
  readonly method: string;
  /** The decoded path without `/v1`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON body, if it was JSON; each certificate in it is replaced by its SHA-256 fingerprint. */
  readonly body?: unknown;
  /** The caller's `user-agent` header; this package's names its release. */
  readonly userAgent?: string;
  /** The status that was answered; 0 while there is no answer, and for good where a fault withheld it. */
  status: number;
  /** The error code that was answered. */
  code?: string;
  /** The organization the bearer key selected; undefined where the key was refused. */
  organization?: string;
  /** The kind of fault that was injected. */
  fault?: string;
  /** As answered in `x-request-id`. */
  readonly requestId: string;
  readonly at: Date;
}

/** The requests that could have changed something: all but GET, HEAD and OPTIONS. */
export function writes(requests: readonly RecordedRequest[]): RecordedRequest[] {
  return requests.filter(({ method }) => !["GET", "HEAD", "OPTIONS"].includes(method));
}

/** Appends to the log and keeps it from growing without end: beyond `limit` the oldest tenth is dropped. */
export function record(log: RecordedRequest[], entry: RecordedRequest, limit: number): void {
  if (log.length >= limit) log.splice(0, Math.ceil(limit / 10));
  log.push(entry);
}

/** A body fit for the log: undefined unless it is JSON, and without any PEM text. */
export function loggedBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return withoutPem(JSON.parse(text), 0);
  } catch {
    return undefined;
  }
}

/** Hostile bodies are nested thousands of levels deep; the API's own have three. */
const MAX_DEPTH = 8;

function withoutPem(value: unknown, depth: number, key = ""): unknown {
  if (typeof value === "string") return key === "certificate" || value.includes("-----BEGIN") ? sha256(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => withoutPem(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutPem(item, depth + 1, name)]));
}

function sha256(text: string): string {
  const certificate = firstCertificate(text);
  return certificate ? fingerprint(certificate) : createHash("sha256").update(text).digest("hex");
}
