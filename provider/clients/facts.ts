import type { X509Certificate } from "node:crypto";
import { type NameConstraints, nameConstraints } from "./constraints";
import { boolean, type Der, isWellFormed, NotDer, natural, oid, only, sequence, TAG, values } from "./der";
import { type Attribute, attributes, FORM, type GeneralName, generalName, generalNames } from "./names";

export const OID = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  policyConstraints: "2.5.29.36",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  netscapeCertType: "2.16.840.1.113730.1.1",
} as const;

const AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";
const CERTIFICATE_POLICIES = "2.5.29.32";

/** Go cannot read a certificate that marks one of them so. */
const NEVER_CRITICAL: readonly string[] = [
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  AUTHORITY_INFORMATION_ACCESS,
];

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Who issued a certificate, as its Authority Key Identifier has it; any part may be missing. */
export interface AuthorityKey {
  readonly keyIdentifier?: Buffer | undefined;
  readonly serial?: Buffer | undefined;
  /** DER of the name of the issuer's own issuer. */
  readonly issuer?: Buffer | undefined;
}

/** What a certificate says. Names are DER: Go and webpki compare them byte by byte. */
export interface Facts {
  readonly x509: X509Certificate;
  readonly version: number;
  readonly serial: Buffer;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly subjectAttributes: readonly Attribute[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DER of the algorithm that signed it; undefined where inside and outside of the signature disagree. */
  readonly signature: Buffer | undefined;
  /** DER of the key's algorithm with its parameters, and the key's bits. */
  readonly keyAlgorithm: Buffer;
  readonly keyBits: Buffer;
  readonly extensions: readonly Extension[];
  readonly subjectKeyIdentifier: Buffer | undefined;
  readonly authorityKeyIdentifier: AuthorityKey | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  /** The first byte of the bits: digitalSignature is 0x80, keyCertSign 0x04. */
  readonly keyUsage: number | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly alternativeNames: readonly GeneralName[] | undefined;
  readonly nameConstraints: NameConstraints | undefined;
}

/** Reads a certificate that OpenSSL has parsed, as strictly as Go and webpki read it. Throws NotDer where they would not take it. */
export function factsOf(x509: X509Certificate): Facts {
  const [tbs, outer] = sequence(x509.raw);
  const fields = values(tbs?.content ?? Buffer.alloc(0));
  const version = fields[0]?.tag === 0xa0 ? natural(only(fields.shift()!.content, TAG.integer)) + 1 : 1;
  const [serial, inner, issuer, validity, subject, key, wrapped, ...more] = fields;
  if (!serial || !inner || !issuer || !validity || !subject || !key || !outer || more.length > 0) throw new NotDer();
  if (wrapped && wrapped.tag !== 0xa3) throw new NotDer();
  natural(serial.content);
  const [notBefore, notAfter] = values(validity.content).map(time);
  const [algorithm, bits] = values(key.content);
  if (!notBefore || !notAfter || !algorithm || bits?.tag !== TAG.bitString) throw new NotDer();
  attributes(issuer.bytes);
  const extensions = wrapped ? sequence(wrapped.content).map(extension) : [];
  const read = <T>(id: string, reader: (value: Buffer) => T): T | undefined => {
    const found = extensions.find((one) => one.oid === id);
    return found && reader(found.value);
  };
  return {
    x509,
    version,
    serial: serial.content,
    issuer: issuer.bytes,
    subject: subject.bytes,
    subjectAttributes: attributes(subject.bytes),
    notBefore,
    notAfter,
    signature: inner.bytes.equals(outer.bytes) ? inner.bytes : undefined,
    keyAlgorithm: algorithm.bytes,
    keyBits: bits.content.subarray(1),
    extensions,
    subjectKeyIdentifier: read(OID.subjectKeyIdentifier, (value) => only(value, TAG.octetString)),
    authorityKeyIdentifier: read(OID.authorityKeyIdentifier, authorityKey),
    basicConstraints: read(OID.basicConstraints, constraints),
    keyUsage: read(OID.keyUsage, usages),
    extendedKeyUsage: read(OID.extendedKeyUsage, (value) => sequence(value).map(({ content }) => oid(content))),
    alternativeNames: read(OID.subjectAltName, generalNames),
    nameConstraints: read(OID.nameConstraints, nameConstraints),
  };
}

export function isSelfIssued({ issuer, subject }: Facts): boolean {
  return issuer.equals(subject);
}

function extension({ content }: Der): Extension {
  const [id, ...rest] = values(content);
  const critical = rest[0]?.tag === TAG.boolean && boolean(rest.shift()!.content);
  const [value, ...more] = rest;
  if (id?.tag !== TAG.oid || value?.tag !== TAG.octetString || more.length > 0) throw new NotDer();
  const identifier = oid(id.content);
  // The standard extensions are read by somebody even where nothing here does: Go refuses a broken policy, for example.
  if (identifier.startsWith("2.5.29.") && !isWellFormed(value.content)) throw new NotDer();
  if (critical && NEVER_CRITICAL.includes(identifier)) throw new NotDer();
  if (identifier === AUTHORITY_INFORMATION_ACCESS) sequence(value.content).forEach(accessDescription);
  if (identifier === CERTIFICATE_POLICIES) policies(value.content);
  return { oid: identifier, critical, value: value.content };
}

/** Nobody follows what it points to; Go refuses a certificate where it cannot be read. */
function accessDescription({ bytes }: Der): void {
  const [method, location, ...more] = sequence(bytes);
  if (method?.tag !== TAG.oid || !location || more.length > 0) throw new NotDer();
  generalName(location);
}

/** Nobody checks them here; Go refuses a certificate that has one twice. */
function policies(value: Buffer): void {
  const ids = sequence(value).map(({ bytes }) => {
    const [id] = sequence(bytes);
    if (id?.tag !== TAG.oid) throw new NotDer();
    return oid(id.content);
  });
  if (new Set(ids).size < ids.length) throw new NotDer();
}

function time({ tag, content }: Der): Date {
  const digits = content.toString("latin1");
  const isUtc = tag === 0x17;
  if (!(isUtc ? /^\d{12}Z$/ : /^\d{14}Z$/).test(digits) || (!isUtc && tag !== 0x18)) throw new NotDer();
  // RFC 5280, 4.1.2.5.1: two digits of a year are 1950 to 2049.
  const full = isUtc ? `${Number(digits.slice(0, 2)) < 50 ? 20 : 19}${digits}` : digits;
  const date = new Date(full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  // A day or an hour that does not exist, such as 30 February or 24:00, would become the next one.
  if (Number.isNaN(date.getTime()) || `${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z` !== full)
    throw new NotDer();
  return date;
}

function authorityKey(value: Buffer): AuthorityKey {
  const parts = sequence(value);
  const part = (tag: number) => parts.find((one) => one.tag === tag)?.content;
  const issuer = part(0xa1);
  const directory = issuer && values(issuer).find(({ tag }) => tag === (0xa0 | FORM.directory));
  return { keyIdentifier: part(0x80), serial: part(0x82), issuer: directory?.content };
}

/** Go refuses a bit where only padding may be. */
function usages(value: Buffer): number {
  const [unused = 8, ...bytes] = only(value, TAG.bitString);
  if (unused > 7 || ((bytes.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0) throw new NotDer();
  return bytes[0] ?? 0;
}

function constraints(value: Buffer): NonNullable<Facts["basicConstraints"]> {
  const parts = sequence(value);
  const ca = parts[0]?.tag === TAG.boolean && boolean(parts.shift()!.content);
  const [length, ...more] = parts;
  if ((length && length.tag !== TAG.integer) || more.length > 0) throw new NotDer();
  return { ca, pathLength: length && natural(length.content) };
}
