import { createHash, X509Certificate } from "node:crypto";
import { publicKeyOf } from "../../provider/clients/publicKey";
import { type ParsedCertificate, parseUploaded } from "../../provider/pem";

/** What the certificate behind an id is, read from its content. */
export interface Content extends ParsedCertificate {
  /** Who issued it, in one line like `subject`. */
  readonly issuer: string;
  /** Who stands behind the anchor, in a few words: the subject's common name or organization. */
  readonly authority: string;
  /** SHA-256 of the public key (SPKI), in hex; undefined where the key cannot be read. */
  readonly publicKey: string | undefined;
  /** How many certificates were uploaded under this id; the API uses the first. */
  readonly uploaded: number;
}

/** Reads the certificate that the API uses: the first of the upload. The problem completes "it …" and quotes nothing. */
export function readContent(text: string): Content | { readonly problem: string } {
  const parsed = parseUploaded(text);
  if ("problem" in parsed) return parsed;
  const x509 = new X509Certificate(parsed.certificate.pem);
  const { subject } = parsed.certificate;
  return {
    ...parsed.certificate,
    // Node 20 gives undefined, against its types, for a certificate without an issuer.
    issuer: ((x509.issuer as string | undefined) ?? "").replace(/\n/g, ", "),
    authority: authorityOf(x509) ?? subject,
    publicKey: publicKeyHash(x509),
    uploaded: parsed.uploaded,
  };
}

function authorityOf(x509: X509Certificate): string | undefined {
  // Against Node's types: undefined for an empty subject, and a list where an attribute stands more than once.
  const subject = x509.toLegacyObject().subject as unknown as Record<string, string | string[]> | undefined;
  const found = subject?.["CN"] ?? subject?.["O"] ?? subject?.["OU"];
  return Array.isArray(found) ? found[0] : found;
}

function publicKeyHash(x509: X509Certificate): string | undefined {
  const spki = publicKeyOf(x509)?.export({ type: "spki", format: "der" });
  return spki && createHash("sha256").update(spki).digest("hex");
}
