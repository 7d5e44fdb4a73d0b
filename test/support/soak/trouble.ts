import type { Fault } from "../../../emulator";
import type { Request } from "../../../provider/api/transport";
import type { Random } from "./random";

/** A fault of the emulator, or an answer that never comes: its time limit is real time, so the simulation plays it. */
export type Mishap = Fault | { readonly kind: "silence"; readonly at: "before" | "after" };

const moments = ["before", "after"] as const;
const POLLUTION = JSON.parse('{"__proto__":{"active":true,"data":[]},"constructor":{"prototype":{"id":"cert_evil"}}}');

const BODIES = [null, {}, { object: "list", data: [null], has_more: false }, POLLUTION];

/** A status of failure stands on its own, so its body is left alone. */
function isError(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body;
}

/** What passes by itself; dates are given when a fault is drawn. */
function transient(now: number): Mishap[] {
  return [
    ...moments.flatMap((at): Mishap[] => [
      { kind: "drop", at },
      { kind: "silence", at },
      { kind: "garbage", at },
      { kind: "garbage", at, body: '{"data":"soon"}', contentType: "application/json" },
      ...[408, 500, 502, 503].map((status): Mishap => ({ kind: "status", status, at })),
    ]),
    { kind: "status", status: 429 },
    { kind: "status", status: 429, retryAfter: 2 },
    { kind: "status", status: 429, retryAfter: new Date(now + 3000).toUTCString() },
    { kind: "truncate" },
    { kind: "page", page: "no_cursor" },
    { kind: "page", page: "empty_page" },
    { kind: "page", page: "no_data" },
    ...BODIES.map((answer): Mishap => ({ kind: "body", change: (body) => (isError(body) ? body : answer) })),
  ];
}

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

/** A call of the API has six attempts, an upload five: with so many faults on one and the same request it goes through. */
const MOST_PER_REQUEST = 4;

export interface TroubleOptions {
  /** The share of requests that meet a transient fault. */
  readonly rate?: number;
  /** From this request on (0 is the first) the API is out of order for good. */
  readonly brokenFrom?: number;
  /** From the first request of this kind on, likewise. */
  readonly brokenAt?: "activate" | "deactivate" | "delete";
}

/** Decides what goes wrong with each request of one process. */
export class Trouble {
  private readonly met = new Map<string, number>();
  private readonly broken: Mishap;
  private requests = 0;
  /** How many requests it struck. */
  struck = 0;
  /** Whether the API went out of order for good. */
  permanent = false;

  constructor(
    private readonly chance: Random,
    private readonly options: TroubleOptions,
  ) {
    this.broken = chance.pick(PERMANENT);
  }

  draw({ method, url, body }: Request, now: number): Mishap | undefined {
    const { brokenFrom = Number.POSITIVE_INFINITY, brokenAt } = this.options;
    const kind = method === "DELETE" ? "delete" : url.slice(url.lastIndexOf("/") + 1);
    this.permanent ||= this.requests++ >= brokenFrom || kind === brokenAt;
    const mishap = this.permanent ? this.broken : this.transient(`${method} ${url} ${JSON.stringify(body)}`, now);
    this.struck += mishap === undefined ? 0 : 1;
    return mishap;
  }

  private transient(request: string, now: number): Mishap | undefined {
    const met = this.met.get(request) ?? 0;
    if (met < MOST_PER_REQUEST && this.chance.chance(this.options.rate ?? 0)) {
      this.met.set(request, met + 1);
      return this.chance.pick(transient(now));
    }
    return undefined;
  }
}
