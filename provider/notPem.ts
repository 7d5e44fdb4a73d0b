/** OpenSSL's own form: trust settings follow the certificate, and the API reads neither. */
const TRUSTED = /-----BEGIN TRUSTED CERTIFICATE-----/;
/** PEM that people have at hand and take for a certificate, by its label, and what to do. */
const OTHER_LABELS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/,
    "holds a certificate request, not a certificate: give the certificate that the authority issued",
  ],
  [
    /-----BEGIN (?:PKCS7|CMS)-----/,
    "holds a PKCS #7 bundle, not a certificate: convert it with `openssl pkcs7 -print_certs` and give one certificate",
  ],
  [/-----BEGIN X509 CRL-----/, "holds a revocation list, not a certificate"],
  [/-----BEGIN (?:RSA |EC )?PUBLIC KEY-----/, "holds a public key, not a certificate"],
];

/** A BEGIN or an END line alone is enough: the other one may have been lost on the way here. */
const KEY_LABEL = /-----(?:BEGIN|END)\b[^\n-]*PRIVATE KEY/i;

export function holdsPrivateKey(text: string): boolean {
  return KEY_LABEL.test(withoutZeros(text));
}

/** Every second byte of UTF-16 is zero in plain English text, and stays so when it is read as UTF-8 or Latin-1. */
function withoutZeros(text: string): string {
  return text.replaceAll("\0", "");
}

/** Why a text without a PEM certificate has none, and how to proceed. Repeats none of the text. */
export function whyNoCertificate(text: string): string {
  if (TRUSTED.test(text)) {
    return "holds a TRUSTED CERTIFICATE, a form that only OpenSSL reads: convert it with `openssl x509 -in FILE -out anchor.pem`";
  }
  for (const [label, reason] of OTHER_LABELS) {
    if (label.test(text)) {
      return reason;
    }
  }
  // A DER certificate begins with a SEQUENCE of more than 127 bytes; U+FFFD is what UTF-8 makes of its second byte.
  if (/^0[\x80-\xff\ufffd]/.test(text)) {
    return "is DER, the binary form: convert it with `openssl x509 -inform der -in FILE -out anchor.pem`";
  }
  if (withoutZeros(text).includes("-----BEGIN ") && !text.includes("-----BEGIN ")) {
    return "is UTF-16 text, as Windows PowerShell writes it: save it as UTF-8";
  }
  if (/^\s*MII[A-Za-z0-9+/=\s]+$/.test(text)) {
    return "is base64 without its lines BEGIN CERTIFICATE and END CERTIFICATE: put them back around it";
  }
  // "-----BEGIN " in base64, as a Kubernetes Secret or a CI variable holds a file.
  if (/^\s*LS0tLS1CRUdJTi/.test(text)) {
    return "is base64 around a PEM text: decode it first";
  }
  if (/^\s*[^\n]{1,400}\.(?:pem|crt|cer)\s*$/i.test(text)) {
    return "is the name of a file, not its text: read the file, and give what is in it";
  }
  return "holds no PEM certificate (a block between BEGIN CERTIFICATE and END CERTIFICATE)";
}
