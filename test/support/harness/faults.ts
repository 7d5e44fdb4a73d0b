import type { Fault } from "../../../emulator";
import type { Random } from "./random";

/** A fault of the emulator, or an answer that never comes: its time limit is real time, so the simulation plays it. */
export type Mishap = Fault | { readonly kind: "silence"; readonly at: "before" | "after" };

const POLLUTION = JSON.parse('{"__proto__":{"active":true,"data":[]},"constructor":{"prototype":{"id":"cert_evil"}}}');

const isError = (body: unknown) => typeof body === "object" && body !== null && "error" in body;

/** What passes by itself. */
export const TRANSIENT: readonly Mishap[] = [
  ...(["before", "after"] as const).flatMap((at): Mishap[] => [
    { kind: "drop", at },
    { kind: "silence", at },
    { kind: "garbage", at },
    { kind: "garbage", at, body: '{"data":"soon"}', contentType: "application/json" },
    ...[408, 500, 502, 503].map((status): Mishap => ({ kind: "status", status, at })),
  ]),
  { kind: "status", status: 429 },
  { kind: "status", status: 429, retryAfter: 2 },
  { kind: "truncate" },
  ...(["no_cursor", "empty_page", "no_data"] as const).map((page): Mishap => ({ kind: "page", page })),
  ...[null, {}, { object: "list", data: [null], has_more: false }, POLLUTION].map(
    // A status of failure stands on its own, so its body is left alone.
    (answer): Mishap => ({ kind: "body", change: (body) => (isError(body) ? body : answer) }),
  ),
];

/** What does not pass: the run has to end with a message. */
const PERMANENT: readonly Mishap[] = [
  { kind: "status", status: 401, code: "invalid_api_key" },
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: 3600 },
  { kind: "status", status: 500 },
  { kind: "status", status: 500, at: "after" },
  { kind: "garbage", at: "after" },
  { kind: "drop", at: "after" },
];

/** A call has more attempts than that: with so many faults on one and the same request it still goes through. */
const MOST_PER_REQUEST = 4;

/** What goes wrong in a run: a share of requests now and then, or all of them for good from one on. */
export interface Trouble {
  readonly rate?: number;
  readonly brokenFrom?: number;
}

/** Decides what goes wrong with each request of one run. */
export class Faults {
  private readonly met = new Map<string, number>();
  private readonly broken: Mishap;
  private requests = 0;

  constructor(
    private readonly chance: Random,
    private readonly trouble: Trouble,
  ) {
    this.broken = chance.pick(PERMANENT);
  }

  /** `request`: what tells one request from another. */
  draw(request: string): Mishap | undefined {
    const { rate = 0, brokenFrom = Number.POSITIVE_INFINITY } = this.trouble;
    if (this.requests++ >= brokenFrom) {
      return this.broken;
    }
    const met = this.met.get(request) ?? 0;
    if (met >= MOST_PER_REQUEST || this.chance.next() >= rate) {
      return undefined;
    }
    this.met.set(request, met + 1);
    return this.chance.pick(TRANSIENT);
  }
}
