import { parseRequiredClients, verifyClients } from "../clients";
import type { Session } from "../session";
import type { Proposed } from "./clientQuestions";
import { contents } from "./contents";
import { BATCH, bridging, hasGap, type Plan } from "./plan";
import type { Scope } from "./scope";

/**
 * The plan with its calls in an order in which no required client is refused between two of them, or why there is none.
 * Enforcement that begins or ends with more than one call has a moment in which only some of the anchors count.
 */
export async function bridge(
  session: Session,
  scope: Scope,
  { requiredClients, plan, uploads, listed }: Proposed,
): Promise<{ readonly plan: Plan } | { readonly refused: string }> {
  const { clients } = parseRequiredClients(requiredClients);
  if (clients.length === 0 || uploads.length > 0 || !hasGap(plan)) {
    return { plan };
  }
  const toggled = [...plan.activate, ...plan.deactivate].flat();
  const anchors = await contents(
    scope,
    listed.filter(({ id }) => toggled.includes(id)),
  );
  const verdicts = await verifyClients(clients, anchors, new Date(session.clock.now()));
  const needed = cover(verdicts.flatMap((verdict) => (verdict.accepted ? [verdict.via] : [])));
  if (needed.length <= BATCH) {
    return { plan: bridging(plan, needed) };
  }
  return {
    refused:
      `mTLS enforcement in ${scope.label} begins or ends with this change, which takes more than one call of ${BATCH} anchors, ` +
      `and requiredClients need ${needed.length} of the anchors: some of these clients would be refused for a moment. ` +
      `Nothing was changed. Change at most ${BATCH} of these anchors at a time, or take clients out of requiredClients for this run`,
  };
}

/** A few ids out of which every choice holds at least one; greedy, the one that serves most choices first. */
export function cover(choices: readonly (readonly string[])[]): string[] {
  const chosen: string[] = [];
  for (let open = choices; open.length > 0; ) {
    const counts = new Map<string, number>();
    for (const id of open.flat()) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const [best] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    if (best === undefined) {
      return chosen;
    }
    chosen.push(best[0]);
    open = open.filter((choice) => !choice.includes(best[0]));
  }
  return chosen;
}
