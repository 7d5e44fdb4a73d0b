import type { CertificateView } from "../../../../emulator";
import type { Played } from "../driver";
import { isMeant } from "../fakeEngine";
import {
  type ActivationSpec,
  anchorOf,
  type CertificateSpec,
  due,
  type Place,
  type Program,
  placeOf,
} from "../program";
import { listedIn, type Stored } from "../state";
import { activeIds, type Effect } from "../world";

/** What a run was about, besides how it went. */
export interface Setting {
  readonly program: Program;
  readonly today: number;
  readonly projects: Readonly<Record<Place, string>>;
  /** Whether the API says which organization it answers for. */
  readonly header: boolean;
}

/** One scope: an organization, or a project of it. */
export interface Scope {
  readonly place: Place;
  readonly project: string | undefined;
}

export const isSame = (a: Scope, b: Scope) => a.place === b.place && a.project === b.project;
export const scopeName = ({ place, project }: Scope) => project ?? `the organization ${place}`;

/** An activation that a run is about. */
export interface Activation extends Scope {
  readonly spec: ActivationSpec;
  /** What state held of it before the run, where that was about the same scope and is not created anew. */
  readonly old: Stored | undefined;
  /** Ids that are to be active, as far as there are certificates. */
  readonly wanted: readonly string[];
  /** Those of members whose CEL filter is not attached: they stay as they are. */
  readonly held: readonly string[];
  /** What the program listed in its last run. */
  readonly listed: readonly string[];
}

/** A run together with the program and the names of everything in it. */
export class View {
  readonly isRegistering: boolean;
  /** Those of the program. */
  readonly declared: readonly Activation[];
  /** Those of the program that the run is about. */
  readonly activations: readonly Activation[];
  /** Certificates of the program that the run is about. */
  readonly certificates: readonly CertificateSpec[];

  constructor(
    readonly played: Played,
    readonly setting: Setting,
  ) {
    const { operation } = played.order;
    const { certificates, activations } = setting.program;
    this.isRegistering = operation === "up" || operation === "preview";
    this.certificates = this.isRegistering ? certificates.filter(this.isMeant) : [];
    this.declared = activations.map((spec) => this.activation(spec));
    this.activations = this.isRegistering ? this.declared.filter(({ spec }) => this.isMeant(spec)) : [];
  }

  private activation(spec: ActivationSpec): Activation {
    const { projects } = this.setting;
    const projectIn = (place: Place) => (spec.isProject ? projects[place] : undefined);
    const stored = this.oldOf(spec, spec.isProject ? "project" : "activation");
    const place = this.placeOf(spec);
    const isThere = stored && isSame(scopeOf(stored), { place: placeOf(spec), project: projectIn(placeOf(spec)) });
    // What is replaced on demand is created anew, by a provider that is told of no former one.
    const old = isThere && !this.isForced(spec) ? stored : undefined;
    const held = this.due(spec)
      .filter((member) => this.isHeldBack(member) && this.knowsFilter(spec, member, old))
      .flatMap((member) => this.idAfter(member) ?? []);
    const all = [...this.due(spec).flatMap((member) => this.idAfter(member) ?? []), ...spec.literals];
    const wanted = [...new Set(all)].filter((id) => !held.includes(id));
    return { place, project: projectIn(place), spec, wanted, held, old, listed: old ? listedIn(old) : [] };
  }

  /** The native plugin is told ids alone: of a filter it knows from the certificate's own calls in its process, or from state. */
  private knowsFilter(spec: ActivationSpec, member: CertificateSpec, old: Stored | undefined): boolean {
    const isTold = member.provider === spec.provider && this.isMeant(member);
    const heldBack = (old?.outputs["heldBackCertificateIds"] ?? []) as readonly unknown[];
    return spec.hinted || isTold || heldBack.includes(this.idAfter(member));
  }

  /** Whether an activation lists nothing. */
  isEmpty(spec: ActivationSpec): boolean {
    return this.due(spec).length === 0 && spec.literals.length === 0;
  }

  due(spec: ActivationSpec): readonly CertificateSpec[] {
    return due(spec, this.setting.program, this.setting.today);
  }

  /** Whether an activation's program or state lets it take this one out of the set. */
  mayDeactivate(one: Activation, id: string): boolean {
    const { spec, old, wanted, held, listed } = one;
    const wasExclusive = old !== undefined && old.outputs["exclusive"] !== false;
    const answersForAll = spec.exclusive && (spec.takeOver || wasExclusive);
    const isOther = ![...wanted, ...held, ...spec.ignored].includes(id);
    return isOther && !this.waits(one) && (answersForAll || listed.includes(id));
  }

  /** Whether a member is not there yet, or not active because it is held back: until then, nothing is taken away. */
  waits(one: Activation): boolean {
    const live = this.liveBefore(one);
    const isMissing = this.due(one.spec).some((member) => this.idAfter(member) === undefined);
    return isMissing || one.held.some((id) => !live.has(id));
  }

