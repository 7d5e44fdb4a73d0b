import { webcrypto } from "node:crypto";
import type { Certificate } from "pkijs";
import { day } from "../clock";
import {
  authorityKeyIdentifier,
  basicConstraints,
  extensionProblem,
  forTlsClients,
  keyUsage,
  subjectKeyIdentifier,
} from "./extensions";
import { nameViolation } from "./nameConstraints";
import { loadPkijs } from "./pkijs";

/** A path with the words for each certificate in it: the leaf first, the anchor last. */
export interface NamedPath {
  readonly certificates: readonly Certificate[];
  /** How to name them in a sentence, in the same order. */
  readonly names: readonly string[];
}

// Result codes of CertificateChainValidationEngine.sort (pkijs 3.4).
const NOT_VALID_AT_THAT_TIME = 8;
const NOT_AN_AUTHORITY = 14;

/**
 * Why a path from a leaf to an anchor does not hold at `at` (RFC 5280, 6), or undefined where it does. The path's
 * signatures must have been checked before. pkijs validates; what it leaves out is checked beside it.
 */
export async function pathProblem(path: NamedPath, at: Date): Promise<string | undefined> {
  const broken = brokenCertificate(path);
  if (broken) return broken;
  const { result, resultCode, resultMessage } = await validate(path.certificates, at);
  return (
    (resultCode === NOT_VALID_AT_THAT_TIME ? validityProblem(path, at) : undefined) ??
    (resultCode === NOT_AN_AUTHORITY ? signingProblem(path) : undefined) ??
    authorityProblem(path) ??
    nameProblem(path) ??
    (result ? undefined : `its path to ${path.names.at(-1)} does not validate: ${resultMessage}`)
  );
}

function brokenCertificate({ certificates, names }: NamedPath): string | undefined {
  for (const [i, certificate] of certificates.entries()) {
    const problem = extensionProblem(certificate);
    if (problem) return `${names[i]} ${problem}`;
  }
  return undefined;
}

async function validate(certificates: readonly Certificate[], at: Date) {
  const pkijs = loadPkijs();
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: certificates.slice(-1),
    // The engine takes the last one for the leaf.
    certs: certificates.slice(0, -1).reverse(),
    checkDate: at,
    // One path at a time, the one that was found: the engine's own search misses valid ones (see candidatePaths).
    findIssuer: async (certificate) => {
      const above = certificates.indexOf(certificate) + 1;
      return certificates.slice(above, above + 1);
    },
  });
  // An engine of our own, because the default is a mutable global that any other user of pkijs may have replaced.
  return engine.verify({}, new pkijs.CryptoEngine({ name: "node", crypto: webcrypto }));
}

function validityProblem({ certificates, names }: NamedPath, at: Date): string | undefined {
  for (const [i, { notBefore, notAfter }] of certificates.entries()) {
    if (notAfter.value < at) return `${names[i]} expired on ${day(notAfter.value)}`;
    if (notBefore.value > at) return `${names[i]} is not valid before ${day(notBefore.value)}`;
  }
  return undefined;
}

function signingProblem({ certificates, names }: NamedPath): string | undefined {
  for (const [i, certificate] of certificates.entries()) {
    if (i === 0) continue;
    if (!basicConstraints(certificate)?.ca) return `${names[i]} is no certificate authority (Basic Constraints)`;
    if (keyUsage(certificate)?.keyCertSign === false) return `${names[i]} may not issue certificates (Key Usage)`;
  }
  return undefined;
}

/** What RFC 5280 asks of the certificates above the leaf and pkijs 3.4 does not check. */
function authorityProblem({ certificates, names }: NamedPath): string | undefined {
  // Certificates that count against a path length: those between the leaf and the authority, but for self-issued ones.
  let below = 0;
  for (let i = 1; i < certificates.length; i += 1) {
    const [authority, issued, name] = [certificates[i]!, certificates[i - 1]!, names[i]!];
    const limit = basicConstraints(authority)?.pathLength;
    if (limit !== undefined && below > limit) {
      return `${name} allows ${limit} intermediates below it (path length), and there are ${below}`;
    }
    // Not in RFC 5280's algorithm, but OpenSSL, Go and the browsers read an authority's usages as a limit on its clients'.
    const purposes = forTlsClients(authority);
    if (purposes && !purposes.clientAuth && !purposes.anyPurpose) {
      return `${name} is not for issuing to TLS clients: its Extended Key Usage lacks clientAuth`;
    }
    const [wanted, actual] = [authorityKeyIdentifier(issued), subjectKeyIdentifier(authority)];
    if (wanted && actual && !Buffer.from(wanted).equals(actual)) {
      return `the Authority Key Identifier of ${names[i - 1]} is not the key identifier of ${name}`;
    }
    if (!authority.issuer.isEqual(authority.subject)) below += 1;
  }
  return undefined;
}

function nameProblem({ certificates, names }: NamedPath): string | undefined {
  const violation = nameViolation(certificates);
  return (
    violation &&
    `the names of ${names[violation.certificate]} are outside the name constraints of ${names[violation.authority]}`
  );
}
