import type { CertificateView } from "../../../../emulator";
import type { Played } from "../driver";
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
  /** What state held of it before the run, where that was about the same scope. */
  readonly old: Stored | undefined;
  /** Ids that are to be active, as far as there are certificates. */
  readonly wanted: readonly string[];
  /** What the program listed in its last run. */
  readonly listed: readonly string[];
}

/** A run together with the program and the names of everything in it. */
export class View {
  readonly activations: readonly Activation[];
  /** Certificates of the program that the run is about. */
  readonly certificates: readonly CertificateSpec[];
  readonly isRegistering: boolean;

  constructor(
    readonly played: Played,
    readonly setting: Setting,
  ) {
    const { operation } = played.order;
    const { program } = setting;
    this.isRegistering = operation === "up" || operation === "preview";
    this.certificates = this.isRegistering ? program.certificates.filter(this.isMeant) : [];
    this.activations = (this.isRegistering ? program.activations.filter(this.isMeant) : []).map((spec) => {
      const project = spec.isProject ? setting.projects[placeOf(spec)] : undefined;
      const scope = {
        place: this.placeOf(spec),
        project: spec.isProject ? setting.projects[this.placeOf(spec)] : undefined,
      };
      const stored = this.oldOf(spec, spec.isProject ? "project" : "activation");
      const isThere =
        stored !== undefined && placeOf(stored.inputs) === placeOf(spec) && stored.inputs["projectId"] === project;
      const wanted = due(spec, program, setting.today).flatMap(({ name }) => this.idAfter(name) ?? []);
      return { ...scope, spec, wanted, old: isThere ? stored : undefined, listed: isThere ? listedIn(stored) : [] };
    });
  }

  readonly isMeant = ({ name }: { readonly name: string }): boolean => {
    const { targets, excludes = [] } = this.played.order.flags;
    return (targets?.includes(name) ?? true) && !excludes.includes(name);
  };

  get isWhole(): boolean {
    const { targets, excludes } = this.played.order.flags;
    return targets === undefined && excludes === undefined;
  }

  /** Whether the run was about the whole stack, with nothing in its way. */
  get isPlain(): boolean {
    const { trouble, killAfter, wrongKey, disturbed } = this.played.order;
    return this.isWhole && Object.keys(trouble).length === 0 && killAfter === undefined && !wrongKey && !disturbed;
  }

  /** The organization that a resource really is about in this run, with the key that it had. */
  placeOf(spec: { readonly organization?: unknown }): Place {
    const place = placeOf(spec);
    return this.played.order.wrongKey && place === "main" ? "empty" : place;
  }

  oldOf(
    spec: { readonly name: string; readonly aliases: readonly string[] },
    kind: Stored["kind"],
  ): Stored | undefined {
    const named = (name: string) =>
      this.played.before.state.find((one) => one.name === name && one.kind === kind && !one.isOld);
    return named(spec.name) ?? spec.aliases.map(named).find((one) => one !== undefined);
  }

  idAfter(name: string): string | undefined {
    return this.played.after.state.find((one) => one.kind === "certificate" && one.name === name && !one.isOld)?.id;
  }

  liveBefore({ place, project }: Scope): Set<string> {
    return activeIds(this.played.before.live[place], project);
  }

  liveAfter({ place, project }: Scope): Set<string> {
    return activeIds(this.played.after.live[place], project);
  }

  certificatesBefore(place: Place): readonly CertificateView[] {
    return this.played.before.live[place];
  }

  effects(kind: Effect["kind"], scope?: Scope): Effect[] {
    const all = this.played.effects.filter((effect) => effect.kind === kind);
    return scope === undefined ? all : all.filter(({ place, project }) => isSame({ place, project }, scope));
  }

  /** Activations whose deletion in this run was told beforehand to deactivate. */
  tellingDeletions(scope: Scope): Stored[] {
    const { before, after } = this.played;
    return before.state.filter(
      (one) =>
        one.kind !== "certificate" &&
        one.inputs["deactivateOnDelete"] === true &&
        isSame({ place: placeOf(one.inputs), project: one.inputs["projectId"] as string | undefined }, scope) &&
        (!after.state.some(({ kind, name }) => kind === one.kind && name === one.name) || this.wasReplaced(one)),
    );
  }

  /** Whether this very copy has gone, though there is a resource of its name. */
  private wasReplaced({ name, kind, inputs }: Stored): boolean {
    const { flags } = this.played.order;
    const now = this.played.after.state.find((one) => one.name === name && one.kind === kind);
    const moved =
      now?.inputs["projectId"] !== inputs["projectId"] || now?.inputs["organization"] !== inputs["organization"];
    return moved || (flags.replace?.includes(name) ?? false);
  }

  /** Whether a certificate has to be created, as the program says it. */
  isToBeCreated(spec: CertificateSpec): boolean {
    const old = this.oldOf(spec, "certificate");
    const live = this.certificatesBefore(this.placeOf(spec));
    return (
      old === undefined ||
      old.outputs["fingerprint"] !== anchorOf(spec).fingerprint ||
      !live.some(({ id }) => id === old.id) ||
      (this.played.order.flags.replace?.includes(spec.name) ?? false)
    );
  }

  /** Certificates with the same DER in the same organization. */
  twins(spec: CertificateSpec): CertificateView[] {
    const { fingerprint } = anchorOf(spec);
    return this.certificatesBefore(this.placeOf(spec)).filter((one) => one.fingerprint === fingerprint);
  }
}
