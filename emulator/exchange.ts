import type { RequestListener, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Arrival, arrival } from "./arrival";
import { ApiError, errorBody } from "./errors";
import type { Faults } from "./faults";
import { changedAnswer, commitsFirst, faultyAnswer } from "./faultyAnswers";
import { type Listener, type RecordedRequest, record } from "./requestLog";

/** What is sent back: `body` becomes JSON unless it is a text with a content type of its own. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

/** Answers the JSON of a 200, or throws the ApiError of anything else. */
export type Respond = (arrived: Arrival) => unknown;

export interface ExchangeContext {
  readonly listener: Listener;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  readonly maxRequests: number;
  readonly now: () => Date;
  /** What `openai-organization` says of an organization, by its name; undefined leaves the header out. */
  readonly organizationId: (name: string) => string | undefined;
  /** Aborted when the emulator is closed. */
  readonly closing: AbortSignal;
}

/** The date of the API's version, as the vendor sends it with every answer. */
const API_VERSION = "2020-10-01";

/** The listener for one server: receives, records, injects faults, answers. */
export function exchange(context: ExchangeContext, respond: Respond): RequestListener {
  return (request, response) => {
    arrival(request, context.listener, context.now)
      // Nothing arrived where the client went away before its request was complete: there is nobody to answer.
      .then((arrived) => arrived && handle(context, respond, arrived, response))
      .catch((error: Error) => response.destroy(error));
  };
}

async function handle(
  context: ExchangeContext,
  respond: Respond,
  arrived: Arrival,
  response: ServerResponse,
): Promise<void> {
  const { requests, maxRequests, faults, closing } = context;
  const { entry } = arrived;
  record(requests, entry, maxRequests);
  const fault = faults.take(entry);
  if (!fault) return send(context, arrived, response, answered(respond, arrived));

  entry.fault = fault.kind;
  if (fault.kind === "page" && fault.page === "repeated_cursor") arrived.query.delete("after");
  const committed = commitsFirst(fault) ? answered(respond, arrived) : undefined;
  switch (fault.kind) {
    case "hang":
      return;
    case "drop":
      arrived.socket.destroy();
      return;
    case "status":
    case "garbage":
      return send(context, arrived, response, faultyAnswer(fault));
    case "latency":
      if (!(await waited(fault.ms, closing))) return;
  }
  const whole = committed ?? answered(respond, arrived);
  if (fault.kind === "truncate") return sendHalf(context, arrived, response, whole);
  send(context, arrived, response, changedAnswer(fault, whole));
}

function answered(respond: Respond, arrived: Arrival): Answer {
  try {
    return { status: 200, body: respond(arrived) };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Answer {
  if (error instanceof ApiError) {
    const { status, code, message, param, headers } = error;
    return { status, headers, body: errorBody(status, code, message, param) };
  }
  const message = `The emulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 500, body: errorBody(500, "internal_error", message, null) };
}

function send(context: ExchangeContext, arrived: Arrival, response: ServerResponse, answer: Answer): void {
  const payload = prepare(context, arrived, response, answer);
  response.end(payload);
}

/** Promises the whole answer, sends the first half and closes the connection. */
function sendHalf(context: ExchangeContext, arrived: Arrival, response: ServerResponse, answer: Answer): void {
  const payload = prepare(context, arrived, response, answer);
  response.write(payload.subarray(0, Math.floor(payload.length / 2)), () => arrived.socket.destroy());
}

/** Writes the head of an answer, notes in the log how the request ended, and returns the payload. */
function prepare(
  { organizationId }: ExchangeContext,
  { entry }: Arrival,
  response: ServerResponse,
  answer: Answer,
): Buffer {
  const { status, body, headers, contentType } = answer;
  const payload = Buffer.from(contentType === undefined ? JSON.stringify(body) : String(body));
  entry.status = status;
  const code = (body as { error?: { code?: unknown } } | null)?.error?.code;
  if (typeof code === "string") entry.code = code;
  // A page in the API's place knows no organization, and neither does the API where it refuses the key.
  const organization =
    contentType === undefined && entry.organization !== undefined ? organizationId(entry.organization) : undefined;
  response.writeHead(status, {
    "content-type": contentType ?? "application/json",
    "content-length": payload.length,
    "x-request-id": entry.requestId,
    "openai-version": API_VERSION,
    ...(organization === undefined ? {} : { "openai-organization": organization }),
    ...headers,
  });
  return payload;
}

/** Waits however long the client does; false if the emulator is closed meanwhile. */
async function waited(ms: number, closing: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: closing });
    return true;
  } catch (error) {
    if (closing.aborted) return false;
    throw error;
  }
}
