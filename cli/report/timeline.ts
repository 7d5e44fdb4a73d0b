import { DAY_MS } from "../../provider/clock";
import type { AnchorReport, Report } from "./model";

/** The stretch of time that is drawn, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const PAST_DAYS = { least: 90, most: 365 };
const FUTURE_DAYS = { least: 365, most: 5 * 365 };

/**
 * What to draw: enough of the past to see which anchors are new, and the future up to the last expiry. Public authorities
 * are valid for decades, so both are bounded; beyond five years nobody could see thirty days.
 */
export function spanOf({ generatedAt, anchors }: Pick<Report, "generatedAt" | "anchors">): Span {
  const now = Date.parse(generatedAt);
  const times = anchors.flatMap(({ validAt, expiresAt }) => [validAt, expiresAt].filter((time) => time !== null));
  const days = times.map((time) => (Date.parse(time) - now) / DAY_MS);
  const past = bounded(Math.max(0, ...days.map((day) => -day)), PAST_DAYS);
  const future = bounded(Math.max(0, ...days), FUTURE_DAYS);
  return { from: now - past * DAY_MS, to: now + future * DAY_MS };
}

function bounded(days: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(Math.max(days * 1.05, least), most);
}

/** Where a time lies in a span: 0 at its beginning, 1 at its end, beyond both for what lies outside. */
export function position(span: Span, time: number): number {
  return (time - span.from) / (span.to - span.from);
}

/** An anchor's validity in a span, cut to it, and whether it goes on outside. Undefined where dates are unknown. */
export interface Bar {
  readonly start: number;
  readonly end: number;
  readonly before: boolean;
  readonly after: boolean;
}

export function barOf(span: Span, { validAt, expiresAt }: AnchorReport): Bar | undefined {
  if (validAt === null || expiresAt === null) return undefined;
  const [start, end] = [position(span, Date.parse(validAt)), position(span, Date.parse(expiresAt))];
  return { start: clamped(start), end: clamped(end), before: start < 0, after: end > 1 };
}

function clamped(fraction: number): number {
  return Math.min(Math.max(fraction, 0), 1);
}
