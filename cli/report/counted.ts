import type { ActiveSet } from "./model";

/** `1 anchor`, `2 anchors`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `2 active anchors, the last expires 2027-03-01`. */
export function describeSet({ anchorIds, lastExpiresAt }: ActiveSet): string {
  const anchors = counted(anchorIds.length, "active anchor");
  return lastExpiresAt === null ? anchors : `${anchors}, the last expires ${lastExpiresAt.slice(0, 10)}`;
}
