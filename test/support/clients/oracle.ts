import type { X509Certificate } from "node:crypto";
import { validity } from "../../../emulator/certificateText";
import { extension, firstInteger } from "./oracleDer";

/** How a client's certificates fare against the active trust anchors; the codes are those of the vendor's guide. */
export type Verdict = "accepted" | "certificate_required" | "invalid_certificate" | "certificate_verification_failed";

const AUTHORITY_KEY_IDENTIFIER = Buffer.from("551d23", "hex");
const BASIC_CONSTRAINTS = Buffer.from("551d13", "hex");
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_USAGE = "2.5.29.37.0";
/** Signatures to check for one client: cross-signed intermediates could otherwise be combined without end. */
const MAX_SIGNATURES = 200;

/**
 * Judges the certificates a client presented (leaf first, the others in any order) against anchors, at a time.
 * A path is one of RFC 5280: names, signatures, validity, CA flag, path length and usage; no revocation, and nothing
 * is fetched. Name constraints and policies are not looked at.
 */
export function judge(presented: readonly X509Certificate[], anchors: readonly X509Certificate[], now: Date): Verdict {
  const [leaf, ...intermediates] = presented;
  if (!leaf) return "certificate_required";
  const usable = isUsable(leaf, now) && extension(leaf.raw, AUTHORITY_KEY_IDENTIFIER) !== undefined;
  if (!usable) return "invalid_certificate";
  const search: Search = { anchors, now, signatures: MAX_SIGNATURES };
  return reachesAnchor(leaf, intermediates, 0, search) ? "accepted" : "certificate_verification_failed";
}

interface Search {
  readonly anchors: readonly X509Certificate[];
  readonly now: Date;
  signatures: number;
}

/** Whether a path leads from a certificate to an anchor. `below`: the authorities that are on the path already. */
function reachesAnchor(
  certificate: X509Certificate,
  intermediates: readonly X509Certificate[],
  below: number,
  search: Search,
): boolean {
  if (search.anchors.some((anchor) => hasIssued(anchor, certificate, below, search))) return true;
  return intermediates.some(
    (issuer) =>
      hasIssued(issuer, certificate, below, search) &&
      reachesAnchor(issuer, without(intermediates, issuer), below + 1, search),
  );
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate, below: number, search: Search): boolean {
  if (!certificate.checkIssued(issuer)) return false;
  if (!issuer.ca || !isUsable(issuer, search.now) || below > pathLength(issuer)) return false;
  search.signatures -= 1;
  return search.signatures >= 0 && certificate.verify(issuer.publicKey);
}

/** Valid at the time and not barred from TLS client authentication. */
function isUsable(certificate: X509Certificate, now: Date): boolean {
  const { from, to } = validity(certificate);
  // Node calls the extended key usage `keyUsage`; without that extension a certificate is good for any use.
  const usages: readonly string[] | undefined = certificate.keyUsage;
  const mayAuthenticate = !usages || usages.includes(CLIENT_AUTH) || usages.includes(ANY_USAGE);
  return mayAuthenticate && from <= now.getTime() && now.getTime() <= to;
}

function pathLength(authority: X509Certificate): number {
  const constraints = extension(authority.raw, BASIC_CONSTRAINTS);
  return (constraints && firstInteger(constraints)) ?? Number.POSITIVE_INFINITY;
}

function without<T>(items: readonly T[], item: T): T[] {
  return items.filter((other) => other !== item);
}
