import { X509Certificate } from "node:crypto";
import { holdsPrivateKey, whyNoCertificate } from "./notPem";

/** One certificate out of a PEM text. */
export interface ParsedCertificate {
  /** Canonical PEM: LF, 64 columns, no text around it. */
  readonly pem: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Distinguished name on one line, most specific part last. */
  readonly subject: string;
  readonly validAt: Date;
  readonly expiresAt: Date;
}

export type ParsedPem = { readonly certificate: ParsedCertificate } | { readonly problem: string };

const BEGIN = /-----BEGIN (?:X509 )?CERTIFICATE-----/;
/** What stands between a BEGIN line, which is cut off already, and its END line. */
const BODY = /^([^-]*)-----END (?:X509 )?CERTIFICATE-----/;

/** "Total certificate size must be less than 16kb", says the vendor's help page on mutual TLS. */
const MAX_BYTES = 16 * 1024;

/**
 * The one certificate of a PEM text, or the reason why there is none to take. Never throws, and a problem never
 * repeats any of the text: it may be a private key.
 */
export function parsePem(text: string): ParsedPem {
  const parsed = parseOne(text);
  if ("certificate" in parsed && parsed.certificate.pem.length >= MAX_BYTES) {
    const kilobytes = (parsed.certificate.pem.length / 1024).toFixed(1);
    return { problem: `is ${kilobytes} kB as PEM; the API takes less than 16 kB` };
  }
  return parsed;
}

/** Whatever its size: what the API holds already has been accepted. */
function parseOne(text: string): ParsedPem {
  if (holdsPrivateKey(text)) {
    return { problem: "holds a private key; give only the certificate, and keep the key away from this program" };
  }
  const [, ...blocks] = text.split(BEGIN);
  const [only] = blocks;
  if (only === undefined) {
    return { problem: whyNoCertificate(text) };
  }
  if (blocks.length > 1) {
    return {
      problem: `holds ${blocks.length} certificates; the API would take the first and ignore the rest: declare one Certificate for each`,
    };
  }
  if (only.split("-----END", 1)[0]?.includes("\\n")) {
    return {
      problem:
        "has the two characters \\n where its line breaks should be, as quoting in JSON or .env files leaves them: turn them into line breaks",
    };
  }
  const body = BODY.exec(only)?.[1];
  return body === undefined
    ? { problem: "is not a readable certificate: its PEM block has no END line, or holds more than base64" }
    : parseBase64(body);
}

const BLOCK = /-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----/g;

/** The certificate behind an id, out of the content that the API holds: of a bundle that was uploaded, it uses the first. */
export function parseUploaded(content: string): ParsedPem & { readonly uploaded: number } {
  const [first = "", ...others] = content.match(BLOCK) ?? [];
  const parsed = parseOne(others.length > 0 ? first : content);
  return { ...parsed, uploaded: first === "" ? 0 : 1 + others.length };
}

function parseBase64(body: string): ParsedPem {
  const base64 = body.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    return { problem: "is not a readable certificate: its PEM block holds more than base64" };
  }
  const der = Buffer.from(base64, "base64");
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch {
    // OpenSSL's own message adds nothing a user could act on, and may quote the content.
    return { problem: "is not a readable certificate: its PEM block does not decode to X.509" };
  }
  if (!x509.raw.equals(der)) {
    return { problem: "is not a readable certificate: bytes follow the certificate inside its PEM block" };
  }
  const validAt = new Date(x509.validFrom);
  const expiresAt = new Date(x509.validTo);
  if (Number.isNaN(validAt.getTime()) || Number.isNaN(expiresAt.getTime())) {
    return { problem: "is not a readable certificate: its validity dates cannot be read" };
  }
  return {
    certificate: {
      pem: canonicalPem(der),
      fingerprint: x509.fingerprint256.replace(/:/g, "").toLowerCase(),
      // Node 20 gives undefined, against its types, for a certificate without a subject.
      subject: ((x509.subject as string | undefined) ?? "").replace(/\n/g, ", "),
      validAt,
      expiresAt,
    },
  };
}

function canonicalPem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
