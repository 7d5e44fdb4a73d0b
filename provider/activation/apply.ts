import { ApiError } from "../api/errors";
import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
import type { Plan } from "./plan";
import type { Scope } from "./scope";

/** A plan that stopped half way. */
export class Interrupted extends Error {
  constructor(
    /** Ids that are or, where an answer was lost, may be active. */
    readonly active: ReadonlySet<string>,
    override readonly cause: Error,
    /** Of those that were to be toggled, the ids of which it is not known whether they were. */
    readonly unsure: readonly string[] = [],
  ) {
    super(cause.message);
  }
}

/**
 * Carries a plan out and answers what is active afterwards. Activations come first, and nothing is deactivated before
 * they are confirmed, so that at no moment there is less trust than the old and the new set have in common. The toggles'
 * answers are the observation; only where one does not confirm what was asked is the list read again.
 */
export async function apply(
  scope: Scope,
  plan: Pick<Plan, "activate" | "deactivate">,
  live: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const activated = await toggle(scope, plan.activate, true, live);
  return toggle(scope, plan.deactivate, false, activated);
}

async function toggle(
  scope: Scope,
  batches: Plan["activate"],
  on: boolean,
  live: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  let active = live;
  const unconfirmed: string[] = [];
  for (const ids of batches) {
    let answer: ListedCertificate[];
    try {
      answer = await (on ? scope.activate(ids) : scope.deactivate(ids));
    } catch (error) {
      const lost = error instanceof ApiError && error.lost ? ids : [];
      const unsure = [...lost, ...unconfirmed];
      throw new Interrupted(new Set([...active, ...unsure]), error as Error, unsure);
    }
    active = new Set(on ? [...active, ...ids] : [...active].filter((id) => !ids.includes(id)));
    unconfirmed.push(...ids.filter((id) => !answer.some((one) => one.id === id && one.active === on)));
  }
  return unconfirmed.length === 0 ? active : confirm(scope, unconfirmed, on, active);
}

async function confirm(
  scope: Scope,
  ids: readonly string[],
  on: boolean,
  assumed: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  let listed: ListedCertificate[];
  try {
    listed = await scope.lookAgain();
  } catch (error) {
    throw new Interrupted(new Set([...assumed, ...ids]), error as Error, ids);
  }
  const active = new Set(listed.filter((certificate) => certificate.active).map(({ id }) => id));
  const wrong = ids.filter((id) => active.has(id) !== on);
  if (wrong.length > 0) {
    const state = on ? "is not active" : "is still active";
    const stopped = on ? "; nothing was deactivated" : "";
    const message =
      `the API accepted the change of ${scope.label}, but ${wrong.map((id) => `${id} ${state}`).join(", ")}${stopped}. ` +
      "Is another writer changing the set? Run again";
    throw new Interrupted(active, new ProviderError(message));
  }
  return active;
}
