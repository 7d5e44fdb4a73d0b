import { position, type Span } from "../timeline";

export interface Tick {
  /** In per cent of the span. */
  readonly at: number;
  /** `2027`, or `2027-04` within a year. */
  readonly label: string;
}

const STEPS = [1, 2, 3, 6, 12, 24] as const;
const MOST_TICKS = 9;
const MONTHS = 12;

/** Beginnings of months or years (UTC) in a span, at most as many as can be labelled. */
export function ticksOf(span: Span): Tick[] {
  const first = monthOf(span.from) + 1;
  const last = monthOf(span.to);
  const step = STEPS.find((months) => (last - first + 1) / months <= MOST_TICKS) ?? STEPS[STEPS.length - 1] ?? 1;
  const months = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return months
    .filter((month) => month % step === 0)
    .map((month) => ({ at: percent(position(span, beginningOf(month))), label: labelOf(month) }));
}

/** A position of 0 to 1 in per cent, short enough to write. */
export function percent(fraction: number): number {
  return Math.round(fraction * 10_000) / 100;
}

/** Months since the year 0. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * MONTHS + date.getUTCMonth();
}

function beginningOf(month: number): number {
  return Date.UTC(Math.floor(month / MONTHS), month % MONTHS);
}

function labelOf(month: number): string {
  const year = String(Math.floor(month / MONTHS));
  return month % MONTHS === 0 ? year : `${year}-${String((month % MONTHS) + 1).padStart(2, "0")}`;
}
