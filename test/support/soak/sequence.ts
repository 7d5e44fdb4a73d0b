import { Editor } from "./edits";
import type { Figures } from "./figures";
import { freeFromUse, meddle } from "./people";
import { Random } from "./random";
import { accountForUploads, verifyConverged } from "./verify";
import { type Ended, type How, type Operation, SimulatedStack, World } from "./world";

/** A sequence that found something wrong: the steps up to there, and the seed that plays them again. */
export class SoakFailure extends Error {
  constructor(
    readonly seed: number,
    trail: readonly string[],
    problems: readonly string[],
  ) {
    super(`seed ${seed}:\n${trail.join("\n")}\n=> ${problems.join("\n=> ")}`);
    this.stack = this.message;
  }
}

/** Plays one random sequence of edits, foreign changes, faults and kills. Throws a {@link SoakFailure}. */
export async function playSequence(seed: number, figures: Figures): Promise<void> {
  const chance = new Random(seed);
  const world = await World.start(chance, figures);
  try {
    await new Sequence(seed, world).play();
    figures.sequences++;
  } finally {
    await world.close();
  }
}

/** A page's last certificate was deleted before the next page was asked for; a real page holds more than an organization may. */
const CURSOR_GONE = /Invalid value for 'after'/;

class Sequence {
  private readonly chance: Random;
  private readonly trail: string[] = [];
  private readonly stacks: readonly { readonly stack: SimulatedStack; readonly editor: Editor }[];

  constructor(
    private readonly seed: number,
    private readonly world: World,
  ) {
    this.chance = world.chance;
    const adopt = this.chance.chance(0.5);
    // Two stacks that only add to a set, or two that each want it for themselves.
    const { two, exclusive } = this.chance.pick([
      ...Array(7).fill({ two: false, exclusive: true }),
      { two: true, exclusive: false },
      { two: true, exclusive: false },
      { two: true, exclusive: true },
    ]);
    this.stacks = [
      this.newStack(
        "a",
        adopt,
        two ? [0, 1, 2, 3, 4, 5, 6, 7] : Array.from({ length: 18 }, (_, index) => index),
        exclusive,
      ),
      ...(two ? [this.newStack("b", adopt, [10, 11, 12, 13, 14, 15, 16, 17], exclusive)] : []),
    ];
  }

  async play(): Promise<void> {
    for (let step = 4 + this.chance.below(8); step > 0; step--) {
      await this.step();
    }
    for (const { stack } of this.stacks) {
      await this.converge(stack, {});
      await this.nothingToDo(stack);
    }
    for (const { stack } of this.stacks) {
      await this.destroy(stack);
    }
  }

  private async step(): Promise<void> {
    const { stack, editor } = this.chance.pick(this.stacks);
    const choice = this.chance.weighted({
      edit: 5,
      foreign: 2,
      up: 2,
      faults: 4,
      outage: 2,
      kill: 4,
      disturbed: 2,
      together: this.stacks.length > 1 ? 3 : 0,
      refresh: 1,
      preview: 1,
      idle: 1,
      destroyKilled: 0.5,
    });
    switch (choice) {
      case "edit":
        return this.note(`${stack.name}: ${[0, 1, 2].map(() => editor.edit(stack)).join(", ")}`);
      case "foreign":
        return this.note(
          meddle(
            this.world,
            this.stacks.map((one) => one.stack),
          ),
        );
      case "up":
        return this.converge(stack, {});
      case "faults":
        return this.converge(stack, { rate: 0.25 });
      case "outage":
        await this.run(stack, "up", { brokenFrom: this.chance.below(12) });
        return;
      case "kill":
        await this.run(stack, "up", { killAfter: this.chance.below(25), rate: this.chance.pick([0, 0.2]) });
        return;
      case "disturbed":
        return this.disturbed(stack);
      case "together":
        return this.together();
      case "refresh":
      case "preview":
        await this.run(stack, choice, { rate: this.chance.pick([0, 0.2]) });
        return;
      case "idle":
        this.world.time.advance(this.chance.below(10 * 60 * 1000));
        return;
      case "destroyKilled":
        await this.run(stack, "destroy", { killAfter: this.chance.below(15) });
    }
  }

