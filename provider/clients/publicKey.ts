import type { X509Certificate } from "node:crypto";

/** OpenSSL reads a certificate whose key it cannot read, such as an RSA key that is no number, and throws for the key alone. */
export function publicKeyOf(x509: X509Certificate): X509Certificate["publicKey"] | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}
