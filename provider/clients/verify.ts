import type { X509Certificate } from "node:crypto";
import type { Certificate } from "pkijs";
import { ProviderError } from "../errors";
import { leafProblem } from "./leaf";
import { anchorName, noPathReason } from "./noPath";
import { type RequiredClient, readCertificates, subjectOf } from "./parse";
import { type AnchorIndex, type CandidatePath, candidatePaths, indexAnchors, type TrustAnchor } from "./paths";
import { loadPkijs } from "./pkijs";
import { pathProblem } from "./validate";

/** An anchor as the API answers it with its content. */
export interface AnchorContent {
  readonly id: string;
  readonly name: string | null;
  readonly pem: string;
  /** The CEL expression that people attached to it, as far as it is known: the API does not show it. */
  readonly celFilter?: string;
}

/** `via`: the ids of the anchors that accept the client, each of them by itself. `reason`: the end of a sentence. */
export type Verdict =
  | { readonly client: RequiredClient; readonly accepted: true; readonly via: readonly string[] }
  | { readonly client: RequiredClient; readonly accepted: false; readonly reason: string };

/**
 * Whether each client is accepted at `at` where exactly these anchors are active (RFC 5280 path validation and the
 * vendor's demands on leaves), in the order given. With no anchors at all nobody is accepted, although the API then
 * checks nobody: that is for the caller to know. Throws when the content of an anchor is not a certificate.
 */
export async function verifyClients(
  clients: readonly RequiredClient[],
  anchors: readonly AnchorContent[],
  at: Date,
): Promise<Verdict[]> {
  if (clients.length === 0) return [];
  const trust = anchors.map(parseAnchor);
  const index = indexAnchors(trust);
  const parse = parser();
  const verdicts: Verdict[] = [];
  for (const client of clients) verdicts.push(await judge(client, trust, index, parse, at));
  return verdicts;
}

const UNREADABLE = "cannot be validated: it is not encoded as RFC 5280 demands";

type Parser = (certificate: X509Certificate) => Certificate | undefined;

async function judge(
  client: RequiredClient,
  anchors: readonly TrustAnchor[],
  index: AnchorIndex,
  parse: Parser,
  at: Date,
): Promise<Verdict> {
  const refused = (reason: string): Verdict => ({ client, accepted: false, reason });
  const leaf = parse(client.leaf);
  const unfit = leaf ? leafProblem(leaf, at) : `the leaf ${UNREADABLE}`;
  if (unfit) return refused(unfit);

  const { paths, deadEnds } = candidatePaths(client.leaf, client.others, index);
  const via = new Set<string>();
  const problems = new Set<string>();
  for (const path of paths) {
    const problem = await judgePath(path, parse, at);
    if (problem) problems.add(problem);
    else via.add(path.anchor.id);
  }
  if (via.size > 0) {
    return { client, accepted: true, via: anchors.map(({ id }) => id).filter((id) => via.has(id)) };
  }
  return refused(problems.size > 0 ? [...problems].join("; ") : noPathReason(client, deadEnds, anchors));
}

async function judgePath(path: CandidatePath, parse: Parser, at: Date): Promise<string | undefined> {
  const { leaf, intermediates, anchor } = path;
  const certificates = [leaf, ...intermediates, anchor.x509].map(parse);
  const names = ["the leaf", ...intermediates.map((one) => `its intermediate "${subjectOf(one)}"`), anchorName(anchor)];
  const readable = certificates.filter((certificate) => certificate !== undefined);
  if (readable.length === certificates.length) return pathProblem({ certificates: readable, names }, at);
  return `${names[certificates.indexOf(undefined)]} ${UNREADABLE}`;
}

function parseAnchor({ id, name, pem }: AnchorContent): TrustAnchor {
  // Of a bundle, the API uses the first certificate only.
  const [x509] = readCertificates(pem);
  if (!x509)
    throw new ProviderError(`The content that the API holds for ${anchorName({ id, name })} is no PEM certificate.`);
  return { id, name, x509 };
}

function parser(): Parser {
  const pkijs = loadPkijs();
  const parsed = new Map<string, Certificate | undefined>();
  return (certificate) => {
    const { fingerprint256, raw } = certificate;
    if (!parsed.has(fingerprint256)) parsed.set(fingerprint256, parseStrictly(pkijs, raw));
    return parsed.get(fingerprint256);
  };
}

function parseStrictly(pkijs: ReturnType<typeof loadPkijs>, raw: Uint8Array): Certificate | undefined {
  try {
    // A copy: pkijs keeps views into what it is given, and Node's buffers share their memory.
    return pkijs.Certificate.fromBER(Uint8Array.from(raw));
  } catch {
    return undefined; // OpenSSL reads more encodings than RFC 5280 allows.
  }
}
