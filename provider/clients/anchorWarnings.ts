import { anchorProblems } from "./certificateRules";
import { NotDer } from "./der";
import { factsOf, isSelfIssued } from "./facts";
import { readCertificates } from "./parse";

const CONSEQUENCE = "so as a trust anchor it may accept no client";

/**
 * Why a certificate may accept no client as a trust anchor, whatever it has issued: it is not an authority, must not
 * sign certificates, lacks key identifiers, or has a key or signature that verifiers refuse. Each is the end of a
 * sentence that begins with the certificate; dates are not looked at. Synchronous and cheap: nothing is loaded. Of a
 * bundle the first certificate counts, and what is not a certificate has no warnings: check refuses it.
 *
 * @example anchorWarnings(leafPem) // ["is not a certificate authority (Basic Constraints), so as a trust anchor …"]
 */
export function anchorWarnings(pem: string): string[] {
  const [x509] = readCertificates(pem);
  if (!x509) return [];
  try {
    const facts = factsOf(x509);
    const warnings = anchorProblems(facts, "").map(({ reason }) => reason.trim());
    if (!isSelfIssued(facts) && !facts.authorityKeyIdentifier?.keyIdentifier) {
      warnings.push("has no Authority Key Identifier");
    }
    return warnings.map((warning) => `${warning}, ${CONSEQUENCE}`);
  } catch (error) {
    if (!(error instanceof NotDer)) throw error;
    return [`is not encoded as strictly as TLS verifiers demand (RFC 5280), ${CONSEQUENCE}`];
  }
}
