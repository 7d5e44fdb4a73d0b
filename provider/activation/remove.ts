import { isNotFound } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import { WrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { count, named } from "../words";
import { apply, Interrupted } from "./apply";
import { desired, listedIds } from "./desired";
import { halfway } from "./halfway";
import { whoseOrganization } from "./observe";
import { BATCH, batches } from "./plan";
import { type Scope, turnOf } from "./scope";
import { activeIds, before } from "./state";

/**
 * Deletes an activation, which leaves the set as it is: forgetting is harmless. Only where its state says
 * `deactivateOnDelete`, which a run before this one has put there, what the program listed is deactivated.
 */
export async function removeActivation(session: Session, scope: Scope, props: Properties): Promise<void> {
  const { deactivateOnDelete } = desired(props);
  if (deactivateOnDelete) {
    await scope.organization.inTurn(turnOf(scope.id), () => deactivateListed(session, scope, props));
    return;
  }
  const left = await stillActive(scope, props);
  if (left.length > 0) {
    session.log.info(
      `the active set of ${scope.label} stays as it is without its activation: ${left.join(", ")} ` +
        `${left.length === 1 ? "is" : "are"} still active. If that is to end, declare the activation again as it was and run ` +
        // Declared anew with less, it would be refused for want of takeOver, which may concern other anchors as well.
        `\`pulumi up\`, then take ${left.length === 1 ? "it" : "them"} out of certificateIds (with allowEmpty: true where nothing is left)`,
    );
  }
}

/**
 * Where an activation moves to another scope and state says `deactivateOnDelete`: what deleting the old one takes away, also
 * where the program has taken the flag out. The engine shows no plan for a delete.
 */
export function replacementWarnings(label: string, olds: Properties, condition: string): string[] {
  const { deactivateOnDelete, ignored } = desired(olds);
  const ids = (before(olds)?.listed ?? []).filter((id) => !ignored.includes(id));
  return deactivateOnDelete && ids.length > 0
    ? [
        `deactivateOnDelete was set by an earlier run: ${condition}this replacement deactivates ${ids.join(", ")} in ${label}, also where that ends ` +
          "enforcement. To keep them active, first run up with deactivateOnDelete: false and nothing else changed",
      ]
    : [];
}

/**
 * What it answered for, with what a run before could not deactivate. By the list, for the names; by what state has observed
 * where the list cannot be had: a delete that writes nothing works.
 */
async function stillActive(scope: Scope, props: Properties): Promise<string[]> {
  const observed = listedIds(props["certificateIds"]) ?? [];
  const own = new Set([...observed, ...(before(props)?.listed ?? [])]);
  try {
    const listed = await scope.look();
    return listed.filter(({ id, active }) => active && own.has(id)).map(named);
  } catch (error) {
    // A project that is gone has no set any more.
    if (scope.inProject && isNotFound(error)) {
      return [];
    }
    if (!(error instanceof ProviderError)) {
      throw error;
    }
    return observed;
  }
}

async function deactivateListed(session: Session, scope: Scope, props: Properties): Promise<void> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookToDecide();
  } catch (error) {
    // A project that is gone has no set any more.
    if (isNotFound(error)) {
      return;
    }
    throw error;
  }
  const state = before(props);
  const whose = whoseOrganization(scope, state, listed);
  if (whose.verdict === "other") {
    throw new WrongOrganization(whose.question("Nothing was deactivated."));
  }
  const { ignored } = desired(props);
  const going = listed.filter(({ id, active }) => active && state?.listed.includes(id) && !ignored.includes(id));
  const ids = going.map(({ id }) => id).sort();
  if (ids.length === 0) {
    return;
  }
  session.log.info(
    `deactivateOnDelete: deactivating ${count(ids.length, "anchor")} in ${scope.label}: ${going.map(named).join(", ")}`,
  );
  const live = activeIds(listed);
  const enforcement = live.size === ids.length ? "turns off" : "stays on";
  const plan = { activate: [], deactivate: batches(ids, BATCH), enforcement } as const;
  let active: ReadonlySet<string>;
  try {
    active = await apply(scope, plan, live);
  } catch (error) {
    throw error instanceof Interrupted ? halfway(plan, error, listed, scope.label) : error;
  }
  if (active.size === 0) {
    session.log.warn(`nothing is active in ${scope.label} any more: mTLS is not enforced there`);
  }
}
