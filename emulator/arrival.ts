import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { ApiError } from "./errors";
import { type Listener, loggedBody, type RecordedRequest } from "./requestLog";

/** A request that arrived in full. */
export interface Arrival {
  readonly method: string;
  /** The path as it was sent, without `/v1`; undefined where it does not start with that. */
  readonly rawPath: string | undefined;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: ArrivedBody;
  readonly socket: Socket;
  /** The log's entry, to be completed with what is learned about the request. */
  readonly entry: RecordedRequest;
}

/** The body as text; undefined where it was larger than the emulator takes. */
export type ArrivedBody = string | undefined;

/** Our own limit: a bundle of certificates that is far too long still gets its proper error, a flood does not. */
const MAX_BODY_BYTES = 64 * 1024;

/** The body's text; 413 where it was too large. */
export function bodyText({ body }: Arrival): string {
  if (body !== undefined) return body;
  throw new ApiError(413, "request_too_large", `The request's body is larger than ${MAX_BODY_BYTES / 1024} kB.`);
}

/** Receives a request; undefined when the client went away before it was complete. */
export async function arrival(
  request: IncomingMessage,
  listener: Listener,
  now: () => Date,
): Promise<Arrival | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Read to its end even when it is too large: a client that is still sending would never see the answer.
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return undefined;
    throw error;
  }
  return describe(request, length > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString("utf8"), listener, now);
}

function describe(request: IncomingMessage, body: ArrivedBody, listener: Listener, now: () => Date): Arrival {
  const [pathname = "", ...search] = (request.url ?? "").split("?");
  const query = new URLSearchParams(search.join("?"));
  const rawPath = pathname.startsWith("/v1/") ? pathname.slice("/v1".length) : undefined;
  const method = request.method ?? "GET";
  const logged = loggedBody(body ?? "");
  const userAgent = request.headers["user-agent"];
  const entry: RecordedRequest = {
    listener,
    method,
    path: readable(rawPath ?? pathname),
    query: Object.fromEntries(query),
    ...(logged === undefined ? {} : { body: logged }),
    ...(userAgent === undefined ? {} : { userAgent }),
    status: 0,
    requestId: `req_${randomBytes(12).toString("hex")}`,
    at: now(),
  };
  return { method, rawPath, query, headers: request.headers, body, socket: request.socket, entry };
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
