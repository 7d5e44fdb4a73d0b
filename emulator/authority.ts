import { createHash, generateKeyPair, type KeyObject, randomBytes, sign as signBytes } from "node:crypto";
import { promisify } from "node:util";
import type * as Pkijs from "pkijs";
import {
  buildExtensions,
  distinguishedName,
  type ExtensionSpec,
  type OmittableExtension,
  type RawExtension,
  serialBytes,
} from "./x509";

export type KeyAlgorithm = "ecdsa-p256" | "ed25519" | "rsa-2048";

/** What every issued certificate can be told. Dates default to "since yesterday"; `serial` is hexadecimal, default random. */
export interface CertificateOptions {
  commonName?: string;
  organization?: string;
  emailAddress?: string;
  notBefore?: Date;
  notAfter?: Date;
  algorithm?: KeyAlgorithm;
  serial?: string;
  /** Extensions to leave out, to see what refuses such a certificate. */
  omit?: OmittableExtension[];
  /** Extensions to put in as they stand. */
  extensions?: RawExtension[];
}

/** Options of a certificate authority; valid for ten years unless `notAfter` says otherwise. */
export interface AuthorityOptions extends CertificateOptions {
  /** How many further authorities may follow below this one (pathLenConstraint); default: no limit. */
  pathLength?: number;
}

/** Options of another certificate for an authority that is there already. */
export type GenerationOptions = Omit<AuthorityOptions, "algorithm" | "commonName" | "emailAddress" | "organization">;

/** Options of a client certificate; valid for one year, with the usage clientAuth, unless they say otherwise. */
export interface ClientOptions extends CertificateOptions {
  extendedKeyUsage?: ("clientAuth" | "serverAuth")[];
}

/** Options of a server certificate; valid for one year, with the usage serverAuth, for these DNS names and IP addresses. */
export interface ServerOptions extends CertificateOptions {
  names: string[];
  ips?: string[];
}

/** An issued leaf: its certificate, its chain (leaf first, then the intermediates, never the root) and its PKCS#8 key, as PEM. */
export interface Issued {
  certificate: string;
  chain: string;
  key: string;
}

/** A certificate authority for tests: a trust anchor in PEM, and the means to issue certificates below it. */
export interface Authority {
  certificate: string;
  key: string;
  commonName: string;
  /** An authority signed by this one; the chains of what it issues include it. */
  intermediate(options?: AuthorityOptions): Promise<Authority>;
  client(options?: ClientOptions): Promise<Issued>;
  server(options: ServerOptions): Promise<Issued>;
  /** The next generation of this authority: same subject and key, other validity, serial and DER. */
  renew(options?: GenerationOptions): Promise<Authority>;
  /** Certifies another authority: its subject and key, signed by this one. What it issues then chains through both. */
  crossSign(other: Authority, options?: GenerationOptions): Promise<Authority>;
}

/**
 * A self-signed certificate authority that issues real certificates for tests, in memory and without any network.
 * Its keys protect nothing: never trust it outside of a test.
 */
export async function createAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const commonName = options.commonName ?? "Test Root";
  const self: Subject = {
    commonName,
    name: distinguishedName(commonName, options.organization, options.emailAddress),
    keys: await generateKeys(options.algorithm),
  };
  return issueAuthority(self, self, [], options);
}

interface Keys {
  algorithm: KeyAlgorithm;
  privateKey: KeyObject;
  pem: string;
  spki: Uint8Array;
  identifier: Uint8Array;
}

/** A name and a key pair: what an issuer is to the certificates it signs. */
interface Subject {
  commonName: string;
  name: Uint8Array;
  keys: Keys;
}

/** The private parts of the authorities, so that one can certify another without handing out key objects. */
const subjects = new WeakMap<Authority, Subject>();
const DAY = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;
// DER of ecdsa-with-SHA256, Ed25519 and sha256WithRSAEncryption; the last must have NULL parameters (RFC 4055, 5).
const SIGNATURE_ALGORITHMS: Record<KeyAlgorithm, Buffer> = {
  "ecdsa-p256": Buffer.from("300a06082a8648ce3d040302", "hex"),
  ed25519: Buffer.from("300506032b6570", "hex"),
  "rsa-2048": Buffer.from("300d06092a864886f70d01010b0500", "hex"),
};
const generate = promisify(generateKeyPair);
const KEY_GENERATORS: Record<KeyAlgorithm, () => Promise<{ privateKey: KeyObject; publicKey: KeyObject }>> = {
  "ecdsa-p256": () => generate("ec", { namedCurve: "P-256" }),
  ed25519: () => generate("ed25519"),
  "rsa-2048": () => generate("rsa", { modulusLength: 2048 }),
};

