import { type RequiredClient, subjectOf } from "./parse";
import { type DeadEnd, isSelfSigned, same, type TrustAnchor } from "./paths";

/** Why no anchor issued a client, told from the dead end that is furthest from its leaf. */
export function noPathReason(
  { leaf, others }: Pick<RequiredClient, "leaf" | "others">,
  deadEnds: readonly DeadEnd[],
  anchors: readonly TrustAnchor[],
): string {
  if (anchors.length === 0) return "there is no active anchor that could have issued it";
  const itself = anchors.find((anchor) => same(anchor.x509, leaf));
  if (itself) return `it is ${anchorName(itself)} itself, and a client has to be issued by an anchor`;

  const end = deadEnds.reduce((furthest, one) => (one.depth > furthest.depth ? one : furthest));
  const last = `"${subjectOf(end.certificate)}"`;
  const among = anchors.length === 1 ? "the one active anchor" : `among the ${anchors.length} active anchors`;
  const namesakes = end.namesakes.map((one) => ("id" in one ? anchorName(one) : `"${subjectOf(one)}" in its chain`));
  const confusion = namesakes.length > 0 ? ` (${namesakes.join(", ")}: the issuer's name, but another key)` : "";
  if (isSelfSigned(end.certificate)) {
    return `no active anchor issued it: its chain ends at the root ${last}, which is not ${among}${confusion}`;
  }
  if (confusion !== "" || others.some((one) => one.subject === end.certificate.issuer)) {
    return `no active anchor issued it: its chain ends at ${last}, which no active anchor signed${confusion}`;
  }
  const issuer = end.certificate.issuer.replace(/\n/g, ", ");
  return `no active anchor issued it: "${issuer}", the issuer of ${last}, is neither in its chain (a missing intermediate?) nor ${among}`;
}

/** An anchor as messages name it. */
export function anchorName({ id, name }: Pick<TrustAnchor, "id" | "name">): string {
  return name === null ? `anchor ${id}` : `anchor ${id} "${name}"`;
}
