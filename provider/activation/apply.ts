import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
import type { Plan } from "./plan";
import type { Scope } from "./scope";

/** A plan that stopped half way. */
export class Interrupted extends Error {
  constructor(
    /** Ids that are active as far as the answers so far tell. */
    readonly active: ReadonlySet<string>,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}

/**
 * Carries a plan out and answers what is active afterwards. Activations come first, so that at no moment there is less
 * trust than the old and the new set have in common. The toggles' answers are the observation; only where one does not
 * confirm what was asked is the list read again.
 */
export async function apply(
  scope: Scope,
  plan: Pick<Plan, "activate" | "deactivate">,
  live: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const active = new Set(live);
  let confirmed = true;
  try {
    for (const ids of plan.activate) {
      confirmed = confirms(await scope.activate(ids), ids, true) && confirmed;
      for (const id of ids) {
        active.add(id);
      }
    }
    for (const ids of plan.deactivate) {
      confirmed = confirms(await scope.deactivate(ids), ids, false) && confirmed;
      for (const id of ids) {
        active.delete(id);
      }
    }
    return confirmed ? active : await verify(scope, plan);
  } catch (error) {
    throw new Interrupted(active, error as Error);
  }
}

function confirms(answer: readonly ListedCertificate[], ids: readonly string[], active: boolean): boolean {
  return ids.every((id) => answer.some((certificate) => certificate.id === id && certificate.active === active));
}

async function verify(scope: Scope, plan: Pick<Plan, "activate" | "deactivate">): Promise<ReadonlySet<string>> {
  const listed = await scope.lookAgain();
  const active = new Set(listed.filter((certificate) => certificate.active).map(({ id }) => id));
  const off = plan.activate.flat().filter((id) => !active.has(id));
  const on = plan.deactivate.flat().filter((id) => active.has(id));
  if (off.length + on.length > 0) {
    throw new ProviderError(
      `the API accepted the change of ${scope.label}, but ${[...off.map((id) => `${id} is not active`), ...on.map((id) => `${id} is still active`)].join(", ")}. ` +
        "Is somebody else changing the set? Run again",
    );
  }
  return active;
}
