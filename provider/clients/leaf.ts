import type { Certificate } from "pkijs";
import { day } from "../clock";
import { authorityKeyIdentifier, extensionProblem, forTlsClients, keyUsage, OID, parsedValue } from "./extensions";

/**
 * Why a certificate is no client certificate that the API accepts at `at`, whoever issued it; undefined where it is one.
 * That the Extended Key Usage and the key identifier form of the Authority Key Identifier must be there is the vendor's
 * demand (its mTLS guide), the rest is RFC 5280's. pkijs looks at none of it but the dates.
 */
export function leafProblem(leaf: Certificate, at: Date): string | undefined {
  if (leaf.notAfter.value < at) return `the leaf expired on ${day(leaf.notAfter.value)}`;
  if (leaf.notBefore.value > at) return `the leaf is not valid before ${day(leaf.notBefore.value)}`;
  const broken = extensionProblem(leaf);
  if (broken) return `the leaf ${broken}`;
  const purposes = forTlsClients(leaf);
  if (!purposes)
    return "it is not for TLS clients: it has no Extended Key Usage, and the API demands one with clientAuth";
  if (!purposes.clientAuth) return "it is not for TLS clients: its Extended Key Usage lacks clientAuth";
  if (keyUsage(leaf)?.digitalSignature === false) {
    return "it cannot sign a TLS handshake: its Key Usage lacks digitalSignature";
  }
  if (!authorityKeyIdentifier(leaf)) {
    return parsedValue(leaf, OID.authorityKeyIdentifier)
      ? "its Authority Key Identifier has no key identifier, and the API demands that form"
      : "it has no Authority Key Identifier, and the API demands one";
  }
  return undefined;
}
