import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import { apply, Interrupted } from "./apply";
import { activationInputs } from "./inputs";
import { BATCH, batches, type Plan } from "./plan";
import { describeAnchor } from "./refusals";
import type { Scope } from "./scope";
import { activeIds, managedBy, withActive } from "./state";

/** Whether a plan takes away what others have activated: what this resource did not answer for before this run. */
export function takesFromOthers({ deactivate }: Pick<Plan, "deactivate">, scope: Scope, olds: Properties): boolean {
  const own = new Set((managedBy(olds) ?? []).filter((id) => !scope.strangers.has(id)));
  return deactivate.flat().some((id) => !own.has(id));
}

/** The wanted ids that are there and not active, although they have been. */
export function takenAway(news: Properties, listed: readonly ListedCertificate[]): ListedCertificate[] {
  const { wanted, ignored } = activationInputs(news);
  return listed.filter(({ id, active }) => !active && wanted.includes(id) && !ignored.includes(id));
}

/**
 * Looks once more, after a plan that took away what others have activated, and activates again what they have taken away
 * meanwhile. Two exclusive writers at once can each deactivate what the other wants, and the API knows no condition under
 * which it would not: without this, both could end well and leave nothing active. As activating only adds trust, and
 * nothing is deactivated after it, whoever deactivates last leaves its own set active.
 */
export async function defend(
  { log }: Session,
  scope: Scope,
  news: Properties,
  assumed: readonly ListedCertificate[],
): Promise<ListedCertificate[]> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookAgain();
  } catch (error) {
    throw new Interrupted(activeIds(assumed), error as Error);
  }
  const lost = takenAway(news, listed);
  if (lost.length === 0) {
    return listed;
  }
  log.warn(
    `another writer deactivated ${lost.map(describeAnchor).join("; ")} in ${scope.label} while this run changed the set: activated again. ` +
      "Let one pipeline or person at a time change the set, or set exclusive: false where several manage it",
  );
  const ids = lost.map(({ id }) => id);
  const active = await apply(scope, { activate: batches(ids, BATCH), deactivate: [] }, activeIds(listed));
  return withActive(listed, active);
}
