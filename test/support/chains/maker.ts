import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { der } from "../../../emulator/x509";

export type KeyKind = "p256" | "p384" | "ed25519" | "rsa2048" | "rsa1024" | "secp256k1" | "p521";
export type Digest = "sha256" | "sha384" | "sha512" | "sha1" | "md5";

export interface Key {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  readonly spki: Buffer;
  readonly identifier: Buffer;
}

export interface Extension {
  readonly oid: Buffer;
  critical: boolean;
  value: Buffer;
}

/** A certificate before it is signed: everything in it can be spoiled. Names and times are DER. */
export interface Draft {
  version: number;
  serial: Buffer;
  issuer: Buffer;
  subject: Buffer;
  notBefore: Buffer;
  notAfter: Buffer;
  key: Key;
  signer: Key;
  digest: Digest;
  /** The algorithm named outside of the signature; default: the same as inside. */
  outerDigest?: Digest;
  extensions: Extension[];
}

export const SEQUENCE = 0x30;
const RSA_SIGNATURES: Record<Digest, string> = { sha256: "0b", sha384: "0c", sha512: "0d", sha1: "05", md5: "04" };
const ECDSA_SIGNATURES: Record<Exclude<Digest, "md5">, string> = {
  sha256: "06082a8648ce3d040302",
  sha384: "06082a8648ce3d040303",
  sha512: "06082a8648ce3d040304",
  sha1: "06072a8648ce3d0401",
};

export function makeKey(kind: KeyKind): Key {
  const { privateKey, publicKey } = pairOf(kind);
  const spki = publicKey.export({ type: "spki", format: "der" });
  return { kind, privateKey, spki, identifier: createHash("sha1").update(spki).digest() };
}

/** DER of an extension's object identifier under 2.5.29. */
export const standard = (last: number) => Buffer.of(0x06, 0x03, 0x55, 0x1d, last);

export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

const DAY = 24 * 60 * 60 * 1000;
const CLIENT_AUTH = Buffer.from("300a06082b06010505070302", "hex");

/** A certificate as a careful authority would issue it. */
export function certificate(
  subject: Buffer,
  key: Key,
  issuer: Pick<Draft, "subject" | "key"> | undefined,
  ca: boolean,
  now: Date,
): Draft {
  const signer = issuer?.key ?? key;
  const extensions: Extension[] = [
    { oid: standard(14), critical: false, value: der(0x04, key.identifier) },
    { oid: standard(35), critical: false, value: der(SEQUENCE, der(0x80, signer.identifier)) },
    { oid: standard(15), critical: true, value: Buffer.from(ca ? "03020106" : "03020780", "hex") },
    ...(ca
      ? [{ oid: standard(19), critical: true, value: Buffer.from("30030101ff", "hex") }]
      : [{ oid: standard(37), critical: false, value: CLIENT_AUTH }]),
  ];
  return {
    version: 3,
    serial: Buffer.concat([Buffer.of(0x40), key.identifier.subarray(0, 8)]),
    issuer: issuer?.subject ?? subject,
    subject,
    notBefore: time(new Date(now.getTime() - DAY)),
    notAfter: time(new Date(now.getTime() + 30 * DAY)),
    key,
    signer,
    digest: "sha256",
    extensions,
  };
}

/** Signs a draft and answers it as PEM. */
export function pemOf(draft: Draft): string {
  const algorithm = algorithmOf(draft.signer, draft.digest);
  const extensions = draft.extensions.map(({ oid, critical, value }) =>
    der(SEQUENCE, oid, ...(critical ? [Buffer.of(0x01, 0x01, 0xff)] : []), der(0x04, value)),
  );
  const tbs = der(
    SEQUENCE,
    ...(draft.version > 1 ? [der(0xa0, der(0x02, Buffer.of(draft.version - 1)))] : []),
    der(0x02, draft.serial),
    algorithm,
    draft.issuer,
    der(SEQUENCE, draft.notBefore, draft.notAfter),
    draft.subject,
    draft.key.spki,
    ...(extensions.length > 0 ? [der(0xa3, der(SEQUENCE, ...extensions))] : []),
  );
  const digest = draft.signer.kind === "ed25519" ? null : digestFor(draft.signer, draft.digest);
  const signature = sign(digest, tbs, draft.signer.privateKey);
  const outer = algorithmOf(draft.signer, draft.outerDigest ?? draft.digest);
  const certificate = der(SEQUENCE, tbs, outer, der(0x03, Buffer.of(0), signature));
  const lines = certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function algorithmOf(signer: Key, digest: Digest): Buffer {
  if (signer.kind === "ed25519") return Buffer.from("300506032b6570", "hex");
  if (signer.kind.startsWith("rsa")) {
    return Buffer.from(`300d06092a864886f70d0101${RSA_SIGNATURES[digest]}0500`, "hex");
  }
  return der(SEQUENCE, Buffer.from(ECDSA_SIGNATURES[digestFor(signer, digest) as "sha1"], "hex"));
}

/** There is no ECDSA with MD5. */
function digestFor(signer: Key, digest: Digest): Digest {
  return digest === "md5" && !signer.kind.startsWith("rsa") ? "sha1" : digest;
}

function pairOf(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case "ed25519":
      return generateKeyPairSync("ed25519");
    case "rsa2048":
      return generateKeyPairSync("rsa", { modulusLength: 2048 });
    case "rsa1024":
      return generateKeyPairSync("rsa", { modulusLength: 1024 });
    default:
      return generateKeyPairSync("ec", {
        namedCurve: { p256: "P-256", p384: "P-384", p521: "P-521", secp256k1: "secp256k1" }[kind],
      });
  }
}
