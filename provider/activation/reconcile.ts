import { PartialFailure, ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import { WrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { apply, Interrupted } from "./apply";
import { desired } from "./desired";
import { halfway } from "./halfway";
import { createRefusal, including, whoseOrganization } from "./observe";
import { type Scope, turnOf } from "./scope";
import { activeIds, type Before, retiringIds, toState, withActive } from "./state";
import { judge } from "./verdict";
import { defend } from "./writers";

/** Create and update: observe, plan, refuse or apply, observe; one at a time for each scope. Answers the new state. */
export function reconcile(
  session: Session,
  scope: Scope,
  before: Before | undefined,
  news: Properties,
): Promise<Properties> {
  return scope.organization.inTurn(turnOf(scope.id), () => converge(session, scope, before, news));
}

async function converge(
  session: Session,
  scope: Scope,
  before: Before | undefined,
  news: Properties,
): Promise<Properties> {
  const wanted = desired(news);
  if (scope.inProject && wanted.requiredClients.length > 0) {
    // A change of the organization's set that is under way: it decides where this one is emptied. It never waits for a project's.
    await scope.organization.inTurn(turnOf("organization"), () => Promise.resolve());
  }
  const listed = await including(scope, wanted, scope.lookToDecide());
  const whose = whoseOrganization(scope, before, listed);
  if (whose.verdict !== "same") {
    throw new WrongOrganization(whose.question("Nothing was changed."));
  }
  const wrong = createRefusal(scope, before);
  if (wrong !== undefined) {
    throw new WrongOrganization(wrong);
  }
  const { plan, refused, text, warnings, heldBack } = await judge(session, scope, wanted, before, listed, "write");
  if (refused.length > 0) {
    throw new ProviderError(refused.join("\n"));
  }
  // Said by check already, unless the set has changed since.
  say(session, text, warnings);
  const organizationId = scope.organization.id ?? before?.organizationId;
  const observed = { heldBack, retiring: retiringIds(plan, before), organizationId };
  try {
    const after = withActive(listed, await apply(scope, plan, activeIds(listed)));
    const last = plan.deactivate.length > 0 ? await defend(session, scope, { plan, wanted, heldBack }, after) : after;
    if (last.some(({ active }) => active)) {
      scope.organization.run.uncovered.delete(scope.id);
    }
    return toState(news, { ...observed, listed: last });
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      throw error;
    }
    const state = toState(news, { ...observed, listed: withActive(listed, error.active) }, before?.listed);
    const foreign = plan.deactivate.flat().filter((id) => error.active.has(id) && !before?.listed.includes(id));
    // A takeover that is not complete has not answered for the set: the rest of it needs takeOver again.
    const left = foreign.length > 0 && before?.exclusive !== true ? { exclusive: false } : {};
    throw new PartialFailure(scope.id, { ...state, ...left }, halfway(plan, error, listed, scope.label));
  }
}

/** Each line once a run: the log drops what it has said already. */
export function say({ log }: Session, text: string | undefined, warnings: readonly string[]): void {
  if (text !== undefined) {
    log.info(text);
  }
  for (const warning of warnings) {
    log.warn(warning);
  }
}
