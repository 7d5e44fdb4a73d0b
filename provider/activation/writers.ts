import type { ListedCertificate } from "../api/wire";
import type { Session } from "../session";
import { describeAnchor } from "./anchors";
import { apply, Interrupted } from "./apply";
import type { Desired } from "./desired";
import { BATCH, batches, type Plan } from "./plan";
import type { Scope } from "./scope";
import { activeIds, type Before, withActive } from "./state";

/** Whether a plan takes away what others have activated: what the program never listed. */
export function takesFromOthers({ deactivate }: Pick<Plan, "deactivate">, before: Before | undefined): boolean {
  return deactivate.flat().some((id) => before?.listed.includes(id) !== true);
}

/** The wanted ids that are there and not active, although they have been. */
export function takenAway(
  wanted: Pick<Desired, "ids" | "ignored">,
  heldBack: readonly string[],
  listed: readonly ListedCertificate[],
): ListedCertificate[] {
  return listed.filter(
    ({ id, active }) => !active && wanted.ids.includes(id) && !wanted.ignored.includes(id) && !heldBack.includes(id),
  );
}

/**
 * Lists once more, after a plan that took away what others have activated, and activates again what they have taken away
 * meanwhile. Two exclusive writers at once can each deactivate what the other wants, and the API knows no condition under
 * which it would not: without this, both could end well and leave nothing active. As activating only adds trust, and
 * nothing is deactivated after it, whoever deactivates last leaves its own set active.
 */
export async function defend(
  { log }: Session,
  scope: Scope,
  wanted: Desired,
  heldBack: readonly string[],
  assumed: readonly ListedCertificate[],
): Promise<ListedCertificate[]> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookAgain();
  } catch (error) {
    throw new Interrupted(activeIds(assumed), error as Error);
  }
  const lost = takenAway(wanted, heldBack, listed);
  if (lost.length === 0) {
    return listed;
  }
  log.warn(
    `another writer deactivated ${lost.map((one) => describeAnchor(one)).join("; ")} in ${scope.label} while this run changed the set; this run activates it again. ` +
      "Let one pipeline or person at a time change the set, or set exclusive: false where several manage it",
  );
  const ids = lost.map(({ id }) => id);
  const active = await apply(scope, { activate: batches(ids, BATCH), deactivate: [] }, activeIds(listed));
  return withActive(listed, active);
}
