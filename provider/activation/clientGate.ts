import type { ListedCertificate } from "../api/wire";
import type { Session } from "../session";
import type { ActivationInputs } from "./inputs";
import { isEmpty, type Plan } from "./plan";
import { type AnchorContent, parseRequiredClients, type RequiredClient, verifyClients } from "./requiredClients";
import type { Scope } from "./scope";

/** What is wrong with the client chains themselves; found without any call. */
export function clientProblems(chains: readonly string[]): string[] {
  return parseRequiredClients(chains).problems.map(({ index, reason }) => `requiredClients[${index}] ${reason}`);
}

/**
 * The required clients that the set after the change would refuse, one text each. Contents of anchors are fetched only
 * when there are required clients. Where the plan changes nothing there is nothing to hold back, so it only warns.
 */
export async function lockOuts(
  session: Session,
  scope: Scope,
  inputs: ActivationInputs,
  plan: Plan,
  listed: readonly ListedCertificate[],
): Promise<string[]> {
  const { clients } = parseRequiredClients(inputs.requiredClients);
  if (clients.length === 0) {
    return [];
  }
  const after = await anchorsAfter(scope, inputs, plan, listed);
  if (after.length === 0) {
    return [];
  }
  const now = new Date(session.clock.now());
  const verdicts = await verifyClients(clients, after, now);
  const refused = verdicts.flatMap((verdict) => (verdict.accepted ? [] : [verdict]));
  if (refused.length === 0) {
    return [];
  }
  const live = await contents(
    scope,
    listed.filter(({ active }) => active),
  );
  const texts = await Promise.all(
    refused.map(async ({ client, reason }) => {
      const before = await dependedOn(client, live, plan, now);
      return `required client ${client.subject} (requiredClients[${client.index}]) would be locked out of ${scope.label}: ${reason}${before}`;
    }),
  );
  if (isEmpty(plan) && inputs.unknown === 0) {
    for (const text of texts) {
      session.log.warn(`${text.replace("would be", "is")}; nothing is changed`);
    }
    return [];
  }
  const waysOut =
    "Nothing was changed. Keep or add an anchor that accepts the client, or take it out of requiredClients";
  return texts.map((text) => `${text}. ${waysOut}`);
}

/** A project's anchors are checked before the organization's, which only count where the project has none. */
async function anchorsAfter(
  scope: Scope,
  inputs: ActivationInputs,
  plan: Plan,
  listed: readonly ListedCertificate[],
): Promise<AnchorContent[]> {
  const pending = inputs.unknown === 0 ? [] : [...scope.organization.pendingUploads.values()];
  const own = await contents(
    scope,
    listed.filter(({ id }) => plan.after.includes(id)),
  );
  const after = [...own, ...pending.map(({ name, pem }) => ({ id: "to be created", name, pem }))];
  if (after.length > 0 || scope.id === "organization") {
    return after;
  }
  return contents(
    scope,
    (await scope.organization.look()).filter(({ active }) => active),
  );
}

function contents(scope: Scope, anchors: readonly ListedCertificate[]): Promise<AnchorContent[]> {
  return Promise.all(anchors.map(async ({ id, name }) => ({ id, name, pem: await scope.organization.pem(id) })));
}

/** Names the anchors that accept the client today and go with this change. */
async function dependedOn(client: RequiredClient, live: AnchorContent[], plan: Plan, now: Date): Promise<string> {
  const [verdict] = await verifyClients([client], live, now);
  const going = new Set(plan.deactivate.flat());
  const lost = verdict?.accepted === true ? live.filter(({ id }) => verdict.via.includes(id) && going.has(id)) : [];
  return lost.length === 0
    ? ""
    : `; it depends on ${lost.map(({ id, name }) => `${id} ${JSON.stringify(name)}`).join(", ")}, which this change deactivates`;
}
