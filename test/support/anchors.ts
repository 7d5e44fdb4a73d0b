import { X509Certificate } from "node:crypto";
import tls from "node:tls";

const SAFE_DAYS = 400;

/** Real trust anchors out of Node's own list, all valid for more than a year; `count` different ones, always the same. */
export function realAnchors(count: number): string[] {
  const until = Date.now() + SAFE_DAYS * 24 * 60 * 60 * 1000;
  const valid = tls.rootCertificates.filter((pem) => Date.parse(new X509Certificate(pem).validTo) > until);
  if (valid.length < count) {
    throw new Error(`only ${valid.length} of Node's trust anchors are valid for ${SAFE_DAYS} days`);
  }
  return valid.slice(0, count);
}

export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replace(/:/g, "").toLowerCase();
}
