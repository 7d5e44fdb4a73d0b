import type { ResourceValidationPolicy } from "@pulumi/policy";
import { validateAnchors } from "../anchor";

/**
 * A leaf as an anchor accepts one key for as long as it is valid: no authority can revoke or replace it, and the vendor
 * demands an authority that signs its clients.
 */
export const anchorIsAuthority: ResourceValidationPolicy = {
  name: "anchor-is-authority",
  description: "A trust anchor is the certificate of an authority, not of a client or a server.",
  enforcementLevel: "mandatory",
  validateResource: validateAnchors((certificate) =>
    certificate.ca
      ? undefined
      : "is not the certificate of an authority (Basic Constraints CA:TRUE), so it accepts no client: upload the certificate that issued it",
  ),
};
