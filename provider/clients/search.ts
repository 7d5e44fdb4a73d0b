import { type Anchor, anchorName, isSame, type Presented, unreadable } from "./anchor";
import type { Facts } from "./facts";
import { hasIssuerName, leafProblem, linkProblem, MAX_INTERMEDIATES, mayHaveIssued } from "./path";
import { type Problem, refusedBySome } from "./rules";

/**
 * The anchors that issued what a client presents, or why it is refused, in the vendor's order: the leaf against the active
 * anchors, and only where none of them can have issued it, the next certificate of the chain. There is nothing to search:
 * where anchors could have issued a certificate, all of them must hold, because verifiers differ in which one they pick,
 * and where none could, the next certificate must have, because not all verifiers look for it further down. `end` is the
 * place of the certificate after which there is no way on.
 */
export function climb(
  presented: Presented,
  anchors: readonly Anchor[],
  at: Date,
): { readonly issuers: Anchor[] } | { readonly end: number } | Problem {
  const { leaf, others, names } = presented;
  const unfit = leafProblem(leaf, at);
  if (unfit) return unfit;
  const path = [leaf];
  for (const [i, next] of [...others, undefined].entries()) {
    const current = path[i]!;
    const link = (issuer: Facts, name: string, isAnchor: boolean) =>
      linkProblem({ certificates: [...path, issuer], names: [...names.slice(0, i + 1), name] }, at, isAnchor);
    const selected = anchors.filter((anchor) => couldBeSelected(anchor, current));
    if (selected.length > 0) return judgeSelected(selected, (issuer, name) => link(issuer, name, true));

    if (!next) break;
    const name = names[i + 1]!;
    if (!mayHaveIssued(next, current)) break;
    if (i === MAX_INTERMEDIATES)
      return refusedBySome("path-length", `its path has more than ${MAX_INTERMEDIATES} intermediates`);
    const problem = link(next, name, false);
    if (problem) return problem;
    path.push(next);
  }
  return { end: path.length - 1 };
}

function couldBeSelected({ facts, x509 }: Anchor, issued: Facts): boolean {
  if (isSame(x509, issued.x509)) return false;
  return facts ? mayHaveIssued(facts, issued) : hasIssuerName(x509, issued.x509);
}

function judgeSelected(
  selected: readonly Anchor[],
  problemOf: (issuer: Facts, name: string) => Problem | undefined,
): { readonly issuers: Anchor[] } | Problem {
  const problems = selected.map((anchor) =>
    anchor.facts ? problemOf(anchor.facts, anchorName(anchor)) : unreadable(anchorName(anchor)),
  );
  const failed = problems.filter((problem) => problem !== undefined);
  const [first] = failed;
  if (!first) return { issuers: [...selected] };
  const good = selected.find((_, i) => problems[i] === undefined);
  const reason = [...new Set(failed.map((problem) => problem.reason))].join("; ");
  if (!good) return { ...first, reason };
  return refusedBySome(
    "namesake",
    `${anchorName(good)} accepts it, but a verifier may pick another active anchor with the same name: ${reason}`,
  );
}
