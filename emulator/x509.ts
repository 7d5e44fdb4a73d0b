import { isIPv4 } from "node:net";
import type * as Pkijs from "pkijs";

/** An extension to put into a certificate as it stands: dotted object identifier, criticality and the DER of its value. */
export interface RawExtension {
  oid: string;
  critical?: boolean;
  der: Uint8Array;
}

/** What the extensions of one certificate say. Key identifiers are the raw SHA-1 of the public key bits (RFC 5280, 4.2.1.2). */
export interface ExtensionSpec {
  authority?: { pathLength?: number | undefined } | undefined;
  keyUsage: "certificateSigning" | "digitalSignature";
  extendedKeyUsage?: readonly ("clientAuth" | "serverAuth")[] | undefined;
  names?: readonly string[] | undefined;
  ips?: readonly string[] | undefined;
  subjectKeyIdentifier: Uint8Array;
  authorityKeyIdentifier: Uint8Array;
  extra?: readonly RawExtension[] | undefined;
}

/** The extensions every issued certificate carries unless a test leaves one out. */
export type OmittableExtension =
  | "authorityKeyIdentifier"
  | "basicConstraints"
  | "extendedKeyUsage"
  | "keyUsage"
  | "subjectKeyIdentifier";

const USAGE_PURPOSES = { clientAuth: "1.3.6.1.5.5.7.3.2", serverAuth: "1.3.6.1.5.5.7.3.1" } as const;
const COMMON_NAME = Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x03);
const ORGANIZATION = Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x0a);
const EMAIL_ADDRESS = Buffer.from("06092a864886f70d010901", "hex");
const SEQUENCE = 0x30;
const SET = 0x31;
const UTF8_STRING = 0x0c;
const IA5_STRING = 0x16;
const OCTET_STRING = 0x04;

/** One DER value: tag, definite length, content. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const short = body.length < 0x80;
  const length = short
    ? [body.length]
    : body.length < 0x100
      ? [0x81, body.length]
      : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

/** The content bytes of a positive INTEGER given as hexadecimal digits; throws when they are none. */
export function serialBytes(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^[0-9a-f]+$/i.test(hex)) throw new Error(`A serial is written in hexadecimal digits, not "${hex}".`);
  const digits = hex.replace(/^0+(?=.)/, "");
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  // A leading zero keeps a high first bit from reading as a sign. A copy, because pkijs keeps the buffer behind a view.
  return Uint8Array.from((bytes[0] ?? 0) & 0x80 ? [0, ...bytes] : bytes);
}

/** DER of a distinguished name: organization, common name, e-mail address, without those that are empty. */
export function distinguishedName(commonName: string, organization = "", emailAddress = ""): Buffer {
  const attribute = (oid: Uint8Array, tag: number, value: string) =>
    value === "" ? [] : [der(SET, der(SEQUENCE, oid, der(tag, Buffer.from(value, "utf8"))))];
  return der(
    SEQUENCE,
    ...attribute(ORGANIZATION, UTF8_STRING, organization),
    ...attribute(COMMON_NAME, UTF8_STRING, commonName),
    ...attribute(EMAIL_ADDRESS, IA5_STRING, emailAddress),
  );
}

/** The extensions of one certificate, without those a test wants left out. */
export function buildExtensions(
  pkijs: typeof Pkijs,
  spec: ExtensionSpec,
  omit: readonly OmittableExtension[] = [],
): Pkijs.Extension[] {
  const extension = (extnID: string, critical: boolean, value: Uint8Array) =>
    // pkijs keeps the buffer behind a view, so it gets one that holds nothing else.
    new pkijs.Extension({ extnID, critical, extnValue: Uint8Array.from(value).buffer });
  const all: Pkijs.Extension[] = [];
  const add = (name: OmittableExtension, oid: string, critical: boolean, value: Uint8Array) => {
    if (!omit.includes(name)) all.push(extension(oid, critical, value));
  };

  if (spec.authority) {
    const { pathLength } = spec.authority;
    const constraints = new pkijs.BasicConstraints({
      cA: true,
      ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
    });
    add("basicConstraints", "2.5.29.19", true, new Uint8Array(constraints.toSchema().toBER()));
  }
  // BIT STRING: keyCertSign + cRLSign are bits 5 and 6, digitalSignature is bit 0.
  const usage = spec.keyUsage === "certificateSigning" ? [0x03, 0x02, 0x01, 0x06] : [0x03, 0x02, 0x07, 0x80];
  add("keyUsage", "2.5.29.15", true, Uint8Array.from(usage));
  if (spec.extendedKeyUsage?.length) {
    const keyPurposes = spec.extendedKeyUsage.map((purpose) => USAGE_PURPOSES[purpose]);
    const purposes = new pkijs.ExtKeyUsage({ keyPurposes });
    add("extendedKeyUsage", "2.5.29.37", false, new Uint8Array(purposes.toSchema().toBER()));
  }
  add("subjectKeyIdentifier", "2.5.29.14", false, der(OCTET_STRING, spec.subjectKeyIdentifier));
  add("authorityKeyIdentifier", "2.5.29.35", false, der(SEQUENCE, der(0x80, spec.authorityKeyIdentifier)));
  const names = [
    ...(spec.names ?? []).map((name) => der(0x82, Buffer.from(name, "latin1"))),
    ...(spec.ips ?? []).map((ip) => der(0x87, addressBytes(ip))),
  ];
  if (names.length > 0) all.push(extension("2.5.29.17", false, der(SEQUENCE, ...names)));
  for (const extra of spec.extra ?? []) all.push(extension(extra.oid, extra.critical ?? false, extra.der));
  return all;
}

function addressBytes(ip: string): Uint8Array {
  if (isIPv4(ip)) return Uint8Array.from(ip.split("."), Number);
  // The URL parser refuses what is not an address and writes an embedded IPv4 part in hexadecimal groups.
  const [head = "", tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}
