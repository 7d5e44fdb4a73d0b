import type { ListedCertificate } from "../api/wire";
import { type AnchorContent, parseRequiredClients, type RequiredClient, verifyClients } from "../clients";
import type { Session } from "../session";
import type { ActivationInputs } from "./inputs";
import { neighboursOf } from "./neighbours";
import { isEmpty, type Plan } from "./plan";
import type { Scope } from "./scope";

/** A plan that required clients have a say in. */
export interface Proposed {
  readonly inputs: Pick<ActivationInputs, "requiredClients">;
  readonly plan: Plan;
  /** Wanted certificates that have no id yet; in preview only. */
  readonly unknown: number;
  readonly listed: readonly ListedCertificate[];
}

/** What is wrong with the client chains themselves; found without any call. */
export function clientProblems(chains: readonly string[]): string[] {
  return parseRequiredClients(chains).problems.map(({ index, reason }) => `requiredClients[${index}] ${reason}`);
}

/**
 * The required clients that the set after the change would refuse, one text each. Contents of anchors are fetched only
 * when there are required clients. Where the plan changes nothing there is nothing to hold back, so it only warns.
 */
export async function lockOuts(session: Session, scope: Scope, proposed: Proposed): Promise<string[]> {
  const now = new Date(session.clock.now());
  const refused = await refusedClients(scope, proposed, now);
  if (refused.length === 0) {
    return [];
  }
  const { plan, unknown, listed } = proposed;
  const live = await contents(scope, activeOf(listed));
  const texts = await Promise.all(
    refused.map(async ({ client, reason, label, of }) => {
      const before = await dependedOn(client, live, plan, now);
      return `required client ${client.subject} (requiredClients[${client.index}]${of}) would be locked out of ${label}: ${reason}${before}`;
    }),
  );
  if (isEmpty(plan) && unknown === 0 && !refused.some(({ isPlanned }) => isPlanned)) {
    for (const text of texts) {
      session.log.warn(`${text.replace("would be", "is")}; nothing is changed`);
    }
    return [];
  }
  const waysOut =
    "Nothing was changed. Keep or add an anchor that accepts the client, or take it out of requiredClients";
  return texts.map((text) => `${text}. ${waysOut}`);
}

interface Required {
  readonly clients: readonly RequiredClient[];
  /** What they would be locked out of. */
  readonly label: string;
  /** Whose they are, for clients of another activation. */
  readonly of: string;
}

interface Refused extends Omit<Required, "clients"> {
  readonly client: RequiredClient;
  readonly reason: string;
  readonly isPlanned: boolean;
}

async function refusedClients(scope: Scope, proposed: Proposed, now: Date): Promise<Refused[]> {
  const required = requiredOf(scope, proposed);
  if (required.length === 0) {
    return [];
  }
  const refused: Refused[] = [];
  for (const { anchors, isPlanned } of await setsAfter(scope, proposed)) {
    for (const { clients, label, of } of anchors.length === 0 ? [] : required) {
      for (const verdict of await verifyClients(clients, anchors, now)) {
        if (!verdict.accepted) {
          refused.push({ client: verdict.client, reason: verdict.reason, label, of, isPlanned });
        }
      }
    }
  }
  return refused;
}

/** The scope's own required clients, and those of projects that have no set of their own and rely on this one. */
function requiredOf(scope: Scope, { inputs }: Proposed): Required[] {
  const own = { clients: parseRequiredClients(inputs.requiredClients).clients, label: scope.label, of: "" };
  const relying = scope.inProject
    ? []
    : [...neighboursOf(scope.organization).relying].map(([project, chains]) => ({
        clients: parseRequiredClients(chains).clients,
        label: `project ${project}`,
        of: ` of project ${project}, which has no set of its own`,
      }));
  return [own, ...relying].filter(({ clients }) => clients.length > 0);
}

interface AnchorSet {
  readonly anchors: readonly AnchorContent[];
  /** Not so yet: another activation of this run is about to make it so. */
  readonly isPlanned: boolean;
}

/** A project's anchors are checked before the organization's, which only count where the project has none. */
async function setsAfter(scope: Scope, { plan, unknown, listed }: Proposed): Promise<AnchorSet[]> {
  const { organization } = scope;
  const pending = unknown === 0 ? [] : [...organization.pendingUploads.values()];
  const adopted = unknown === 0 ? [] : [...organization.pendingAdoptions];
  const own = await contents(
    scope,
    listed.filter(({ id }) => plan.after.includes(id) || adopted.includes(id)),
  );
  const after = [...own, ...pending.map(({ name, pem }) => ({ id: "to be created", name, pem }))];
  if (after.length > 0 || !scope.inProject) {
    return [{ anchors: after, isPlanned: false }];
  }
  const all = await organization.lookToDecide();
  const { planned } = neighboursOf(organization);
  const sets: AnchorSet[] = [{ anchors: await contents(scope, activeOf(all)), isPlanned: false }];
  if (planned !== undefined) {
    const then = all.filter(({ id }) => planned.includes(id));
    sets.push({ anchors: await contents(scope, then), isPlanned: true });
  }
  return sets;
}

/** Anchors with their contents, each fetched once in a run, and not at all where the program declares it. */
export function contents(scope: Scope, anchors: readonly ListedCertificate[]): Promise<AnchorContent[]> {
  return Promise.all(anchors.map(async ({ id, name }) => ({ id, name, pem: await scope.organization.pem(id) })));
}

function activeOf(listed: readonly ListedCertificate[]): ListedCertificate[] {
  return listed.filter(({ active }) => active);
}

/** Names the anchors that accept the client today and go with this change. */
async function dependedOn(
  client: RequiredClient,
  live: readonly AnchorContent[],
  plan: Plan,
  now: Date,
): Promise<string> {
  const [verdict] = await verifyClients([client], live, now);
  const going = new Set(plan.deactivate.flat());
  const lost = verdict?.accepted === true ? live.filter(({ id }) => verdict.via.includes(id) && going.has(id)) : [];
  return lost.length === 0
    ? ""
    : `; it depends on ${lost.map(({ id, name }) => `${id} ${JSON.stringify(name)}`).join(", ")}, which this change deactivates`;
}
