import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** A real trust anchor with the name its subject gives it. */
export interface DemoAnchor {
  readonly name: string;
  readonly pem: string;
}

const A_YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Different real trust anchors out of Node's own list, each valid for at least another year. */
export function demoAnchors(count: number): DemoAnchor[] {
  const anchors = new Map<string, DemoAnchor>();
  for (const pem of rootCertificates) {
    const { subject, validTo } = new X509Certificate(pem);
    const name = /^CN=([ -~]+)$/m
      .exec(subject)?.[1]
      ?.toLowerCase()
      .replace(/[^a-z0-9]+/g, "-");
    if (name !== undefined && !anchors.has(name) && Date.parse(validTo) > Date.now() + A_YEAR_MS) {
      anchors.set(name, { name, pem });
    }
  }
  return [...anchors.values()].slice(0, count);
}
