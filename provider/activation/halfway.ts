import { ProviderError } from "../errors";
import { withoutStop } from "../words";
import { describeAnchors } from "./anchors";
import type { Interrupted } from "./apply";
import { type Anchor, hasGap, type Plan } from "./plan";

/**
 * The error of a plan that stopped half way. Where enforcement was to begin or end with more than one call, some clients are
 * refused now that are accepted before and after the change, which the failed call does not tell.
 */
export function halfway(
  plan: Pick<Plan, "activate" | "deactivate" | "enforcement">,
  { active, unsure, cause }: Interrupted,
  listed: readonly Anchor[],
  label: string,
): Error {
  const toggled = [...plan.activate, ...plan.deactivate].flat();
  const known = toggled.filter((id) => active.has(id) && !unsure.includes(id));
  const others = listed.filter(({ id }) => toggled.includes(id) && !known.includes(id));
  if (!hasGap(plan) || active.size === 0 || others.length === 0) {
    return cause;
  }
  const number = `${known.length} of ${toggled.length} anchors ${unsure.length === 0 ? "active" : "known to be active"}`;
  return new ProviderError(
    `${withoutStop(cause)}. mTLS enforcement ${known.length === 0 ? "may be" : "is"} on in ${label} now, with ${number}: ` +
      `clients of ${describeAnchors(others)} ${unsure.length === 0 ? "are" : "may be"} refused until this change is complete. Run again`,
    { cause },
  );
}
