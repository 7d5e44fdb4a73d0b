import type { X509Certificate } from "node:crypto";
import { pairingProblem, signatureProblem } from "./algorithms";
import { issuerProblems, leafProblems, validityProblem } from "./certificateRules";
import type { Facts } from "./facts";
import { constraintProblem } from "./nameConstraints";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

/** webpki's limit. It also bounds the work for whatever chain somebody presents. */
export const MAX_INTERMEDIATES = 6;

/** A path from the leaf to an anchor, each certificate followed by the one that is to have issued it, with words for each. */
export interface NamedPath {
  readonly certificates: readonly Facts[];
  /** How to name them in a sentence, in the same order. */
  readonly names: readonly string[];
}

/** Why a leaf is not accepted whoever issued it. */
export function leafProblem(leaf: Facts, at: Date): Problem | undefined {
  return validityProblem(leaf, "the leaf", at) ?? leafProblems(leaf)[0];
}

/** Why the last certificate of a path did not issue, or may not have issued, the one before it for this leaf. */
export function linkProblem({ certificates, names }: NamedPath, at: Date, isAnchor: boolean): Problem | undefined {
  const [issued, issuer] = certificates.slice(-2) as [Facts, Facts];
  const [itsName, name] = names.slice(-2) as [string, string];
  if (!isSignedBy(issued.x509, issuer.x509)) {
    return refusedByAll(
      "signature",
      `${name} has the issuer's name, but another key than the one that signed ${itsName}`,
    );
  }
  return (
    validityProblem(issuer, name, at) ??
    issuerProblems(issuer, name)[0] ??
    // Nobody checks who signed an anchor.
    (isAnchor ? undefined : signatureProblem(issuer, name)) ??
    pairingProblem(issued, issuer, itsName) ??
    nameProblem(issued, issuer, itsName, name) ??
    keyIdentifierProblem(issued, issuer, itsName, name) ??
    readingProblem(issued, issuer, itsName, name) ??
    pathLengthProblem(issuer, certificates.length - 2, name) ??
    constraintProblem(certificates, names)
  );
}

/** Whether names and key identifiers leave it open that one certificate issued another; the signature tells. */
export function mayHaveIssued(issuer: Facts, issued: Facts): boolean {
  const [wanted, actual] = [issued.authorityKeyIdentifier?.keyIdentifier, issuer.subjectKeyIdentifier];
  const isToldApart = wanted && actual && !wanted.equals(actual);
  return !isToldApart && hasIssuerName(issuer.x509, issued.x509);
}

/** Whether one certificate has the name that another gives for its issuer. */
export function hasIssuerName(issuer: X509Certificate, issued: X509Certificate): boolean {
  return comparable(issuer.subject) === comparable(issued.issuer);
}

/** RFC 5280, 7.1, and OpenSSL: letter case, runs of white space and the type of string make no difference. */
function comparable(name: string | undefined): string {
  return (name ?? "").toLowerCase().replace(/[ \t]+/g, " ");
}

export function isSignedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issued.verify(issuer.publicKey);
  } catch {
    return false; // A key of a kind that OpenSSL cannot read: no server could check this signature.
  }
}

function nameProblem(issued: Facts, issuer: Facts, itsName: string, name: string): Problem | undefined {
  if (issued.issuer.equals(issuer.subject)) return undefined;
  return refusedBySome("names", `${itsName} spells or encodes its issuer's name differently from ${name}`);
}

function keyIdentifierProblem(issued: Facts, issuer: Facts, itsName: string, name: string): Problem | undefined {
  const wanted = issued.authorityKeyIdentifier;
  if (!wanted?.keyIdentifier) return refusedBySome("key-identifier", `${itsName} has no Authority Key Identifier`);
  const matches =
    wanted.keyIdentifier.equals(issuer.subjectKeyIdentifier ?? Buffer.alloc(0)) &&
    (wanted.serial?.equals(issuer.serial) ?? true) &&
    (wanted.issuer?.equals(issuer.issuer) ?? true);
  if (matches) return undefined;
  return refusedBySome("key-identifier", `the Authority Key Identifier of ${itsName} does not match ${name}`);
}

/** With names and key identifiers that match, all that is left is that OpenSSL cannot read an extension that it always reads. */
function readingProblem(issued: Facts, issuer: Facts, itsName: string, name: string): Problem | undefined {
  if (issued.x509.checkIssued(issuer.x509)) return undefined;
  return refusedBySome("encoding", `OpenSSL cannot read one of the extensions of ${itsName} or of ${name}`);
}

/** Go counts every certificate in between; RFC 5280 does not count authorities that renew themselves. */
function pathLengthProblem({ basicConstraints }: Facts, below: number, name: string): Problem | undefined {
  const limit = basicConstraints?.pathLength;
  if (limit === undefined || below <= limit) return undefined;
  return refusedByAll(
    "path-length",
    `${name} allows ${limit} intermediates below it (path length), and there are ${below}`,
  );
}
