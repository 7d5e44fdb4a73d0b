import type { X509Certificate } from "node:crypto";
import { Certificate } from "pkijs";

/** RFC 5280, 4.2.1 */
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
const KEY_USAGE = "2.5.29.15";
/** Bit 5 of Key Usage, counted from the most significant one. */
const KEY_CERT_SIGN = 0b0000_0100;

/** What verifiers look for in the certificate of an authority. */
export interface AuthorityExtensions {
  /** Undefined where there is no Key Usage: then nothing is forbidden. */
  readonly maySignCertificates: boolean | undefined;
  readonly hasSubjectKeyIdentifier: boolean;
  readonly hasAuthorityKeyIdentifier: boolean;
}

export function authorityExtensions({ raw }: X509Certificate): AuthorityExtensions {
  const { extensions = [] } = Certificate.fromBER(Uint8Array.from(raw));
  const has = (id: string) => extensions.some(({ extnID }) => extnID === id);
  const usage = extensions.find(({ extnID }) => extnID === KEY_USAGE)?.parsedValue as
    | { valueBlock: { valueHexView: Uint8Array } }
    | undefined;
  return {
    maySignCertificates: usage && ((usage.valueBlock.valueHexView[0] ?? 0) & KEY_CERT_SIGN) !== 0,
    hasSubjectKeyIdentifier: has(SUBJECT_KEY_IDENTIFIER),
    hasAuthorityKeyIdentifier: has(AUTHORITY_KEY_IDENTIFIER),
  };
}
