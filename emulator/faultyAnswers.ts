import { errorBody } from "./errors";
import type { Answer } from "./exchange";
import type { BodyFault, Fault, GarbageFault, LatencyFault, PageFault, StatusFault } from "./faults";

const PROXY_PAGE = "<!doctype html><html><head><title>Please sign in</title></head><body>Network login</body></html>";

/** Whether the operation is carried out even though its answer is withheld or comes late. */
export function commitsFirst(fault: Fault): boolean {
  return "at" in fault && fault.at === "after";
}

/** What stands in for the API's answer. */
export function faultyAnswer(fault: StatusFault | GarbageFault): Answer {
  if (fault.kind === "garbage") {
    return {
      status: fault.status ?? 200,
      body: fault.body ?? PROXY_PAGE,
      contentType: fault.contentType ?? "text/html",
    };
  }
  const { status, code = defaultCode(status), message = `Injected fault: HTTP ${status}.`, retryAfter } = fault;
  return {
    status,
    body: errorBody(status, code, message, null),
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } }),
  };
}

/** The API's answer, with its JSON broken as the fault says; latency leaves it as it is. */
export function changedAnswer(fault: PageFault | BodyFault | LatencyFault, answer: Answer): Answer {
  if (fault.kind === "body") return { ...answer, body: fault.change(answer.body) };
  return fault.kind === "page" ? unpageable(fault, answer) : answer;
}

/** A list broken in one of the ways a client has to notice; any other answer stays as it is. */
function unpageable({ page }: PageFault, answer: Answer): Answer {
  if ((answer.body as { object?: unknown } | null)?.object !== "list") return answer;
  const { data, ...rest } = answer.body as { data: unknown };
  const variants = {
    repeated_cursor: { ...rest, data },
    no_cursor: { ...rest, data, last_id: null },
    empty_page: { ...rest, data: [], first_id: null, last_id: null },
    no_data: rest,
  };
  return { ...answer, body: { ...variants[page], has_more: true } };
}

function defaultCode(status: number): string | null {
  if (status === 429) return "rate_limit_exceeded";
  // The request-side code of the vendor's guide for a dependency that is out for a moment.
  return status === 503 ? "authentication_temporarily_unavailable" : null;
}
