import { day } from "../clock";
import { keyProblem, signatureProblem } from "./algorithms";
import { type Facts, isSelfIssued, OID } from "./facts";
import { FORM } from "./names";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const EMPTY_NAME = "3000";
/** All that webpki understands where it is critical; OpenSSL and Go know more. */
const UNDERSTOOD = new Set<string>([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.nameConstraints,
  OID.crlDistributionPoints,
  OID.extendedKeyUsage,
]);

type Judged = readonly (Problem | false | undefined)[];

/** What is wrong with a client's own certificate, whoever issued it. The worst first. */
export function leafProblems(leaf: Facts): Problem[] {
  const name = "the leaf";
  const { extendedKeyUsage: purposes, authorityKeyIdentifier: authority, keyUsage = 0x80 } = leaf;
  return found([
    // That these two must be there is the vendor's demand (its mTLS guide).
    !purposes &&
      refusedByAll(
        "extended-key-usage",
        "it is not for TLS clients: it has no Extended Key Usage, and the API demands one with clientAuth",
      ),
    purposes && !purposes.includes(CLIENT_AUTH) && lacksClientAuth("it"),
    !authority && refusedByAll("key-identifier", "it has no Authority Key Identifier, and the API demands one"),
    authority &&
      !authority.keyIdentifier?.length &&
      refusedByAll(
        "key-identifier",
        "its Authority Key Identifier has no key identifier, and the API demands that form",
      ),
    (keyUsage & 0x80) === 0 &&
      refusedByAll("key-usage", "it cannot sign a TLS handshake: its Key Usage lacks digitalSignature"),
    (keyUsage & 0x04) !== 0 &&
      refusedBySome("key-usage", "it is not a certificate authority, but its Key Usage has keyCertSign"),
    leaf.basicConstraints?.ca &&
      refusedBySome(
        "basic-constraints",
        "it is a certificate authority (Basic Constraints), not a client's certificate",
      ),
    leaf.basicConstraints?.pathLength !== undefined &&
      refusedBySome("basic-constraints", "it has a path length, which only an authority may have"),
    ...certificateProblems(leaf, name),
    signatureProblem(leaf, name),
  ]);
}

/** What is wrong with a certificate as an issuer of clients, or of authorities above them. The worst first. */
export function issuerProblems(issuer: Facts, name: string): Problem[] {
  const { basicConstraints, keyUsage, extendedKeyUsage: purposes } = issuer;
  return found([
    !basicConstraints?.ca &&
      refusedByAll("basic-constraints", `${name} is not a certificate authority (Basic Constraints)`),
    keyUsage !== undefined &&
      (keyUsage & 0x04) === 0 &&
      refusedByAll("key-usage", `${name} may not issue certificates: its Key Usage lacks keyCertSign`),
    keyUsage === undefined && refusedBySome("key-usage", `${name} has no Key Usage, which authorities must have`),
    // Not in RFC 5280's algorithm, but OpenSSL and Go read an authority's purposes as a limit on its clients'; OpenSSL
    // does not take "any purpose" for clientAuth.
    purposes && !purposes.includes(CLIENT_AUTH) && lacksClientAuth(name),
    basicConstraints &&
      !isCritical(issuer, OID.basicConstraints) &&
      refusedBySome("basic-constraints", `${name} has Basic Constraints that are not marked critical`),
    !issuer.subjectKeyIdentifier?.length && refusedBySome("key-identifier", `${name} has no Subject Key Identifier`),
    issuer.subject.toString("hex") === EMPTY_NAME && refusedByAll("names", `${name} has no subject name`),
    // Go applies policies, OpenSSL ignores them unless told otherwise, webpki does not know them.
    has(issuer, OID.policyConstraints) && refusedBySome("extensions", `${name} requires certificate policies`),
    ...certificateProblems(issuer, name),
  ]);
}

/** What has to hold for every certificate on a path but the time and its signature. */
function certificateProblems(certificate: Facts, name: string): Judged {
  const { extensions, subjectAttributes, alternativeNames } = certificate;
  const ids = extensions.map(({ oid }) => oid);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  const unknown = extensions.find(({ oid, critical }) => critical && !UNDERSTOOD.has(oid));
  const netscape = extensions.find(({ oid }) => oid === OID.netscapeCertType)?.value.at(-1);
  const nameless = subjectAttributes.length === 0;
  return [
    certificate.version !== 3 && refusedBySome("encoding", `${name} is not an X.509 version 3 certificate`),
    twice !== undefined && refusedByAll("extensions", `${name} has the extension ${twice} twice`),
    unknown &&
      refusedBySome("extensions", `${name} has the critical extension ${unknown.oid}, which not every verifier knows`),
    keyProblem(certificate, name),
    // The first bit of the old Netscape type is for TLS clients, and 0x04 for their authorities; OpenSSL still looks.
    netscape !== undefined &&
      (netscape & (certificate.basicConstraints?.ca ? 0x04 : 0x80)) === 0 &&
      refusedBySome("extensions", `${name} has a Netscape certificate type that is not for TLS clients`),
    certificate.issuer.toString("hex") === EMPTY_NAME && refusedBySome("names", `${name} has no issuer name`),
    alternativeNames?.length === 0 && refusedBySome("names", `${name} has an empty Subject Alternative Name`),
    nameless &&
      !(alternativeNames && isCritical(certificate, OID.subjectAltName)) &&
      refusedBySome("names", `${name} has neither a subject name nor a critical Subject Alternative Name`),
    isCritical(certificate, OID.subjectAltName) &&
      !alternativeNames?.some(
        ({ form }) => form === FORM.dns || form === FORM.email || form === FORM.uri || form === FORM.ip,
      ) &&
      refusedBySome("names", `${name} has a critical Subject Alternative Name without a name of a common form`),
  ];
}

/** Why a certificate does not hold at `at`. RFC 5280 counts the last second in, and OpenSSL does not. */
export function validityProblem({ notBefore, notAfter }: Facts, name: string, at: Date): Problem | undefined {
  if (notAfter <= at) return refusedByAll("validity", `${name} expired on ${day(notAfter)}`);
  if (notBefore > at) return refusedByAll("validity", `${name} is not valid before ${day(notBefore)}`);
  return undefined;
}

/** What is wrong with an anchor whatever it may have issued; nobody checks the signature of a self-issued one. */
export function anchorProblems(anchor: Facts, name: string): Problem[] {
  return found([...issuerProblems(anchor, name), !isSelfIssued(anchor) && signatureProblem(anchor, name)]);
}

function lacksClientAuth(name: string): Problem {
  return refusedByAll("extended-key-usage", `${name} is not for TLS clients: its Extended Key Usage lacks clientAuth`);
}

function has({ extensions }: Facts, id: string): boolean {
  return extensions.some(({ oid }) => oid === id);
}

function isCritical({ extensions }: Facts, id: string): boolean {
  return extensions.some(({ oid, critical }) => oid === id && critical);
}

function found(judged: Judged): Problem[] {
  return judged.filter((one): one is Problem => Boolean(one));
}
