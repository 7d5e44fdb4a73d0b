import type { DirectAccess, Emulator } from "../../../emulator";
import { parsePem } from "../../../provider/pem";
import { realAnchors } from "../anchors";
import type { Figures } from "./figures";
import type { Program } from "./program";
import type { Random } from "./random";
import { StateFile } from "./stateFile";

export interface Anchor {
  readonly pem: string;
  readonly fingerprint: string;
}

/** Parsed once: every sequence plays with the same anchors. */
const ANCHORS: readonly Anchor[] = realAnchors(24).map((text) => {
  const parsed = parsePem(text);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  return parsed.certificate;
});

export interface Upload {
  readonly id: string;
  readonly fingerprint: string;
  readonly name: string | null;
}

/** A program and the state that its runs have left behind. */
export class PlayedStack {
  state = new StateFile();

  constructor(
    readonly name: string,
    public program: Program,
  ) {}
}

/** One organization as the model sees it, whoever plays on it: the simulated engine or the real one. */
export class Scene {
  /** Counts what somebody else does. */
  disturbances = 0;
  /** Uploads that no state holds, because the run that made them was killed or the API went out of order. */
  readonly orphans = new Map<string, Upload>();
  private readonly foreignIds = new Set<string>();
  private present = new Map<string, Upload>();

  constructor(
    readonly chance: Random,
    readonly emulator: Emulator,
    readonly figures: Figures,
  ) {}

  get organization(): DirectAccess {
    return this.emulator.organization();
  }

  anchor(index: number): Anchor {
    return ANCHORS[index] as Anchor;
  }

  /** Certificates that somebody else uploaded and that are still there. */
  foreign(): string[] {
    return [...this.foreignIds].filter((id) => this.present.has(id));
  }

  markForeign(id: string): void {
    this.foreignIds.add(id);
  }

  /** Somebody else does something. */
  disturb<R>(change: (organization: DirectAccess) => R): R {
    this.disturbances++;
    this.figures.foreignChanges++;
    const result = change(this.organization);
    this.sync();
    return result;
  }

  /** Certificates that came and went since the last time. */
  sync(): { appeared: Upload[]; vanished: string[] } {
    const before = this.present;
    this.present = new Map(this.organization.certificates().map((one) => [one.id, one]));
    return {
      appeared: [...this.present.values()].filter(({ id }) => !before.has(id)),
      vanished: [...before.keys()].filter((id) => !this.present.has(id)),
    };
  }

  /** Ids that are active in the organization or in a project. */
  live(projectId: string | undefined): Set<string> {
    const isActive = (one: { active: boolean; activeProjects: readonly string[] }) =>
      projectId === undefined ? one.active : one.activeProjects.includes(projectId);
    const active = this.organization.certificates().filter(isActive);
    return new Set(active.map(({ id }) => id));
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}
