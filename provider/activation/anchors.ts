import { day } from "../clock";
import { dayOf, named, quotedName } from "../words";
import type { Anchor } from "./plan";
import type { Upload } from "./situation";

/** Whether an anchor can accept anybody at a time (milliseconds since the epoch), by what the API tells of it. */
export function isValid({ validAt, expiresAt }: Anchor, now: number): boolean {
  return (validAt ?? 0) * 1000 <= now && now <= (expiresAt ?? Number.POSITIVE_INFINITY) * 1000;
}

/** `cert_abc "corp-root" (expires 2027-01-01)`; given `now` (milliseconds), also when it does not accept anybody. */
export function describeAnchor(anchor: Anchor, now = 0): string {
  const { validAt, expiresAt } = anchor;
  if (expiresAt === undefined) {
    return named(anchor);
  }
  const early = now > 0 && validAt !== undefined && validAt * 1000 > now ? `not valid before ${dayOf(validAt)}, ` : "";
  const verb = expiresAt * 1000 < now ? "expired" : "expires";
  return `${named(anchor)} (${early}${verb} ${dayOf(expiresAt)})`;
}

/** Several of them, without regard to the time. */
export function describeAnchors(anchors: readonly Anchor[]): string {
  return anchors.map((anchor) => describeAnchor(anchor)).join("; ");
}

/** Whether an anchor that is still to be uploaded can accept anybody at a time (milliseconds since the epoch). */
export function isValidUpload({ validAt, expiresAt }: Upload, now: number): boolean {
  return validAt.getTime() <= now && now <= expiresAt.getTime();
}

/** `"corp-root" (to be created, expires 2027-01-01)`, or also when it does not accept anybody before. */
export function describeUpload({ name, validAt, expiresAt }: Upload, now: number): string {
  const early = validAt.getTime() > now ? `not valid before ${day(validAt)}, ` : "";
  return `${quotedName(name)} (to be created, ${early}expires ${day(expiresAt)})`;
}