/** `above`: the PEM of the issuer's own chain without the root, nearest first. */
async function issueAuthority(
  subject: Subject,
  issuer: Subject,
  above: string[],
  options: AuthorityOptions,
): Promise<Authority> {
  const certificate = sign(subject, issuer, options, AUTHORITY_DAYS, {
    authority: { pathLength: options.pathLength },
    keyUsage: "certificateSigning",
  });
  const chain = subject === issuer ? [] : [certificate, ...above];

  const issueLeaf = async (leaf: CertificateOptions, commonName: string, spec: LeafSpec): Promise<Issued> => {
    const holder = await newSubject(commonName, leaf);
    const pem = sign(holder, subject, leaf, LEAF_DAYS, { keyUsage: "digitalSignature", ...spec });
    return { certificate: pem, chain: [pem, ...chain].join(""), key: holder.keys.pem };
  };
  const authority: Authority = {
    certificate,
    key: subject.keys.pem,
    commonName: subject.commonName,
    intermediate: async (below = {}) =>
      issueAuthority(await newSubject(below.commonName ?? "Test Issuing CA", below), subject, chain, below),
    client: (leaf = {}) =>
      issueLeaf(leaf, leaf.commonName ?? "test-client", { extendedKeyUsage: leaf.extendedKeyUsage ?? ["clientAuth"] }),
    server: (leaf) =>
      issueLeaf(leaf, leaf.commonName ?? leaf.names[0] ?? "localhost", {
        extendedKeyUsage: ["serverAuth"],
        names: leaf.names,
        ips: leaf.ips,
      }),
    renew: (next = {}) => issueAuthority(subject, issuer, above, next),
    crossSign: (other, next = {}) => issueAuthority(subjectOf(other), subject, chain, next),
  };
  subjects.set(authority, subject);
  return authority;
}

function subjectOf(authority: Authority): Subject {
  const subject = subjects.get(authority);
  if (!subject) throw new Error("Only an authority that createAuthority made can be certified by another.");
  return subject;
}

type LeafSpec = Pick<ExtensionSpec, "extendedKeyUsage" | "ips" | "names">;
type Purpose = LeafSpec & Pick<ExtensionSpec, "authority" | "keyUsage">;

async function newSubject(commonName: string, options: CertificateOptions): Promise<Subject> {
  const name = distinguishedName(commonName, options.organization, options.emailAddress);
  return { commonName, name, keys: await generateKeys(options.algorithm) };
}

function sign(subject: Subject, issuer: Subject, options: CertificateOptions, days: number, purpose: Purpose): string {
  const pkijs = loadPkijs();
  const certificate = new pkijs.Certificate();
  certificate.version = 2; // X.509 v3
  const serial = serialBytes(options.serial ?? `40${randomBytes(15).toString("hex")}`);
  certificate.serialNumber.valueBlock.fromBER(serial.buffer, 0, serial.length);
  certificate.issuer = pkijs.RelativeDistinguishedNames.fromBER(issuer.name);
  certificate.subject = pkijs.RelativeDistinguishedNames.fromBER(subject.name);
  certificate.notBefore = time(pkijs, options.notBefore ?? new Date(Date.now() - DAY));
  certificate.notAfter = time(pkijs, options.notAfter ?? new Date(Date.now() + days * DAY));
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(subject.keys.spki);
  const spec: ExtensionSpec = {
    ...purpose,
    subjectKeyIdentifier: subject.keys.identifier,
    authorityKeyIdentifier: issuer.keys.identifier,
    extra: options.extensions,
  };
  certificate.extensions = buildExtensions(pkijs, spec, options.omit);
  certificate.signature = pkijs.AlgorithmIdentifier.fromBER(SIGNATURE_ALGORITHMS[issuer.keys.algorithm]);
  certificate.signatureAlgorithm = certificate.signature;
  certificate.tbs = certificate.encodeTBS().toBER();
  // Not pkijs' own sign(): it leaves out the NULL that an RSA signature's algorithm must have.
  const digest = issuer.keys.algorithm === "ed25519" ? null : "sha256";
  const signature = signBytes(digest, certificate.tbsView, issuer.keys.privateKey);
  certificate.signatureValue.valueBlock.valueHexView = Uint8Array.from(signature);
  return toPem(Buffer.from(certificate.toSchema().toBER()));
}

async function generateKeys(algorithm: KeyAlgorithm = "ecdsa-p256"): Promise<Keys> {
  const { privateKey, publicKey } = await KEY_GENERATORS[algorithm]();
  const spki = publicKey.export({ type: "spki", format: "der" });
  const bits = loadPkijs().PublicKeyInfo.fromBER(spki).subjectPublicKey.valueBlock.valueHexView;
  return {
    algorithm,
    privateKey,
    spki,
    pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    identifier: createHash("sha1").update(bits).digest(),
  };
}

function time(pkijs: typeof Pkijs, value: Date): Pkijs.Time {
  // RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on.
  const type = value.getUTCFullYear() < 2050 ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime;
  return new pkijs.Time({ type, value });
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function loadPkijs(): typeof Pkijs {
  // Required when used: the library takes longer to load than the rest of the package. (A dynamic import would be
  // left as it is by TypeScript, and load a second copy of the library, its ES module.)
  return require("pkijs") as typeof Pkijs;
}