  /** Whether its CEL filter is not attached, as the program says it. */
  isHeldBack(spec: CertificateSpec): boolean {
    return spec.celFilter !== undefined && spec.celFilter.attachedTo !== this.idAfter(spec);
  }

  readonly isMeant = (one: { readonly name: string }): boolean => isMeant(this.played.order.flags, one);

  /** Whether the run was about the whole stack, with nothing in its way. */
  get isPlain(): boolean {
    const { flags, trouble, killAfter, wrongKey, disturbed } = this.played.order;
    const isWhole = flags.targets === undefined && flags.excludes === undefined;
    return isWhole && Object.keys(trouble).length === 0 && killAfter === undefined && !wrongKey && !disturbed;
  }

  /** The organization that a resource really is about in this run, with the key that it had. */
  placeOf(spec: { readonly organization?: unknown }): Place {
    const place = placeOf(spec);
    return this.played.order.wrongKey && place === "main" ? "empty" : place;
  }

  /** Whether another activation of the scope names the organization differently: only a check of both can tell. */
  isHidden(one: Activation): boolean {
    return this.otherNames(one).length > 0;
  }

  /** Whether it is also in another process, where no check sees both: then the two take turns. */
  isHiddenForGood(one: Activation): boolean {
    return this.otherNames(one).some(({ spec }) => spec.provider !== one.spec.provider);
  }

  private otherNames(one: Activation): readonly Activation[] {
    return this.declared.filter((two) => isSame(one, two) && two.spec.organization !== one.spec.organization);
  }

  oldOf(
    { name, aliases }: { readonly name: string; readonly aliases: readonly string[] },
    kind: Stored["kind"],
  ): Stored | undefined {
    const stored = this.played.before.state.filter((one) => one.kind === kind && !one.isOld);
    return [name, ...aliases].flatMap((known) => stored.find((one) => one.name === known) ?? [])[0];
  }

  /** Under a former name, where the run was not about it. */
  idAfter({ name, aliases }: CertificateSpec): string | undefined {
    const stored = this.played.after.state.filter((one) => one.kind === "certificate" && !one.isOld);
    return [name, ...aliases].flatMap((known) => stored.find((one) => one.name === known) ?? [])[0]?.id;
  }

  liveBefore({ place, project }: Scope): Set<string> {
    return activeIds(this.played.before.live[place], project);
  }

  liveAfter({ place, project }: Scope): Set<string> {
    return activeIds(this.played.after.live[place], project);
  }

  effects(kind: Effect["kind"]): Effect[] {
    return this.played.effects.filter((effect) => effect.kind === kind);
  }

  /** Ids that the run has asked the API to delete, whatever came of it. */
  deletes(): string[] {
    const asked = this.played.requests.flatMap(({ method, path }) =>
      method === "DELETE" ? (path.split("/").at(-1) ?? []) : [],
    );
    return [...new Set(asked)];
  }

  /** Whether a resource is replaced on demand, which its provider takes for a first creation. */
  isForced({ name }: { readonly name: string }): boolean {
    return this.played.order.flags.replace?.includes(name) ?? false;
  }

  /** Activations whose deletion in this run, as what is replaced, was told beforehand to deactivate; begun at least. */
  tellingDeletions(scope: Scope): Stored[] {
    const { before, after, how, order } = this.played;
    const isDeclared = (one: Stored) =>
      this.declared.some(({ spec }) => [spec.name, ...spec.aliases].includes(one.name));
    const isGoing = (one: Stored) => (order.operation === "destroy" ? this.isMeant(one) : !isDeclared(one));
    return before.state.filter((one) => {
      const now = after.state.find(({ kind, name }) => kind === one.kind && name === one.name);
      const isGone =
        now?.inputs["projectId"] !== one.inputs["projectId"] ||
        now?.inputs["organization"] !== one.inputs["organization"];
      const isTold = one.kind !== "certificate" && one.inputs["deactivateOnDelete"] === true;
      return (
        isTold &&
        isSame(scopeOf(one), scope) &&
        (now === undefined || isGone || this.isForced(one) || (how !== "done" && isGoing(one)))
      );
    });
  }

  /** Whether a certificate has to be created, as the program says it. */
  isToBeCreated(spec: CertificateSpec): boolean {
    const old = this.oldOf(spec, "certificate");
    const isThere = this.played.before.live[this.placeOf(spec)].some(({ id }) => id === old?.id);
    return !isThere || old?.outputs["fingerprint"] !== anchorOf(spec).fingerprint || this.isForced(spec);
  }

  /** Certificates with the same DER in the same organization. */
  twins(spec: CertificateSpec): CertificateView[] {
    const { fingerprint } = anchorOf(spec);
    return this.played.before.live[this.placeOf(spec)].filter((one) => one.fingerprint === fingerprint);
  }
}

function scopeOf({ inputs }: Stored): Scope {
  return { place: placeOf(inputs), project: inputs["projectId"] as string | undefined };
}
