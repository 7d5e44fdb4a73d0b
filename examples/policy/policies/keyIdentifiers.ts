import type { X509Certificate } from "node:crypto";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { validateAnchors } from "../anchor";
import { authorityExtensions } from "../extensions";

/**
 * The vendor matches a client to its anchor by key identifiers: the anchor needs the one that its clients name, and an
 * intermediate the one of its own issuer, which a root may leave out (RFC 5280, 4.2.1.1). Advisory, because older
 * authorities lack them and may work; make it mandatory for authorities of your own.
 */
export const keyIdentifiers: ResourceValidationPolicy = {
  name: "key-identifiers",
  description: "A trust anchor has the key identifiers by which its clients' certificates are matched to it.",
  enforcementLevel: "advisory",
  validateResource: validateAnchors((certificate) => {
    const lacking = missing(certificate);
    return lacking.length === 0
      ? undefined
      : `has no ${lacking.join(" and no ")}, so it may accept no client: have it issued again with key identifiers`;
  }),
};

function missing(certificate: X509Certificate): string[] {
  const { hasSubjectKeyIdentifier, hasAuthorityKeyIdentifier } = authorityExtensions(certificate);
  const isRoot = certificate.issuer === certificate.subject;
  return [
    ...(hasSubjectKeyIdentifier ? [] : ["Subject Key Identifier"]),
    ...(hasAuthorityKeyIdentifier || isRoot ? [] : ["Authority Key Identifier"]),
  ];
}
