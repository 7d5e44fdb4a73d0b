import type { X509Certificate } from "node:crypto";
import { ProviderError } from "../errors";
import { keyProblem } from "./algorithms";
import { type Anchor, anchorName, unreadable } from "./anchor";
import { attributesOf } from "./attributes";
import { deadEnd } from "./deadEnd";
import { NotDer } from "./der";
import { type Facts, factsOf } from "./facts";
import { filterOf } from "./filter";
import { type RequiredClient, readCertificates, subjectOf } from "./parse";
import { hasIssuerName } from "./path";
import { type Problem, type Rule, reasonOf, refusedByAll } from "./rules";
import { climb } from "./search";

/** An anchor as the API answers it with its content. */
export interface AnchorContent {
  readonly id: string;
  readonly name: string | null;
  readonly pem: string;
  /** The CEL expression that people attached to it, as far as it is known: the API does not show it. */
  readonly celFilter?: string;
}

/**
 * `via`: the ids of the anchors that accept the client, each of them by itself. `rule`: what refused it. `reason`: the
 * end of a sentence, which also says where verifiers differ.
 */
export type Judgement =
  | { readonly accepted: true; readonly via: readonly string[] }
  | { readonly accepted: false; readonly rule: Rule; readonly reason: string };

export type Verdict = Judgement & { readonly client: RequiredClient };

/**
 * Whether each client is accepted at `at` where exactly these anchors are active, in the order given. A client is only
 * accepted where every mainstream verifier would accept it, whichever of the active anchors it picked (DESIGN.md, X.509).
 * With no anchors at all nobody is accepted, although the API then checks nobody: that is for the caller to know. Throws
 * when the content of an anchor is not a certificate.
 *
 * @example const [verdict] = await verifyClients(clients, [{ id: "cert_1", name: "root", pem }], new Date());
 */
export async function verifyClients(
  clients: readonly RequiredClient[],
  anchors: readonly AnchorContent[],
  at: Date,
): Promise<Verdict[]> {
  const trusted = clients.length === 0 ? [] : anchors.map(parseAnchor);
  return clients.map((client) => ({ client, ...judge([client.leaf, ...client.others], trusted, at) }));
}

/** The same for what one client presents in a handshake, leaf first. */
export function judgePresented(
  presented: readonly X509Certificate[],
  anchors: readonly AnchorContent[],
  at: Date,
): Judgement {
  return judge(presented, anchors.map(parseAnchor), at);
}

/** Whether a leaf can be decoded and names the key of its issuer: without that, the API looks no further. */
export function isDecodable(leaf: X509Certificate): boolean {
  return Boolean(readFacts(leaf)?.authorityKeyIdentifier?.keyIdentifier?.length);
}

function judge(presented: readonly X509Certificate[], anchors: readonly Anchor[], at: Date): Judgement {
  const verdict = issuersOf(presented, anchors, at);
  if (Array.isArray(verdict)) return { accepted: true, via: verdict.map(({ id }) => id) };
  return { accepted: false, rule: verdict.rule, reason: reasonOf(verdict) };
}

function issuersOf(certificates: readonly X509Certificate[], anchors: readonly Anchor[], at: Date): Anchor[] | Problem {
  const names = certificates.map((one, i) => (i === 0 ? "the leaf" : `its intermediate "${subjectOf(one)}"`));
  // A server reads all that is presented before it looks for a path, and Go refuses what it cannot read.
  const read = certificates.map(readFacts);
  const [leaf, ...others] = read.filter((one) => one !== undefined);
  if (!leaf || 1 + others.length < read.length) return unreadable(names[read.indexOf(undefined)] ?? "the leaf");
  const weak = others.map((other, i) => keyProblem(other, names[i + 1]!)).find((problem) => problem !== undefined);
  if (weak) return weak;
  const presented = { leaf, others, names };
  const together = climb(presented, anchors, at);
  if ("end" in together) return deadEnd(presented, together.end, anchors);
  if (!("issuers" in together)) return together;

  for (const anchor of together.issuers) {
    const refused = filterRefusal(leaf, anchor);
    if (refused) return refused;
  }
  // Further up the chain there may be active anchors that nobody needs today. Alone they accept the client as well.
  const alone = (anchor: Anchor) =>
    together.issuers.includes(anchor) ||
    (others.some((one) => hasIssuerName(anchor.x509, one.x509)) &&
      "issuers" in climb(presented, [anchor], at) &&
      !filterRefusal(leaf, anchor));
  return anchors.filter(alone);
}

/** The filter of an anchor counts on a path that it verified, and only there. */
function filterRefusal(leaf: Facts, anchor: Anchor): Problem | undefined {
  if (anchor.celFilter === undefined) return undefined;
  const results = attributesOf(leaf).map(filterOf(anchor.celFilter));
  const refusal = results.find((result) => result !== true);
  if (refusal === undefined) return undefined;
  const why = refusal === false ? "" : `: the expression ${refusal}`;
  const because = results.includes(true)
    ? `may not let it through, depending on how the API reads fields that the client lacks or has twice${why}`
    : `does not let it through${why}`;
  return refusedByAll("filter", `the CEL filter of ${anchorName(anchor)} ${because}`);
}

function parseAnchor({ id, name, pem, celFilter }: AnchorContent): Anchor {
  // Of a bundle, the API uses the first certificate only.
  const [x509] = readCertificates(pem);
  if (!x509) {
    throw new ProviderError(`The content that the API holds for ${anchorName({ id, name })} is not a PEM certificate.`);
  }
  return { id, name, x509, facts: readFacts(x509), celFilter };
}

/** Undefined for what OpenSSL reads and RFC 5280 does not allow. */
function readFacts(x509: X509Certificate): Facts | undefined {
  try {
    return factsOf(x509);
  } catch (error) {
    if (error instanceof NotDer) return undefined;
    throw error;
  }
}
