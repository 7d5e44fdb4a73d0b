import { setTimeout as delay } from "node:timers/promises";

/** Time and chance, injected so that tests decide both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects where the run was interrupted, and there is no time to wait. */
  sleep(ms: number): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => delay(ms),
  random: () => Math.random(),
};

export const DAY_MS = 24 * 60 * 60 * 1000;

/** RFC 3339 in UTC, to the second: what outputs and messages show. */
export function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The calendar day in UTC. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
