import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { quotedName } from "../words";
import type { Desired } from "./desired";
import { createRefusal, whoseOrganization } from "./observe";
import type { Scope } from "./scope";
import type { Before } from "./state";

/** Two names of one organization, each with an activation: they would take turns at every run. */
export function claimedTwice(session: Session, scope: Scope, news: Properties): string[] {
  const name = news["organization"] as string | undefined;
  const other = session.claim(scope.organization, name, scope.id);
  if (other === undefined) {
    return [];
  }
  const called = (one: string | undefined) => (one ? `organization "${one}"` : "the default organization");
  const where = scope.inProject ? scope.label : "it";
  return [
    `${called(name)} and ${called(other)} are the same organization, and this program has an activation of ${where} under each name: ` +
      "list all ids in one activation, and remove the other",
  ];
}

/**
 * What create would refuse, because another resource has found the key to be another organization's. Where the API does not
 * say whose it is, check alone can ask: diff has more to go by.
 */
export function inDoubt(scope: Scope, until: Before | undefined, listed: readonly ListedCertificate[]): string[] {
  const wrong = createRefusal(scope, until);
  if (wrong !== undefined) {
    return [wrong];
  }
  if (until === undefined || scope.organization.id !== undefined) {
    return [];
  }
  const whose = whoseOrganization(scope, until, listed);
  return whose.verdict === "same" ? [] : [whose.question("Nothing would be changed.")];
}

/** Certificates of another organization; with their ids, create and update would find that they are not there. */
export function misplaced(session: Session, { organization: own }: Scope, { hints, unknown }: Desired): string[] {
  // With ignoreChanges, check gets the old ids beside the hints of the new ones.
  return (unknown === 0 ? [] : hints).flatMap(({ id, isExact, name, organization }) => {
    const isOpen = id !== undefined || !isExact || isUnknown(organization);
    if (isOpen || session.problem(organization) !== undefined) {
      return [];
    }
    const other = session.organization(organization);
    // Two names may be of one organization, which only the API can tell.
    return other.id === undefined || own.id === undefined || other.id === own.id
      ? []
      : [
          `certificateIds lists ${quotedName(name)}, a certificate of ${other.label}, which cannot be active in ${own.label}: ` +
            "declare it, or this activation, with the other organization",
        ];
  });
}
