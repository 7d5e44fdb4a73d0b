import type { ListedCertificate } from "../api/wire";
import { type AnchorContent, parseRequiredClients, type RequiredClient } from "../clients";
import type { PlannedSet } from "../run";
import { contents, uploadContents } from "./contents";
import type { Plan } from "./plan";
import type { Scope } from "./scope";
import type { Upload } from "./situation";

/** A plan that required clients have a say in. */
export interface Proposed {
  /** Client chains, PEM. */
  readonly requiredClients: readonly string[];
  readonly plan: Plan;
  /** What is going to be uploaded and activated; in preview only. */
  readonly uploads: readonly Upload[];
  readonly listed: readonly ListedCertificate[];
}

/** Clients, and a set that has to accept them. */
export interface Question {
  readonly clients: readonly RequiredClient[];
  /** What they would be locked out of. */
  readonly label: string;
  /** Whose they are, for clients of a project's activation. */
  readonly of: string;
  /** The anchors of the set. Without any, nobody is asked for a certificate. */
  decides(): Promise<AnchorContent[]>;
  /** Whether the set decides when the run is over; otherwise until the other one of the two sets has changed. */
  readonly lasts: boolean;
  /** Whether it is what the organization's activation makes of its set, asked about by a project's. */
  readonly isPlannedElsewhere: boolean;
}

/**
 * All that is to be asked before a plan is carried out. The organization's set decides for a project without one of its
 * own. Where both change in one run, either may come first, or fail: so a project that gives up its set has to be accepted
 * by what the organization's is going to be, and by what it still is.
 */
export function questions(scope: Scope, proposed: Proposed): Question[] {
  const { inProject, organization } = scope;
  const { plannedSet, relyingClients } = organization.run;
  const { requiredClients } = proposed;
  if (inProject && isEmptied(proposed)) {
    const decides = () => organizationNow(scope);
    const still = question(scope, requiredClients, { decides, lasts: plannedSet === undefined });
    return [...(plannedSet?.isKnown ? plannedElsewhere(scope, requiredClients, plannedSet) : []), ...still];
  }
  const decides = () => ownAfter(scope, proposed);
  const own = question(scope, requiredClients, { decides, lasts: true });
  return [
    ...own,
    ...[...relyingProjects(scope)].flatMap(([project, chains]) => {
      const of = ` of project ${project}, which has no set of its own`;
      const lasts = relyingClients.has(project);
      return question({ label: `project ${project}` }, chains, { decides, lasts, of });
    }),
  ];
}

/** About what the organization's activation makes of its set, as far as that is known. */
export function plannedElsewhere(scope: Scope, chains: readonly string[], planned: PlannedSet): Question[] {
  const decides = async () => {
    const all = await scope.organization.lookToDecide();
    const kept = all.filter(({ id }) => planned.ids.includes(id));
    return [...(await contents(scope, kept)), ...uploadContents(planned.uploads)];
  };
  return question(scope, chains, { decides, lasts: true, isPlannedElsewhere: true });
}

/** The set that decides today. */
export function setNow(scope: Scope, listed: readonly ListedCertificate[]): Promise<AnchorContent[]> {
  const own = listed.filter(({ active }) => active);
  return own.length > 0 || !scope.inProject ? contents(scope, own) : organizationNow(scope);
}

/** The client chains of projects that rely on this set, or do so until this run has filled their own. */
export function relyingChains(scope: Scope): string[] {
  return [...relyingProjects(scope).values()].flat();
}

/** The same by project. */
function relyingProjects({ inProject, organization: { run } }: Scope): ReadonlyMap<string, readonly string[]> {
  return new Map(inProject ? [] : [...run.uncovered, ...run.relyingClients]);
}

/** Whether nothing of its own decides for a project after the change. */
export function isEmptied({ plan, uploads }: Pick<Proposed, "plan" | "uploads">): boolean {
  return plan.after.length === 0 && uploads.length === 0;
}

type Rest = Pick<Question, "decides" | "lasts"> & Partial<Question>;

function question({ label }: Pick<Scope, "label">, chains: readonly string[], rest: Rest): Question[] {
  const { clients } = parseRequiredClients(chains);
  return clients.length === 0 ? [] : [{ clients, label, of: "", isPlannedElsewhere: false, ...rest }];
}

async function ownAfter(scope: Scope, { plan, uploads, listed }: Proposed): Promise<AnchorContent[]> {
  const kept = listed.filter(({ id }) => plan.after.includes(id));
  return [...(await contents(scope, kept)), ...uploadContents(uploads)];
}

async function organizationNow(scope: Scope): Promise<AnchorContent[]> {
  const all = await scope.organization.lookToDecide();
  return contents(
    scope,
    all.filter(({ active }) => active),
  );
}
