import { isNotFound } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import { apply, Interrupted } from "./apply";
import { bridge } from "./bridge";
import { lockOuts } from "./clientGate";
import { explainLeaving } from "./explain";
import { activationInputs } from "./inputs";
import { isEmpty, type Plan, plan } from "./plan";
import type { Scope } from "./scope";
import { activeIds, managedBy } from "./state";

/** Deactivates what a resource manages and is still live, but for what another activation has taken in this run. */
export async function remove(session: Session, scope: Scope, props: Properties): Promise<void> {
  const leaving = await planLeaving(scope, props);
  if (leaving === undefined || isEmpty(leaving.plan)) {
    return;
  }
  const { listed } = leaving;
  const proposed = { inputs: activationInputs(props), plan: leaving.plan, unknown: 0, listed };
  const locked = await lockOuts(session, scope, proposed);
  const bridged = locked.length > 0 ? { refused: locked.join("\n") } : await bridge(session, scope, proposed);
  if ("refused" in bridged) {
    throw new ProviderError(
      `${bridged.refused}. To delete the activation all the same, take requiredClients out of it first`,
    );
  }
  const endsEnforcement = bridged.plan.enforcement === "turns off" && !scope.inProject;
  if (!endsEnforcement) {
    announce(session, scope, leaving);
  }
  try {
    await apply(scope, bridged.plan, activeIds(listed));
  } catch (error) {
    throw error instanceof Interrupted ? error.cause : error;
  }
  if (endsEnforcement) {
    session.log.warn(`nothing is active in ${scope.label} any more: mTLS is not enforced there`);
  }
}

/** Says what a replacement by another scope's activation is going to do to the scope that it leaves. */
export async function announceLeaving(session: Session, scope: Scope, olds: Properties): Promise<void> {
  const leaving = await planLeaving(scope, olds);
  if (leaving !== undefined) {
    announce(session, scope, leaving);
  }
}

interface Leaving {
  readonly plan: Plan;
  readonly listed: readonly ListedCertificate[];
}

function announce(session: Session, { label, inProject }: Scope, leaving: Leaving): void {
  const text = explainLeaving({ ...leaving, label, inProject, now: session.clock.now() });
  if (text !== undefined) {
    session.log.info(text);
  }
}

async function planLeaving(scope: Scope, props: Properties): Promise<Leaving | undefined> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookToDecide();
  } catch (error) {
    // A project that is gone has no set any more.
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
  const planned = plan({
    wanted: [],
    unknown: 0,
    live: listed.filter(({ active }) => active),
    exclusive: false,
    ignored: activationInputs(props).ignored,
    managed: managedBy(props),
    held: [...scope.held],
  });
  return { plan: planned, listed };
}
