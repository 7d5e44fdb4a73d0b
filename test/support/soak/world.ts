import { type Emulator, startEmulator } from "../../../emulator";
import { ADMIN_KEY } from "../rig";
import { FakeEngine } from "./fakeEngine";
import type { Figures } from "./figures";
import { Network } from "./network";
import { ProviderProcess } from "./process";
import { declare } from "./program";
import type { Random } from "./random";
import { type PlayedStack, Scene } from "./scene";
import { Timeline } from "./timeline";
import { Trouble, type TroubleOptions } from "./trouble";
import { type Observed, type Operation, Watch } from "./watch";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface How extends TroubleOptions {
  /** After how many events of its network the process is killed. */
  readonly killAfter?: number;
}

/** How a run ended. */
export interface Ended {
  readonly how: "done" | "failed" | "killed";
  readonly failures: readonly string[];
  /** All that the user was told. */
  readonly said: string;
  /** Whether the API went out of order for good. */
  readonly broken: boolean;
  /** Whether somebody else changed something meanwhile. */
  readonly disturbed: boolean;
  readonly watch: Observed;
}

export interface SimulatedEnd extends Ended {
  readonly counts: FakeEngine["counts"];
}

/** A scene whose engine, network and time are simulated: a seed plays the same in it every time. */
export class World extends Scene {
  readonly time: Timeline;
  readonly network: Network;

  private constructor(chance: Random, emulator: Emulator, figures: Figures, time: Timeline) {
    super(chance, emulator, figures);
    this.time = time;
    this.network = new Network(chance, time);
  }

  static async start(chance: Random, figures: Figures): Promise<World> {
    // The beginning of the day: headers hold whole seconds, and a seed shall not depend on the fraction.
    const time = new Timeline(Math.floor(Date.now() / DAY_MS) * DAY_MS, chance);
    const emulator = await startEmulator({
      adminKey: ADMIN_KEY,
      now: () => new Date(time.now()),
      ...(chance.chance(0.5) ? { maxPageSize: 1 + chance.below(5) } : {}),
      ...(chance.chance(0.2) ? { deactivationLag: 1 + chance.below(2) } : {}),
      legacyToggleShape: chance.chance(0.2),
    });
    return new World(chance, emulator, figures, time);
  }

  /** Runs the engine once, in a provider process of its own. */
  async operate(stack: PlayedStack, operation: Operation, how: How = {}): Promise<SimulatedEnd> {
    const trouble = new Trouble(this.chance, how);
    const watch = new Watch(
      this,
      stack,
      operation,
      (how.rate ?? 0) === 0 && how.brokenFrom === undefined && how.brokenAt === undefined,
    );
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
    const { disturbed } = watch;
    return { how: ended, failures, said: process.said.text, counts, broken: trouble.permanent, disturbed, watch };
  }
}
