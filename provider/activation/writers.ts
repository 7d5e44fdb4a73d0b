import type { ListedCertificate } from "../api/wire";
import { DAY_MS } from "../clock";
import { ProviderError } from "../errors";
import type { Session } from "../session";
import { withoutStop } from "../words";
import { describeAnchors } from "./anchors";
import { apply, Interrupted } from "./apply";
import type { Desired } from "./desired";
import { BATCH, batches, type Plan } from "./plan";
import type { Scope } from "./scope";
import { activeIds, withActive } from "./state";

/** A plan that has been carried out, and what it was made for. */
interface Done {
  readonly plan: Pick<Plan, "deactivate">;
  readonly wanted: Desired;
  readonly heldBack: readonly string[];
}

/**
 * Lists once more after a plan that deactivated something. Two writers at once can each deactivate what the other leaves
 * active, and the API knows no condition under which it would not: without this, both could end well and leave nothing
 * active. Each looks after its own last deactivation, so whoever deactivates last sees what came of both, and from then on
 * only adds trust: it activates what it wants; where it wants nothing that is there, what it has just taken away.
 */
export async function defend(
  session: Session,
  scope: Scope,
  { plan, wanted, heldBack }: Done,
  assumed: readonly ListedCertificate[],
): Promise<ListedCertificate[]> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookAgain();
  } catch (error) {
    throw new Interrupted(activeIds(assumed), error as Error);
  }
  const lost = takenAway(wanted, heldBack, listed);
  if (lost.length > 0) {
    session.log.warn(
      `another writer deactivated ${describeAnchors(lost)} in ${scope.label} while this run changed the set; this run activates it again. ` +
        "Let one pipeline or person at a time change the set, or set exclusive: false where several manage it",
    );
    return withActive(listed, await activate(scope, lost, listed));
  }
  if (wanted.allowEmpty || listed.some(({ active }) => active)) {
    return listed;
  }
  const gone = assumed.filter(({ id }) => plan.deactivate.flat().includes(id));
  return restore(scope, gone, listed, session.clock.now());
}

/** The wanted ids that are there and not active, although they have been. */
export function takenAway(
  wanted: Pick<Desired, "ids">,
  heldBack: readonly string[],
  listed: readonly ListedCertificate[],
): ListedCertificate[] {
  return listed.filter(({ id, active }) => !active && wanted.ids.includes(id) && !heldBack.includes(id));
}

/** Ends in a failure all the same: what the program wants, without `allowEmpty`, cannot be had at this moment. */
async function restore(
  scope: Scope,
  gone: readonly ListedCertificate[],
  listed: readonly ListedCertificate[],
  now: number,
): Promise<never> {
  const because = "because another writer deactivated the others at the same time";
  const proceed =
    "Let one pipeline or person at a time change the set, list an anchor that is to stay, and run again; to end enforcement, set allowEmpty: true";
  // One that expires within a day would make the API refuse the others with it.
  const valid = gone.filter(({ expiresAt }) => expiresAt === undefined || expiresAt * 1000 - now >= DAY_MS);
  const again = valid.length > 0 ? valid : gone;
  let active: ReadonlySet<string>;
  try {
    active = await activate(scope, again, listed);
  } catch (error) {
    const { active: maybe, cause } = error as Interrupted;
    const message =
      `nothing is active in ${scope.label} now, and mTLS is not enforced there: this run deactivated ${describeAnchors(gone)}, ${because}, ` +
      `and activating them again failed: ${withoutStop(cause)}. ${proceed}`;
    throw new Interrupted(maybe, new ProviderError(message, { cause }));
  }
  const message =
    `nothing was active in ${scope.label} any more after this run deactivated ${describeAnchors(gone)}, ${because}; ` +
    `this run activated ${describeAnchors(again)} again. ${proceed}`;
  throw new Interrupted(active, new ProviderError(message));
}

function activate(
  scope: Scope,
  anchors: readonly ListedCertificate[],
  listed: readonly ListedCertificate[],
): Promise<ReadonlySet<string>> {
  const ids = anchors.map(({ id }) => id);
  return apply(scope, { activate: batches(ids, BATCH), deactivate: [] }, activeIds(listed));
}
