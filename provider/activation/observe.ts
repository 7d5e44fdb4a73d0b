import type { ListedCertificate } from "../api/wire";
import { rightOrganization, type Verdict, wrongOrganization } from "../rightOrganization";
import type { Desired } from "./desired";
import type { Scope } from "./scope";
import type { Before } from "./state";

/** A list, unless it misses a wanted certificate: that may have been uploaded since, also by another stack. */
export async function including(
  scope: Scope,
  { ids }: Desired,
  look: Promise<ListedCertificate[]>,
): Promise<ListedCertificate[]> {
  const listed = await look;
  const there = new Set(listed.map(({ id }) => id));
  return ids.every((id) => there.has(id)) ? listed : scope.lookAgain();
}

/** Why a new activation must not write: another resource of this run has found the key to be another organization's. */
export function createRefusal({ label, organization }: Scope, before: Before | undefined): string | undefined {
  const { wrongOrganization: reason } = organization.run;
  return before === undefined && reason !== undefined
    ? `nothing was changed in ${label}, because ${reason}`
    : undefined;
}

export interface Whose {
  readonly verdict: Verdict;
  /** The question that stops a write; given what happens instead, as a sentence. */
  question(consequence: string): string;
}

/**
 * Whether the listed certificates are those of the organization that state speaks of: any that the program listed before
 * and that exists proves it. An empty list proves nothing, and needs no proof as long as no other organization answers.
 */
export function whoseOrganization(
  scope: Scope,
  before: Before | undefined,
  listed: readonly ListedCertificate[],
): Whose {
  const known = before?.listed ?? [];
  const there = new Set(listed.map(({ id }) => id));
  const exists = known.some((id) => there.has(id));
  const evidence = scope.organization.evidence(before?.organizationId, exists);
  const verdict = rightOrganization(evidence);
  return {
    verdict: verdict === "unknown" && known.length === 0 ? "same" : verdict,
    question: (consequence) => wrongOrganization(`the active set of ${scope.label}`, evidence, consequence),
  };
}
