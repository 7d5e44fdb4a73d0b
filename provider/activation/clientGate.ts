import type { ListedCertificate } from "../api/wire";
import { type AnchorContent, parseRequiredClients, type RequiredClient, verifyClients } from "../clients";
import type { Session } from "../session";
import { named } from "../words";
import type { Plan } from "./plan";
import type { Scope } from "./scope";
import type { Upload } from "./situation";

/**
 * When a plan is judged. `refresh`: the engine asks about inputs that the program may be about to change; `plan`: about those
 * that this run has checked; `write`: it is about to be carried out, and only what is live by now counts.
 */
export type Moment = "refresh" | "plan" | "write";

/** A plan that required clients have a say in. */
export interface Proposed {
  /** Client chains, PEM. */
  readonly requiredClients: readonly string[];
  readonly plan: Plan;
  /** What is going to be uploaded and activated; in preview only. */
  readonly uploads: readonly Upload[];
  readonly listed: readonly ListedCertificate[];
}

/** A plan, at the moment at which it is judged. */
interface Judged extends Proposed {
  readonly moment: Moment;
}

export interface GateAnswer {
  /** Why the plan must not be carried out, one text for each client. */
  readonly refused: readonly string[];
  /** What is wrong with clients that the plan does not harm. */
  readonly warnings: readonly string[];
}

/** What is wrong with the client chains themselves; found without any call. */
export function clientProblems(chains: readonly string[]): string[] {
  return parseRequiredClients(chains).problems.map(({ index, reason }) => `requiredClients[${index}] ${reason}`);
}

/**
 * The required clients that the set after the change would refuse. One that is not accepted today either holds back no
 * change that only adds trust: it only warns. Contents of anchors are fetched only when there are required clients.
 *
 * Where the organization's set and a project's decide for each other and both change in one run, either may come first, or
 * fail: the plan counts on the other one, and warns; the write does not.
 */
export async function askClients(session: Session, scope: Scope, proposed: Judged): Promise<GateAnswer> {
  const { moment } = proposed;
  const asked = await ask(session, scope, proposed);
  if (moment === "refresh" || !isOutOfStep(scope, proposed)) {
    return { refused: [...asked.refused.values()], warnings: asked.warnings };
  }
  const isPlan = moment === "plan";
  const other = await ask(session, scope, { ...proposed, moment: isPlan ? "write" : "plan" });
  const [planned, now] = isPlan ? [asked, other] : [other, asked];
  const lasting = [...asked.refused].filter(([who]) => planned.refused.has(who)).map(([, text]) => text);
  const early = [...now.refused]
    .filter(([who]) => !planned.refused.has(who))
    .map(([, text]) => `${text}. ${inStep(scope)}`);
  return isPlan
    ? { refused: lasting, warnings: [...asked.warnings, ...early.map((text) => `up may refuse this: ${text}`)] }
    : { refused: [...lasting, ...early], warnings: asked.warnings };
}

function isOutOfStep({ inProject, organization: { run } }: Scope, { plan, uploads }: Proposed): boolean {
  return inProject
    ? plan.after.length === 0 && uploads.length === 0
    : [...run.uncovered.keys()].some((project) => !run.relyingClients.has(project));
}

function inStep({ inProject }: Scope): string {
  const other = inProject ? "the organization's set" : "the project's set";
  return `Where ${other} is to change in the same run, let this activation depend on that one (dependsOn), or run again`;
}

interface Asked {
  /** By client, why it would be refused. */
  readonly refused: ReadonlyMap<string, string>;
  readonly warnings: string[];
}

async function ask(session: Session, scope: Scope, proposed: Judged): Promise<Asked> {
  const required = requiredOf(scope, proposed);
  const refused = new Map<string, string>();
  const warnings: string[] = [];
  if (required.length === 0) {
    return { refused, warnings };
  }
  const at = new Date(session.clock.now());
  const [then, now] = await Promise.all([setAfter(scope, proposed), setNow(scope, proposed)]);
  // Without any anchor nobody is asked for a certificate.
  for (const { clients, label, of } of then.length === 0 ? [] : required) {
    const before = now.length === 0 ? undefined : await verifyClients(clients, now, at);
    for (const [index, verdict] of (await verifyClients(clients, then, at)).entries()) {
      if (verdict.accepted) {
        continue;
      }
      const { client, reason } = verdict;
      const today = before?.[index];
      const isAcceptedToday = today === undefined || today.accepted;
      const who = `required client ${client.subject} (requiredClients[${client.index}]${of})`;
      if (!isAcceptedToday && proposed.plan.deactivate.length === 0) {
        warnings.push(`${who} is locked out of ${label} today, and this change does not let it in: ${reason}`);
      } else {
        const lost = today?.accepted === true ? dependsOn(now, today.via, proposed.plan) : "";
        const verb = isAcceptedToday ? "would be locked out of" : "would still be locked out of";
        refused.set(who, `${who} ${verb} ${label}: ${reason}${lost}. Nothing was changed. ${advice(isAcceptedToday)}`);
      }
    }
  }
  return { refused, warnings };
}

