import { type Emulator, type Fault, startEmulator } from "../../../emulator";
import { ADMIN_KEY } from "../rig";
import { Editor } from "./edits";
import { EngineStack } from "./engineStack";
import { asFailure, SoakFailure } from "./failure";
import type { Figures } from "./figures";
import { freeFromUse, meddle } from "./people";
import { Random } from "./random";
import { Scene } from "./scene";
import { verifyConverged } from "./verify";
import { verifyRun } from "./verifyRun";
import type { Ended } from "./world";

/** What passes by itself and costs no long wait. */
const TRANSIENT: readonly Fault[] = (["before", "after"] as const).flatMap((at): Fault[] => [
  { kind: "status", status: 500, at },
  { kind: "status", status: 503, at },
  { kind: "drop", at },
  { kind: "garbage", at },
  { kind: "truncate" },
]);

/** What ends a run at once. */
const PERMANENT: readonly Fault[] = [
  { kind: "status", status: 401, code: "invalid_api_key" },
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: 3600 },
];

const ANCHORS = Array.from({ length: 18 }, (_, index) => index);

/**
 * Plays one short random sequence on the real engine: one or two runs with faults, an outage or a kill, changes by the
 * user and by others, and an `up` that has to mend it all. Throws a {@link SoakFailure}; answers what it did.
 */
export async function playEngineSequence(seed: number, figures: Figures): Promise<readonly string[]> {
  const chance = new Random(seed);
  const emulator = await startEmulator({ adminKey: ADMIN_KEY, maxPageSize: chance.pick([3, 7, 20]) });
  const sequence = new EngineSequence(seed, new Scene(chance, emulator, figures));
  try {
    await sequence.play();
    figures.sequences++;
    return sequence.trail;
  } catch (error) {
    throw asFailure(seed, sequence.trail, error, true);
  } finally {
    sequence.stack.remove();
    await emulator.close();
  }
}

class EngineSequence {
  readonly trail: string[] = [];
  readonly stack: EngineStack;
  private readonly editor: Editor;
  private readonly emulator: Emulator;
  private readonly chance: Random;

  constructor(
    private readonly seed: number,
    private readonly scene: Scene,
  ) {
    this.emulator = scene.emulator;
    this.chance = scene.chance;
    this.editor = new Editor(scene, scene.chance, ANCHORS, true);
    this.stack = new EngineStack(scene, this.editor.first(this.chance.chance(0.5)));
  }

  async play(): Promise<void> {
    await this.troubled();
    this.change();
    if (this.chance.chance(0.2)) {
      await this.troubled();
      this.change();
    }
    await this.converge();
  }

  private async troubled(): Promise<void> {
    const choice = this.chance.weighted({ faults: 2, kill: 6, outage: 1 });
    if (choice === "faults" || (choice === "kill" && this.chance.chance(0.5))) {
      this.emulator.faults.random({ rate: 0.2, seed: this.chance.below(2 ** 31), kinds: TRANSIENT });
    }
    if (choice === "kill") {
      const { program, state } = this.stack;
      const uploads = [...program.certificates.keys()].filter((name) => state.get(name) === undefined).length;
      await this.up(choice, { killAfter: this.chance.below(uploads + 2) });
      return;
    }
    if (choice === "outage") {
      const match = { skip: this.chance.below(12), times: Number.POSITIVE_INFINITY };
      this.emulator.faults.add({ ...this.chance.pick(PERMANENT), match });
      await this.up(choice, { broken: true });
      return;
    }
    const ended = await this.up(choice, {});
    if (ended.how === "failed") {
      this.freeWhatIsInUse(ended);
    } else {
      this.failIf(verifyConverged(this.scene, this.stack, ended));
    }
  }

  private change(): void {
    const edits = [0, 1, 2].map(() => this.editor.edit(this.stack));
    this.trail.push(edits.join(", "), meddle(this.scene, [this.stack]), meddle(this.scene, [this.stack]));
  }

  /** An `up` with nothing in its way, but that others may use what it deletes. */
  private async converge(): Promise<void> {
    let ended = await this.up("nothing", {});
    for (let told = 0; told < 3 && ended.how === "failed"; told++) {
      this.freeWhatIsInUse(ended);
      ended = await this.up("nothing", {});
    }
    this.failIf(ended.how === "done" ? verifyConverged(this.scene, this.stack, ended) : ended.failures);
  }

  private freeWhatIsInUse({ failures }: Ended): void {
    const told = failures.join("\n").matchAll(/cannot delete (cert_\w+): 400 certificate_in_use/g);
    const ids = [...new Set([...told].map(([, id = ""]) => id))];
    this.failIf(ids.length === 0 ? failures : []);
    this.trail.push(`the user ends the use of ${ids.join(", ")}`);
    freeFromUse(this.scene, ids);
  }

  private async up(trouble: string, how: Parameters<EngineStack["up"]>[0]): Promise<Ended> {
    const ended = await this.stack.up(how);
    const { writes, uploads } = ended.watch;
    this.trail.push(`up, ${trouble} ${JSON.stringify(how)}: ${ended.how}, ${writes} writes, ${uploads.length} uploads`);
    this.failIf(verifyRun(this.scene, this.stack, "up", ended));
    return ended;
  }

  private failIf(problems: readonly string[]): void {
    if (problems.length > 0) {
      throw new SoakFailure(this.seed, this.trail, problems, true);
    }
  }
}
