import type { X509Certificate } from "node:crypto";

/** A trust anchor as the API lists it, parsed. */
export interface TrustAnchor {
  readonly id: string;
  readonly name: string | null;
  readonly x509: X509Certificate;
}

/** A chain of real signatures from a leaf to an anchor. Nothing but names and signatures has been looked at yet. */
export interface CandidatePath {
  readonly leaf: X509Certificate;
  /** From the leaf's issuer upwards. */
  readonly intermediates: readonly X509Certificate[];
  readonly anchor: TrustAnchor;
}

/** A certificate that a search got to and from where it could not go on. */
export interface DeadEnd {
  readonly certificate: X509Certificate;
  /** How many intermediates the search came through, `certificate` included. */
  readonly depth: number;
  /** Anchors and given certificates that have the name of the issuer, but not the key that signed. */
  readonly namesakes: readonly (TrustAnchor | X509Certificate)[];
}

export interface Candidates {
  readonly paths: readonly CandidatePath[];
  readonly deadEnds: readonly DeadEnd[];
}

/** Anchors by the name that their certificates carry, so that a search looks only at those that can matter. */
export type AnchorIndex = ReadonlyMap<string, readonly TrustAnchor[]>;

export function indexAnchors(anchors: readonly TrustAnchor[]): AnchorIndex {
  const index = new Map<string, TrustAnchor[]>();
  for (const anchor of anchors) {
    const name = comparable(anchor.x509.subject);
    index.set(name, [...(index.get(name) ?? []), anchor]);
  }
  return index;
}

/**
 * Every path from a leaf through some of the given intermediates, in whatever order they come, to an anchor. Signatures
 * are checked here, by OpenSSL: pkijs 3.4 knows no Ed25519, and its own search gives up at the first dead end, prefers
 * the shortest path even where only a longer one is valid, and never ends where two authorities certify each other.
 */
export function candidatePaths(
  leaf: X509Certificate,
  given: readonly X509Certificate[],
  anchors: AnchorIndex,
): Candidates {
  const paths: CandidatePath[] = [];
  const deadEnds: DeadEnd[] = [];

  const climb = (certificate: X509Certificate, below: readonly X509Certificate[]): void => {
    const issuerName = comparable(certificate.issuer);
    const visited = [leaf, ...below];
    const namesakeAnchors = (anchors.get(issuerName) ?? []).filter((anchor) => !same(anchor.x509, certificate));
    const namesakes = given.filter(
      (one) => comparable(one.subject) === issuerName && !visited.some((other) => same(one, other)),
    );
    const issuingAnchors = namesakeAnchors.filter((anchor) => signed(certificate, anchor.x509));
    const issuers = namesakes.filter((one) => signed(certificate, one));
    for (const anchor of issuingAnchors) paths.push({ leaf, intermediates: below, anchor });
    for (const issuer of issuers) climb(issuer, [...below, issuer]);
    if (issuingAnchors.length + issuers.length === 0) {
      deadEnds.push({ certificate, depth: below.length, namesakes: [...namesakeAnchors, ...namesakes] });
    }
  };
  climb(leaf, []);
  return { paths, deadEnds };
}

/** Whether a certificate is its own issuer, by name and by signature. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return comparable(certificate.issuer) === comparable(certificate.subject) && signed(certificate, certificate);
}

/** Whether two certificates have the same DER. */
export function same(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256;
}

function signed(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false; // A key of a kind that OpenSSL cannot read: no server could check this signature.
  }
}

/** RFC 5280, 7.1: letter case and runs of white space make no difference. pkijs compares the names exactly, later. */
function comparable(name: string | undefined): string {
  return (name ?? "").toLowerCase().replace(/[ \t]+/g, " ");
}
