import { createHash, timingSafeEqual } from "node:crypto";
import { Organization, type ProjectSeed, type StoredProject } from "./organization";
import { loadState, type State, saveState } from "./persistence";

/** What the store is made from; see EmulatorOptions for the meaning of each. */
export interface StoreOptions {
  readonly adminKeys: Readonly<Record<string, string>>;
  readonly projects: readonly ProjectSeed[];
  readonly stateFile: string | undefined;
  readonly now: () => Date;
  readonly deactivationLag: number;
  readonly auditLog: boolean;
}

/** All organizations of one emulator, and the keys that select them. Keys are kept as digests only. */
export class Store {
  readonly organizations = new Map<string, Organization>();
  private readonly digests: readonly { readonly name: string; readonly digest: Buffer }[];

  constructor(private readonly options: StoreOptions) {
    this.digests = Object.entries(options.adminKeys).map(([name, key]) => ({ name, digest: digest(key) }));
    this.load();
  }

  /** The organization with this name, by default the first; throws for a name nobody configured. */
  organization(name: string | undefined): Organization {
    const found = this.organizations.get(name ?? this.digests[0]?.name ?? "");
    if (!found) throw new Error(`The emulator has no organization '${name}'.`);
    return found;
  }

  /** The organization that has this certificate; throws when none has. */
  holderOf(certificateId: string): Organization {
    const holder = [...this.organizations.values()].find(({ certificates }) =>
      certificates.some(({ id }) => id === certificateId),
    );
    if (!holder) throw new Error(`The emulator has no certificate '${certificateId}'.`);
    return holder;
  }

  /** The organization a bearer key belongs to; undefined for a wrong one. */
  authenticate(key: string): Organization | undefined {
    const offered = digest(key);
    // Every key is compared, in constant time: the answer's delay tells nothing about any of them.
    const matches = this.digests.filter((known) => timingSafeEqual(known.digest, offered));
    return matches[0] && this.organization(matches[0].name);
  }

  private load(): void {
    const { stateFile, now, deactivationLag, auditLog, projects } = this.options;
    const saved: State = stateFile === undefined ? new Map() : loadState(stateFile);
    let loaded = false;
    const save = () => {
      if (stateFile !== undefined && loaded) saveState(stateFile, this.organizations);
    };
    const context = { now, deactivationLag, auditLog, onCommit: save };
    // Organizations that the file holds but nobody configured this time have no key; they are kept in the file.
    for (const name of new Set([...this.digests.map((known) => known.name), ...saved.keys()])) {
      const known = saved.get(name);
      const organization = new Organization(
        name,
        known?.certificates ?? [],
        known?.projects ?? [],
        context,
        known?.events,
      );
      const seeds = known ? projects.filter((seed) => isNew(seed, known.projects)) : projects;
      for (const seed of seeds) organization.addProject(seed);
      this.organizations.set(name, organization);
    }
    loaded = true;
    save();
  }
}

function isNew(seed: ProjectSeed, known: readonly StoredProject[]): boolean {
  return !known.some((project) => (seed.id === undefined ? project.name === seed.name : project.id === seed.id));
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
