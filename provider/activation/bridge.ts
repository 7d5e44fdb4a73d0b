import { type AnchorContent, parseRequiredClients, type RequiredClient, verifyClients } from "../clients";
import type { Session } from "../session";
import type { Proposed } from "./clientQuestions";
import { contents, uploadContents } from "./contents";
import { BATCH, batches, between, bridging, hasGap, type Plan } from "./plan";
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
  const pending = uploadContents(uploads);
  const isPending = (id: string) => pending.some((one) => one.id === id);
  const whole = { ...plan, activate: batches([...plan.activate.flat(), ...pending.map(({ id }) => id)], BATCH) };
  if (clients.length === 0 || !hasGap(whole)) {
    return { plan };
  }
  const toggled = [...whole.activate, ...whole.deactivate].flat();
  const known = await contents(
    scope,
    listed.filter(({ id }) => toggled.includes(id)),
  );
  const order = await orderOf(clients, [...known, ...pending], whole, new Date(session.clock.now()));
  if ("plan" in order) {
    const activate = order.plan.activate.flat().filter((id) => !isPending(id));
    return { plan: { ...order.plan, activate: batches(activate, BATCH) } };
  }
  return {
    refused:
      `mTLS enforcement in ${scope.label} begins or ends with this change, which takes more than one call of ${BATCH} anchors, ` +
      `and requiredClients need ${order.needed.length} of the anchors: some of these clients would be refused for a moment. ` +
      `Nothing was changed. Change at most ${BATCH} of these anchors at a time, or take clients out of requiredClients for this run`,
  };
}

/**
 * An anchor that accepts a client alone may not do so beside another, such as an expired one of the same name: then it is
 * no choice for this client. Those that issued what the client presents first accept it beside any others.
 */
async function orderOf(
  clients: readonly RequiredClient[],
  anchors: readonly AnchorContent[],
  plan: Plan,
  at: Date,
): Promise<{ readonly plan: Plan } | { readonly needed: readonly string[] }> {
  const verdicts = await verifyClients(clients, anchors, at);
  const asked = verdicts.filter(({ accepted }) => accepted).map(({ client }) => client);
  let choices = verdicts.flatMap((verdict) => (verdict.accepted ? [verdict.via] : []));
  for (;;) {
    const needed = cover(choices);
    if (needed.length > BATCH || choices.some((choice) => choice.length === 0)) {
      return { needed };
    }
    const ordered = bridging(plan, needed);
    const refused = await refusedBetween(asked, anchors, ordered, at);
    if (refused.size === 0) {
      return { plan: ordered };
    }
    choices = choices.map((choice, index) => choice.filter((id) => refused.get(index)?.includes(id) !== true));
  }
}

/** By the index of a client, the ids of a set on the way that refuses it. */
async function refusedBetween(
  clients: readonly RequiredClient[],
  anchors: readonly AnchorContent[],
  plan: Plan,
  at: Date,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const refused = new Map<number, readonly string[]>();
  for (const ids of between(plan)) {
    const set = anchors.filter(({ id }) => ids.includes(id));
    for (const [index, { accepted }] of (await verifyClients(clients, set, at)).entries()) {
      if (!accepted) {
        refused.set(index, ids);
      }
    }
  }
  return refused;
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
