import { X509Certificate } from "node:crypto";
import { holdsPrivateKey } from "../notPem";
import { isUnknown } from "../unknown";
import { visible } from "../words";

/** A client that must still be accepted: its chain, parsed, and how to name it in a message. */
export interface RequiredClient {
  /** Its place in the list that was given, from 0. */
  readonly index: number;
  /** Distinguished name of the leaf on one line; its alternative names where it has no distinguished name. */
  readonly subject: string;
  /** SHA-256 of the leaf's DER, lower-case hex. */
  readonly leafFingerprint: string;
  readonly leaf: X509Certificate;
  /** The other certificates of the chain, in the order given. */
  readonly others: readonly X509Certificate[];
}

/** What is wrong with one of the given chains, as the end of a sentence; it never repeats any of the text. */
export interface RequiredClientProblem {
  readonly index: number;
  readonly reason: string;
}

/** `clients` are those that could be parsed: all of them when there are no problems. */
export interface ParsedClients {
  readonly clients: readonly RequiredClient[];
  readonly problems: readonly RequiredClientProblem[];
}

const CERTIFICATE_BLOCK = /^-----BEGIN (?:X509 )?CERTIFICATE-----/;

/** Parses client chains (PEM, leaf first); synchronous and cheap, for check. Passes over unknown ones. Never throws. */
export function parseRequiredClients(pems: readonly string[]): ParsedClients {
  const results = pems.flatMap((pem, index) => (isUnknown(pem) ? [] : [parseChain(pem, index)]));
  return {
    clients: results.filter((result): result is RequiredClient => "leaf" in result),
    problems: results.filter((result): result is RequiredClientProblem => "reason" in result),
  };
}

/** The certificates of a PEM text, whatever stands around them; undefined in the place of one that cannot be read. */
export function readCertificates(text: string): (X509Certificate | undefined)[] {
  const blocks = text.split(/(?=-----BEGIN )/).filter((block) => CERTIFICATE_BLOCK.test(block));
  return blocks.map((block) => {
    try {
      return new X509Certificate(block.replace(/^[ \t]+/gm, ""));
    } catch {
      return undefined; // OpenSSL's message adds nothing that a user could act on.
    }
  });
}

/** The distinguished name on one line, or what else names a certificate that has none. */
export function subjectOf(certificate: X509Certificate): string {
  return oneLine(certificate.subject) || visible(certificate.subjectAltName ?? "") || "(no name)";
}

/** A distinguished name as Node answers it, which is undefined for an empty one; OpenSSL escapes ASCII alone. */
export function oneLine(name: string | undefined): string {
  return visible((name ?? "").replace(/\n/g, ", "));
}

function parseChain(text: string, index: number): RequiredClient | RequiredClientProblem {
  if (holdsPrivateKey(text)) {
    return { index, reason: "holds a private key; give only the certificate chain, and keep the key where it is" };
  }
  const read = readCertificates(text);
  const chain = read.filter((certificate) => certificate !== undefined);
  if (chain.length < read.length) {
    const place = read.indexOf(undefined) + 1;
    return {
      index,
      reason: `certificate ${place} of ${read.length} cannot be read: its PEM block does not hold X.509`,
    };
  }
  const [leaf, ...others] = chain;
  if (!leaf) {
    return { index, reason: "holds no PEM certificate (a block between BEGIN CERTIFICATE and END CERTIFICATE)" };
  }
  if (leaf.ca && others.some((other) => !other.ca)) {
    return { index, reason: "starts with a certificate authority: put the client's own certificate first" };
  }
  const leafFingerprint = leaf.fingerprint256.replace(/:/g, "").toLowerCase();
  return { index, subject: subjectOf(leaf), leafFingerprint, leaf, others };
}
