import { type Anchor, anchorName, isSame, type Presented } from "./anchor";
import type { Facts } from "./facts";
import { oneLine, subjectOf } from "./parse";
import { hasIssuerName, isSignedBy, mayHaveIssued } from "./path";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

/** It only finds a better word: there may be any number of namesakes in what somebody presents. */
const MOST_SIGNATURES = 60;

/** Why a path ends at a certificate that no active anchor can have issued and that the next one presented has not either. */
export function deadEnd({ leaf, others, names }: Presented, at: number, anchors: readonly Anchor[]): Problem {
  const all = [leaf, ...others];
  const end = all[at]!;
  const later = all.findIndex((one, i) => i > at && mayHaveIssued(one, end));
  if (later > 0 && end !== all[later] && !isRoot(end)) {
    return refusedBySome("order", `${names[later]} must come right after ${names[at]}, which it issued`);
  }
  if (anchors.length === 0) return refusedByAll("no-path", "there is no active anchor that could have issued it");
  const itself = anchors.find((anchor) => isSame(anchor.x509, leaf.x509));
  if (itself) {
    return refusedByAll("no-path", `it is ${anchorName(itself)} itself, and a client has to be issued by an anchor`);
  }
  const namesakes = [...anchors, ...all.flatMap((one, i) => (i > at ? { name: names[i]!, x509: one.x509 } : []))]
    .filter(({ x509 }) => hasIssuerName(x509, end.x509) && !isSame(x509, end.x509))
    .map((one) => ({ x509: one.x509, name: "id" in one ? anchorName(one) : `${one.name} in its chain` }));
  const signer = namesakes.slice(0, MOST_SIGNATURES).find(({ x509 }) => isSignedBy(end.x509, x509));
  if (signer) {
    const reason = `the Authority Key Identifier of ${names[at]} is not the key identifier of ${signer.name}, which signed it`;
    return refusedBySome("key-identifier", reason);
  }
  const confusion =
    namesakes.length > 0 ? ` (${listed(namesakes.map(({ name }) => name))}: the issuer's name, but another key)` : "";
  const last = `"${subjectOf(end.x509)}"`;
  const among = anchors.length === 1 ? "the one active anchor" : `among the ${anchors.length} active anchors`;
  const nobody = "no active anchor issued it:";
  if (isRoot(end)) {
    return refusedByAll("no-path", `${nobody} its chain ends at the root ${last}, which is not ${among}${confusion}`);
  }
  if (confusion !== "") {
    return refusedByAll("no-path", `${nobody} its chain ends at ${last}, which no active anchor signed${confusion}`);
  }
  const issuer = `"${oneLine(end.x509.issuer)}", the issuer of ${last},`;
  return refusedByAll("no-path", `${nobody} ${issuer} is neither in its chain (a missing intermediate?) nor ${among}`);
}

function isRoot(certificate: Facts): boolean {
  return mayHaveIssued(certificate, certificate);
}

function listed(names: readonly string[]): string {
  const [few, more] = [names.slice(0, 3), names.length - 3];
  return more > 0 ? `${few.join(", ")} and ${more} more` : few.join(", ");
}
