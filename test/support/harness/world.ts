import {
  type CertificateView,
  type DirectAccess,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../../emulator";
import type { Declared, Place, Program } from "./program";
import { declare, placeOf } from "./program";
import { StateFile, type Stored } from "./state";

export const PLACES: readonly Place[] = ["main", "eu", "empty"];
export const KEYS: Readonly<Record<Place, string>> = {
  main: "sk-admin-local-main-0123456789",
  eu: "sk-admin-local-eu-0123456789",
  empty: "sk-admin-local-empty-0123456789",
};

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Something that became otherwise in an organization. */
export interface Effect {
  readonly kind: "upload" | "delete" | "rename" | "activate" | "deactivate";
  readonly place: Place;
  /** For activations and deactivations: a project, or undefined for the organization. */
  readonly project: string | undefined;
  readonly id: string;
  readonly name: string | null;
  readonly fingerprint: string;
  /** The same for all that one request changed, and higher for later requests. */
  readonly moment: number;
}

/** How everything was at one moment. */
export interface Snapshot {
  readonly state: readonly Stored[];
  readonly live: Readonly<Record<Place, readonly CertificateView[]>>;
}

/** Three organizations, a program, and the state that its runs have left behind. */
export class World {
  program: Program = { certificates: [], activations: [] };
  state = new StateFile();
  /** Days since the world began. */
  today = 0;
  readonly projects: Readonly<Record<Place, string>>;
  private live: Snapshot["live"];
  private moment = 0;

  private constructor(readonly emulator: Emulator) {
    const project = (place: Place) => this.organization(place).projects()[0]?.id ?? "";
    this.projects = { main: project("main"), eu: project("eu"), empty: project("empty") };
    this.live = this.read();
  }

  static async open(options: Partial<EmulatorOptions>): Promise<World> {
    return new World(await startEmulator({ adminKey: KEYS, ...options }));
  }

  organization(place: Place): DirectAccess {
    return this.emulator.organization(place);
  }

  /** What there is in the organization of a resource. */
  readonly certificates = (spec: { readonly organization?: unknown }): readonly CertificateView[] =>
    this.organization(placeOf(spec)).certificates();

  declared(): Declared[] {
    return declare(this.program, this.today, this.projects);
  }

  snapshot(): Snapshot {
    return { state: this.state.resources, live: this.read() };
  }

  /** A person does something, in an organization and not by this program. */
  disturb<R>(place: Place, change: (organization: DirectAccess) => R): R {
    const result = change(this.organization(place));
    this.live = this.read();
    return result;
  }

  /** What became otherwise since the last time, people's changes left out. */
  effects(): Effect[] {
    const before = this.live;
    this.live = this.read();
    const moment = ++this.moment;
    return PLACES.flatMap((place) =>
      changes(place, before[place], this.live[place]).map((one) => ({ ...one, moment })),
    );
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  private read(): Snapshot["live"] {
    const read = (place: Place) => this.organization(place).certificates();
    return { main: read("main"), eu: read("eu"), empty: read("empty") };
  }
}

/** The ids that are active in an organization (`project` undefined) or in its project. */
export function activeIds(certificates: readonly CertificateView[], project: string | undefined): Set<string> {
  const isActive = ({ active, activeProjects }: CertificateView) =>
    project === undefined ? active : activeProjects.includes(project);
  return new Set(certificates.filter(isActive).map(({ id }) => id));
}

type Change = Omit<Effect, "moment">;

function changes(place: Place, before: readonly CertificateView[], after: readonly CertificateView[]): Change[] {
  const effect = (kind: Effect["kind"], { id, name, fingerprint }: CertificateView, project?: string): Change => ({
    kind,
    place,
    id,
    name,
    fingerprint,
    project,
  });
  const there = new Map(before.map((one) => [one.id, one]));
  const kept = new Set(after.map(({ id }) => id));
  return [
    ...before.filter(({ id }) => !kept.has(id)).map((one) => effect("delete", one)),
    ...after.flatMap((one) => {
      const old = there.get(one.id);
      const [was, is] = [old?.activeProjects ?? [], one.activeProjects];
      return [
        ...(old === undefined ? [effect("upload", one)] : []),
        ...(old !== undefined && old.name !== one.name ? [effect("rename", one)] : []),
        ...(one.active === (old?.active ?? false) ? [] : [effect(one.active ? "activate" : "deactivate", one)]),
        ...is.filter((project) => !was.includes(project)).map((project) => effect("activate", one, project)),
        ...was.filter((project) => !is.includes(project)).map((project) => effect("deactivate", one, project)),
      ];
    }),
  ];
}