  /** An `up` that has to go through, whatever passes by itself. */
  private async converge(stack: SimulatedStack, how: How): Promise<void> {
    let ended = await this.through(stack, "up", how);
    const inUse = /cannot delete (cert_\w+): 400 certificate_in_use.*It is still active in/;
    for (let told = 0; told < 10 && ended.how === "failed"; told++) {
      const ids = ended.failures.flatMap((failure) => inUse.exec(failure)?.[1] ?? []);
      if (ids.length === 0 || !ended.failures.every((failure) => inUse.test(failure))) {
        this.fail(ended.failures);
      }
      this.note(`the user ends the use of ${ids.join(", ")}`);
      freeFromUse(this.world, ids);
      ended = await this.through(stack, "up", how);
    }
    this.failIf(ended.how === "done" ? verifyConverged(this.world, stack, ended) : ended.failures);
  }

  /** Another `up` right after one that went through. */
  private async nothingToDo(stack: SimulatedStack): Promise<void> {
    const { counts, watch } = await this.run(stack, "up", {});
    const { same: _, ...changes } = counts;
    this.failIf(
      watch.writes > 0 || Object.values(changes).some((count) => count > 0)
        ? [`changes: ${JSON.stringify(changes)}`]
        : [],
    );
  }

  /** Two engines at once. */
  private async together(): Promise<void> {
    const scopes = [undefined, ...this.world.organization.projects().map(({ id }) => id)];
    const enforced = scopes.filter(
      (scope) =>
        this.world.live(scope).size > 0 &&
        this.stacks.every(({ stack }) =>
          stack.program.activations.every(({ projectId, members }) => projectId !== scope || members.length > 0),
        ),
    );
    const ended = await Promise.all(this.stacks.map(({ stack }) => this.run(stack, "up", { concurrent: true })));
    if (ended.every(({ how }) => how === "done")) {
      this.failIf(
        enforced
          .filter((scope) => this.world.live(scope).size === 0)
          .map(
            (scope) =>
              `two stacks together ended enforcement in ${scope ?? "the organization"}, though neither wanted to`,
          ),
      );
    }
  }

  private async disturbed(stack: SimulatedStack): Promise<void> {
    this.world.network.between = () => {
      if (this.chance.chance(0.15)) {
        this.note(
          `  ${meddle(
            this.world,
            this.stacks.map((one) => one.stack),
          )}`,
        );
      }
    };
    const { failures } = await this.run(stack, "up", {});
    this.world.network.between = () => undefined;
    // It may have been impossible, but then a message says why; nothing crashes.
    this.failIf(failures.filter((failure) => /TypeError|RangeError|\n\s+at |undefined/.test(failure)));
  }

  private async destroy(stack: SimulatedStack): Promise<void> {
    freeFromUse(
      this.world,
      stack.state.resources.filter(({ kind }) => kind === "certificate").map(({ id }) => id),
    );
    const ended = await this.through(stack, "destroy", { rate: this.chance.pick([0, 0.2]) });
    const left = stack.state.resources.map(({ name }) => `${name} is left in state`);
    this.failIf([...ended.failures, ...left]);
  }

  /** Again while the only obstacle is one that these worlds' short pages make. */
  private async through(stack: SimulatedStack, operation: Operation, how: How): Promise<Ended> {
    const ended = await this.run(stack, operation, how);
    return ended.failures.some((failure) => CURSOR_GONE.test(failure)) ? this.through(stack, operation, how) : ended;
  }

  private async run(stack: SimulatedStack, operation: Operation, how: How & { concurrent?: boolean }): Promise<Ended> {
    if (how.concurrent) {
      this.world.disturbances++;
    }
    const ended = await this.world.operate(stack, operation, how);
    const { failures, counts, watch } = ended;
    this.note(
      `${stack.name}: ${operation} ${JSON.stringify(how)}: ${ended.how}, ${JSON.stringify(counts)}, ${watch.uploads.length} uploads${failures.map((text) => `\n    ${text}`).join("")}`,
    );
    if (ended.broken) {
      this.world.figures.outages++;
    }
    this.failIf(accountForUploads(this.world, stack, ended));
    return ended;
  }

  private newStack(name: string, adopt: boolean, anchors: number[], mayBeExclusive: boolean) {
    const editor = new Editor(this.world, this.chance, anchors, mayBeExclusive);
    return { stack: new SimulatedStack(name, editor.first(adopt)), editor };
  }

  private note(line: string): void {
    this.trail.push(line);
  }

  private failIf(problems: readonly string[]): void {
    if (problems.length > 0) {
      this.fail(problems);
    }
  }

  private fail(problems: readonly string[]): never {
    throw new SoakFailure(this.seed, this.trail, problems);
  }
}
