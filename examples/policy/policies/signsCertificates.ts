import type { ResourceValidationPolicy } from "@pulumi/policy";
import { validateAnchors } from "../anchor";
import { authorityExtensions } from "../extensions";

/** RFC 5280, 4.2.1.3: without keyCertSign, verifiers refuse every certificate that this one has signed. */
export const signsCertificates: ResourceValidationPolicy = {
  name: "signs-certificates",
  description: "A trust anchor's Key Usage, where it has one, includes keyCertSign.",
  enforcementLevel: "mandatory",
  validateResource: validateAnchors((certificate) =>
    authorityExtensions(certificate).maySignCertificates === false
      ? "must not sign certificates (its Key Usage lacks keyCertSign), so it accepts no client: upload the authority's certificate"
      : undefined,
  ),
};
