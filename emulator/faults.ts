import type { Listener } from "./requestLog";

/** Whether a fault strikes instead of the operation, or when it has been carried out: default `before`. */
export interface Moment {
  readonly at?: "before" | "after";
}

/** Another answer than the API's: an error of its shape. `retryAfter` is in seconds, or an HTTP date. */
export interface StatusFault extends Moment {
  readonly kind: "status";
  readonly status: number;
  readonly code?: string | null;
  readonly message?: string;
  readonly retryAfter?: number | string;
}

/** The answer comes late, by `ms` milliseconds. */
export interface LatencyFault extends Moment {
  readonly kind: "latency";
  readonly ms: number;
}

/** The connection is closed without an answer. */
export interface DropFault extends Moment {
  readonly kind: "drop";
}

/** The connection stays open and there is never an answer. */
export interface HangFault extends Moment {
  readonly kind: "hang";
}

/** Something that is not from the API at all, such as a proxy's page: default an HTML page with status 200. */
export interface GarbageFault extends Moment {
  readonly kind: "garbage";
  readonly body?: string;
  readonly status?: number;
  readonly contentType?: string;
}

/** The valid answer, cut short: its Content-Length promises more than arrives before the connection closes. */
export interface TruncateFault {
  readonly kind: "truncate";
}

/**
 * A list that cannot be paged through: `has_more` is true, but there is no cursor (`no_cursor`), the same page comes
 * whatever the cursor (`repeated_cursor`), the page is empty (`empty_page`), or it has no `data` at all (`no_data`).
 */
export interface PageFault {
  readonly kind: "page";
  readonly page: "no_cursor" | "repeated_cursor" | "empty_page" | "no_data";
}

/** Any other change of a valid answer's JSON. */
export interface BodyFault {
  readonly kind: "body";
  readonly change: (body: unknown) => unknown;
}

export type Fault =
  | StatusFault
  | LatencyFault
  | DropFault
  | HangFault
  | GarbageFault
  | TruncateFault
  | PageFault
  | BodyFault;

/** The requests a fault is for; what is left out matches all. */
export interface Match {
  readonly method?: string;
  /** The decoded path without `/v1`. */
  readonly path?: string | RegExp;
  /** Default `admin`. */
  readonly listener?: Listener;
}

/** How often a fault strikes (default once; `Infinity` forever), after how many matching requests it left alone. */
export interface Count {
  readonly times?: number;
  readonly skip?: number;
}

/** Faults at random: the share of matching requests that are struck (0 to 1), reproducible by its seed. */
export interface RandomFaults {
  readonly rate: number;
  readonly seed: number;
  readonly kinds: readonly Fault[];
  readonly match?: Match;
}

type Arrival = Required<Pick<Match, "method" | "listener">> & { readonly path: string };

interface Armed {
  readonly fault: Fault;
  readonly match: Match;
  skip: number;
  times: number;
  struck: boolean;
}

/** The faults an emulator is going to inject. Where several match a request, the one added first strikes. */
export class Faults {
  private armed: Armed[] = [];
  private atRandom: { readonly match: Match; readonly draw: () => Fault | undefined } | undefined;

  /** Arms one fault. */
  add({ match = {}, ...fault }: Fault & { readonly match?: Match & Count }): void {
    this.armed.push({ fault, match, skip: match.skip ?? 0, times: match.times ?? 1, struck: false });
  }

  /** Strikes matching requests at random until `clear`, besides the faults that were added one by one. */
  random({ rate, seed, kinds, match = {} }: RandomFaults): void {
    const next = mulberry32(seed);
    // Both numbers are drawn for every request, so that a request's fate does not depend on the rate of another run.
    const draw = () => {
      const [chance, choice] = [next(), next()];
      return chance < rate ? kinds[Math.floor(choice * kinds.length)] : undefined;
    };
    this.atRandom = { match, draw };
  }

  /** Disarms everything. */
  clear(): void {
    this.armed = [];
    this.atRandom = undefined;
  }

  /** How many added faults have not struck as often as they should (an infinite one: not at all). */
  get pending(): number {
    return this.armed.filter(({ times, struck }) => (times === Infinity ? !struck : times > 0)).length;
  }

  /** The fault that strikes this request, which is thereby used up once. */
  take(arrival: Arrival): Fault | undefined {
    for (const armed of this.armed) {
      if (armed.times <= 0 || !matches(armed.match, arrival)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.times -= 1;
      armed.struck = true;
      return armed.fault;
    }
    return this.atRandom && matches(this.atRandom.match, arrival) ? this.atRandom.draw() : undefined;
  }
}

function matches({ method, path, listener = "admin" }: Match, arrival: Arrival): boolean {
  if (listener !== arrival.listener) return false;
  if (method !== undefined && method.toUpperCase() !== arrival.method) return false;
  // `search`, unlike `test`, is not thrown off by the state of a global expression.
  return path === undefined || (typeof path === "string" ? path === arrival.path : arrival.path.search(path) >= 0);
}

/** The well-known small generator: numbers from 0 up to 1, the same ones for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
