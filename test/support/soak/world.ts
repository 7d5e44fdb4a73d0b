import { type DirectAccess, type Emulator, startEmulator } from "../../../emulator";
import { parsePem } from "../../../provider/pem";
import { realAnchors } from "../anchors";
import { ADMIN_KEY } from "../rig";
import { FakeEngine } from "./fakeEngine";
import type { Figures } from "./figures";
import { Network } from "./network";
import { ProviderProcess } from "./process";
import { declare, type Program } from "./program";
import type { Random } from "./random";
import { StateFile } from "./stateFile";
import { Timeline } from "./timeline";
import { Trouble, type TroubleOptions } from "./trouble";
import { type Upload, Watch } from "./watch";

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

/** A program and the state that its runs have left behind. */
export class SimulatedStack {
  readonly state = new StateFile();

  constructor(
    readonly name: string,
    public program: Program,
  ) {}
}

export type Operation = "up" | "preview" | "refresh" | "destroy";

export interface How extends TroubleOptions {
  /** After how many events of its network the process is killed. */
  readonly killAfter?: number;
}

export interface Ended {
  readonly how: "done" | "failed" | "killed";
  readonly failures: readonly string[];
  readonly said: string;
  readonly counts: FakeEngine["counts"];
  /** Whether the API went out of order for good. */
  readonly broken: boolean;
  readonly watch: Watch;
}

/** One organization, the stacks that manage it, and the time they live in. */
export class World {
  readonly time: Timeline;
  readonly network: Network;
  /** Counts what somebody else does. */
  disturbances = 0;
  /** Uploads that no state holds, because the run that made them was killed or the API went out of order. */
  readonly orphans = new Map<string, Upload>();
  private readonly foreignIds = new Set<string>();
  private present = new Map<string, Upload>();

  private constructor(
    readonly chance: Random,
    readonly emulator: Emulator,
    readonly figures: Figures,
    time: Timeline,
  ) {
    this.time = time;
    this.network = new Network(chance, time);
  }

  static async start(chance: Random, figures: Figures): Promise<World> {
    const time = new Timeline(Date.now(), chance);
    const emulator = await startEmulator({
      adminKey: ADMIN_KEY,
      now: () => new Date(time.now()),
      ...(chance.chance(0.5) ? { maxPageSize: 1 + chance.below(5) } : {}),
      ...(chance.chance(0.2) ? { deactivationLag: 1 + chance.below(2) } : {}),
      legacyToggleShape: chance.chance(0.2),
    });
    return new World(chance, emulator, figures, time);
  }

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
    return new Set(
      this.organization
        .certificates()
        .filter(isActive)
        .map(({ id }) => id),
    );
  }

  /** Runs the engine once, in a provider process of its own. */
  async operate(stack: SimulatedStack, operation: Operation, how: How = {}): Promise<Ended> {
    const trouble = new Trouble(this.chance, how);
    const watch = new Watch(this, stack, operation);
    const { emulator, network, time } = this;
    const process = new ProviderProcess(
      { emulator, network, time, trouble, watch: (request) => watch.after(request) },
      how.killAfter ?? Number.POSITIVE_INFINITY,
    );
    const engine = new FakeEngine(stack.state, process.lifecycles, operation === "preview");
    const program = declare(stack.program, (anchor) => this.anchor(anchor).pem);
    const work = operation === "refresh" || operation === "destroy" ? engine[operation]() : engine.up(program);
    const killed = await Promise.race([work, process.dead]);
    const ended = killed ?? (engine.failures.length > 0 ? "failed" : "done");
    this.figures.operations++;
    this.figures.faults += trouble.struck;
    this.figures.kills += ended === "killed" ? 1 : 0;
    const { failures, counts } = engine;
    return { how: ended, failures, said: process.said.text, counts, broken: trouble.permanent, watch };
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}