function advice(isAcceptedToday: boolean): string {
  return isAcceptedToday
    ? "Keep or add an anchor that accepts the client, or take it out of requiredClients"
    : "Renew the client's certificate or add an anchor that accepts it before anything is deactivated, or take it out of requiredClients";
}

interface Required {
  readonly clients: readonly RequiredClient[];
  /** What they would be locked out of. */
  readonly label: string;
  /** Whose they are, for clients of a project's activation. */
  readonly of: string;
}

/** The scope's own required clients, and those of projects that have no set of their own and rely on this one. */
function requiredOf(scope: Scope, { requiredClients, moment }: Judged): Required[] {
  const own = { clients: parseRequiredClients(requiredClients).clients, label: scope.label, of: "" };
  const relying = [...relyingProjects(scope, moment)].map(([project, chains]) => ({
    clients: parseRequiredClients(chains).clients,
    label: `project ${project}`,
    of: ` of project ${project}, which has no set of its own`,
  }));
  return [own, ...relying].filter(({ clients }) => clients.length > 0);
}

/** The client chains of projects that rely on this set, or do so until this run has filled their own. */
export function relyingChains(scope: Scope): string[] {
  return [...relyingProjects(scope, "write").values()].flat();
}

/** By project that relies on this set, if it is the organization's, the client chains that it requires. */
function relyingProjects({ inProject, organization: { run } }: Scope, moment: Moment): Map<string, readonly string[]> {
  const { relyingClients, uncovered } = run;
  return new Map(inProject ? [] : moment === "write" ? [...uncovered, ...relyingClients] : relyingClients);
}

/** The anchors that decide after the change: the project's own, or where it has none, the organization's. */
async function setAfter(scope: Scope, { plan, uploads, listed, moment }: Judged): Promise<AnchorContent[]> {
  const known = await contents(
    scope,
    listed.filter(({ id }) => plan.after.includes(id)),
  );
  const after = [...known, ...uploads.map(({ name, pem }) => ({ id: "to be created", name, pem }))];
  if (after.length > 0 || !scope.inProject) {
    return after;
  }
  const all = await scope.organization.lookToDecide();
  const planned = scope.organization.run.plannedSet;
  const isThere = ({ id, active }: ListedCertificate) =>
    moment === "write" ? active && planned?.includes(id) !== false : (planned?.includes(id) ?? active);
  return contents(scope, all.filter(isThere));
}

async function setNow(scope: Scope, { listed }: Proposed): Promise<AnchorContent[]> {
  const own = listed.filter(({ active }) => active);
  const decides = own.length > 0 || !scope.inProject ? own : await scope.organization.lookToDecide();
  return contents(
    scope,
    decides.filter(({ active }) => active),
  );
}

/** Anchors with their contents, each fetched once in a run, and not at all where the program declares it. */
export function contents(scope: Scope, anchors: readonly ListedCertificate[]): Promise<AnchorContent[]> {
  const { organization } = scope;
  return Promise.all(
    anchors.map(async ({ id, name }) => {
      const filter = organization.run.filters.get(id);
      const pem = await organization.pem(id);
      return { id, name, pem, ...(filter === undefined ? {} : { celFilter: filter.expression }) };
    }),
  );
}

/** Names the anchors that accept the client today and go with this change. */
function dependsOn(now: readonly AnchorContent[], via: readonly string[], plan: Plan): string {
  const going = new Set(plan.deactivate.flat());
  const lost = now.filter(({ id }) => via.includes(id) && going.has(id));
  return lost.length === 0 ? "" : `; it depends on ${lost.map(named).join(", ")}, which this change deactivates`;
}
