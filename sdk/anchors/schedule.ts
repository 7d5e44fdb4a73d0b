import { day } from "../../provider/clock";
import type { AnchorDates } from "./anchor";

/** An anchor as far as its schedule is concerned. */
export interface Dated extends AnchorDates {
  readonly key: string;
}

/** A day on which the active set changes, and the set before and after. Keys of anchors. */
export interface Step {
  /** `2027-01-31`. */
  readonly on: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What the dates mean on one day. Keys of anchors. */
export interface Schedule {
  /** The day, in UTC. */
  readonly today: string;
  /** Uploaded: every anchor until it retires, so that its upload cannot fail on the day it becomes active. */
  readonly declared: readonly string[];
  /** Of these, the active set. */
  readonly active: readonly string[];
  /** No longer active or uploaded. */
  readonly retired: readonly string[];
}

/**
 * What is uploaded and what is active at a time: an anchor is active while `activateOn` ≤ today < `retireOn`, days in
 * UTC, and gone from `retireOn` on. It depends on nothing else: the same dates give the same answer in every run of a day.
 */
export function schedule(anchors: readonly Dated[], now: Date): Schedule {
  const today = day(now);
  return {
    today,
    declared: keys(anchors.filter((anchor) => !isRetired(anchor, today))),
    active: activeOn(anchors, today),
    retired: keys(anchors.filter((anchor) => isRetired(anchor, today))),
  };
}

/** The changes of the active set by date, past ones too, in order. */
export function steps(anchors: readonly Dated[]): Step[] {
  const dates = anchors.flatMap(({ activateOn, retireOn }) => [activateOn, retireOn]);
  const days = [...new Set(dates.filter((date) => date !== undefined))].sort();
  return days.map((on, index) => ({
    on,
    before: activeOn(anchors, days[index - 1] ?? EARLIER),
    after: activeOn(anchors, on),
  }));
}

/** Before any day that can be written. */
const EARLIER = "";

function activeOn(anchors: readonly Dated[], date: string): string[] {
  return keys(anchors.filter((anchor) => (anchor.activateOn ?? EARLIER) <= date && !isRetired(anchor, date)));
}

function isRetired({ retireOn }: AnchorDates, date: string): boolean {
  return retireOn !== undefined && retireOn <= date;
}

function keys(anchors: readonly Dated[]): string[] {
  return anchors.map(({ key }) => key);
}
