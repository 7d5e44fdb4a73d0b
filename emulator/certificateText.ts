import { X509Certificate } from "node:crypto";
import { ApiError } from "./errors";

const DAY_MS = 24 * 60 * 60 * 1000;
/** "Total certificate size must be less than 16kb", says the vendor's help page on mutual TLS. */
const MAX_BYTES = 16 * 1024;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/;

/** What the API keeps of an upload's text. Times are Unix seconds; the fingerprint is SHA-256 of the DER in hex. */
export interface CertificateFacts {
  readonly validAt: number;
  readonly expiresAt: number;
  readonly fingerprint: string;
}

/** The first certificate of a PEM text, which is the only one of a bundle that the API uses; undefined without one. */
export function firstCertificate(text: string): X509Certificate | undefined {
  const pem = PEM_CERTIFICATE.exec(text)?.[0];
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** SHA-256 of the DER, lower-case hex without colons. */
export function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}

/** The milliseconds between which a certificate is valid. */
export function validity(certificate: X509Certificate): { readonly from: number; readonly to: number } {
  return { from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) };
}

/** Accepts an upload's text as the API does, or throws the ApiError it answers. A start in the future is accepted. */
export function acceptCertificate(text: string, now: Date): CertificateFacts {
  if (Buffer.byteLength(text) >= MAX_BYTES) throw invalid("it is not smaller than 16 kB");
  // Our own rule: the emulator's state file must never come to hold a private key.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw invalid("it contains a private key");
  const certificate = firstCertificate(text);
  if (!certificate) throw invalid("it does not contain a readable PEM certificate");
  const { from, to } = validity(certificate);
  if (to - now.getTime() <= DAY_MS) {
    throw new ApiError(
      400,
      "expired_certificate",
      "The certificate has expired or expires within one day.",
      "certificate",
    );
  }
  return { validAt: from / 1000, expiresAt: to / 1000, fingerprint: fingerprint(certificate) };
}

function invalid(why: string): ApiError {
  return new ApiError(400, "mtls_certificate_invalid", `The certificate was not accepted: ${why}.`, "certificate");
}
