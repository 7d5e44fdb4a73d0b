import type { Certificate, Extension } from "pkijs";

export const OID = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  issuerAltName: "2.5.29.18",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  policyMappings: "2.5.29.33",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
} as const;

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_PURPOSE = "2.5.29.37.0";
// What pkijs or the checks beside it act upon. (CRL distribution points only say where revocations are published.)
const UNDERSTOOD = new Set<string>(Object.values(OID));

/** The bits of a key usage extension, or undefined where there is none. */
export function keyUsage(certificate: Certificate): { digitalSignature: boolean; keyCertSign: boolean } | undefined {
  const bits = octets(certificate, OID.keyUsage)?.[0];
  return bits === undefined ? undefined : { digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0 };
}

export function subjectKeyIdentifier(certificate: Certificate): Uint8Array | undefined {
  return octets(certificate, OID.subjectKeyIdentifier);
}

/** The key identifier form of an Authority Key Identifier; undefined where that form, or all of it, is missing. */
export function authorityKeyIdentifier(certificate: Certificate): Uint8Array | undefined {
  const value = parsedValue<{ keyIdentifier?: OctetLike }>(certificate, OID.authorityKeyIdentifier);
  const bytes = value?.keyIdentifier?.valueBlock.valueHexView;
  return bytes?.length ? bytes : undefined;
}

/** Whether an Extended Key Usage names TLS clients (or, in an authority, any purpose); undefined where there is none. */
export function forTlsClients(certificate: Certificate): { clientAuth: boolean; anyPurpose: boolean } | undefined {
  const purposes = parsedValue<{ keyPurposes: string[] }>(certificate, OID.extendedKeyUsage)?.keyPurposes;
  return purposes && { clientAuth: purposes.includes(CLIENT_AUTH), anyPurpose: purposes.includes(ANY_PURPOSE) };
}

/** Basic constraints with a path length that counts; pkijs keeps one of four bytes and more, no limit at all, as an object. */
export function basicConstraints(
  certificate: Certificate,
): { ca: boolean; pathLength: number | undefined } | undefined {
  const value = parsedValue<{ cA: boolean; pathLenConstraint?: unknown }>(certificate, OID.basicConstraints);
  if (!value) return undefined;
  const { cA: ca, pathLenConstraint: length } = value;
  return { ca, pathLength: typeof length === "number" ? length : undefined };
}

/**
 * Why the extensions of a certificate cannot be relied on, as the end of a sentence; undefined where they can.
 *
 * pkijs 3.4 takes a critical extension it does not know for understood as soon as its value is any ASN.1 at all, never
 * looks at those of the leaf, and reads a known extension with a broken value as an empty one (name constraints that
 * constrain nothing). RFC 5280, 4.2, demands refusal in all three cases.
 */
export function extensionProblem(certificate: Certificate): string | undefined {
  const seen = new Set<string>();
  for (const extension of certificate.extensions ?? []) {
    const { extnID } = extension;
    if (seen.has(extnID)) return `holds the extension ${extnID} twice`;
    seen.add(extnID);
    if (extension.critical && !UNDERSTOOD.has(extnID)) return `holds the unknown critical extension ${extnID}`;
    if (UNDERSTOOD.has(extnID) && isBroken(extension)) return `holds the extension ${extnID} with an unreadable value`;
  }
  return undefined;
}

function isBroken(extension: Extension): boolean {
  try {
    const value = extension.parsedValue as { parsingError?: string } | undefined;
    return value === undefined || value.parsingError !== undefined;
  } catch {
    return true; // pkijs parses when asked for the value, and throws on some that are no ASN.1.
  }
}

/** The value of an extension as pkijs parses it; the caller knows its type by the identifier. */
export function parsedValue<Value>(certificate: Certificate, oid: string): Value | undefined {
  return certificate.extensions?.find((extension) => extension.extnID === oid)?.parsedValue as Value | undefined;
}

interface OctetLike {
  valueBlock: { valueHexView?: Uint8Array };
}

function octets(certificate: Certificate, oid: string): Uint8Array | undefined {
  return parsedValue<OctetLike>(certificate, oid)?.valueBlock.valueHexView;
}
