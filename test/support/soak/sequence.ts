import { Editor } from "./edits";
import { asFailure } from "./failure";
import type { Figures } from "./figures";
import { meddle } from "./people";
import { Random } from "./random";
import { Runner } from "./runner";
import { PlayedStack } from "./scene";
import { World } from "./world";

/** Plays one random sequence of edits, foreign changes, faults and kills. Throws a SoakFailure; answers what it did. */
export async function playSequence(seed: number, figures: Figures): Promise<readonly string[]> {
  const chance = new Random(seed);
  const world = await World.start(chance, figures);
  const runner = new Runner(seed, world);
  try {
    await new Sequence(runner).play();
    figures.sequences++;
    return runner.trail;
  } catch (error) {
    throw asFailure(seed, runner.trail, error);
  } finally {
    await world.close();
  }
}

interface Manned {
  readonly stack: PlayedStack;
  readonly editor: Editor;
}

const FIRST_STACK_OF_TWO = [0, 1, 2, 3, 4, 5, 6, 7];
const SECOND_STACK = [10, 11, 12, 13, 14, 15, 16, 17];
const ALONE = Array.from({ length: 18 }, (_, index) => index);

const KINDS = ["activate", "deactivate", "delete"] as const;

class Sequence {
  private readonly world: World;
  private readonly chance: Random;
  private readonly stacks: readonly Manned[];

  constructor(private readonly runner: Runner) {
    this.world = runner.world;
    this.chance = runner.world.chance;
    const adopt = this.chance.chance(0.5);
    // Two stacks that only add to a set, or two that each want it for themselves.
    const { two, exclusive } = this.chance.pick([
      ...Array(7).fill({ two: false, exclusive: true }),
      { two: true, exclusive: false },
      { two: true, exclusive: false },
      { two: true, exclusive: true },
    ]);
    this.stacks = [
      this.newStack("a", adopt, two ? FIRST_STACK_OF_TWO : ALONE, exclusive),
      ...(two ? [this.newStack("b", adopt, SECOND_STACK, exclusive)] : []),
    ];
  }

  async play(): Promise<void> {
    for (let step = 4 + this.chance.below(8); step > 0; step--) {
      await this.step();
    }
    for (const { stack } of this.stacks) {
      await this.runner.converge(stack, {});
      await this.runner.nothingToDo(stack);
    }
    for (const { stack } of this.stacks) {
      await this.runner.destroy(stack, { rate: this.chance.pick([0, 0.2]) });
    }
  }

  private async step(): Promise<void> {
    const { runner, chance } = this;
    const { stack, editor } = chance.pick(this.stacks);
    const choice = chance.weighted({
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
        return this.edit(stack, editor);
      case "foreign":
        return runner.note(this.meddle());
      case "up":
        return runner.converge(stack, {});
      case "faults":
        return runner.converge(stack, { rate: 0.25 });
      case "outage":
        this.edit(stack, editor);
        await runner.run(
          stack,
          "up",
          chance.pick([{ brokenFrom: chance.below(12) }, { brokenAt: chance.pick(KINDS) }]),
        );
        return;
      case "kill":
        await runner.run(stack, "up", { killAfter: chance.below(25), rate: chance.pick([0, 0.2]) });
        return;
      case "disturbed":
        return this.disturbed(stack);
      case "together":
        return this.together();
      case "refresh":
      case "preview":
        await runner.run(stack, choice, { rate: chance.pick([0, 0.2]) });
        return;
      case "idle":
        return this.world.time.advance(chance.below(10 * 60 * 1000));
      case "destroyKilled":
        await runner.run(stack, "destroy", { killAfter: chance.below(15) });
    }
  }

  private edit(stack: PlayedStack, editor: Editor): void {
    this.runner.note(`${stack.name}: ${[0, 1, 2].map(() => editor.edit(stack)).join(", ")}`);
  }

  /** Two engines at once. */
  private async together(): Promise<void> {
    const scopes = [undefined, ...this.world.organization.projects().map(({ id }) => id)];
    const enforced = scopes.filter((scope) => this.world.live(scope).size > 0 && this.isPeaceful(scope));
    const running = this.stacks.map(({ stack }) => this.runner.run(stack, "up", {}));
    // To each the other one is somebody else.
    this.world.disturbances++;
    const ended = await Promise.all(running);
    if (ended.every(({ how }) => how === "done")) {
      const opened = enforced.filter((scope) => this.world.live(scope).size === 0);
      this.runner.failIf(
        opened.map((scope) => `two stacks together ended enforcement in ${scope ?? "the organization"} unasked`),
      );
    }
  }

  /** Whether no stack wants to end enforcement in a scope. */
  private isPeaceful(scope: string | undefined): boolean {
    return !this.stacks.some(({ stack: { program, state } }) => {
      const spec = program.activations.find(({ projectId }) => projectId === scope);
      return spec === undefined ? state.resources.some(({ id }) => id === (scope ?? "organization")) : !spec.members[0];
    });
  }

  private async disturbed(stack: PlayedStack): Promise<void> {
    this.world.network.between = () => {
      if (this.chance.chance(0.15)) {
        this.runner.note(`  ${this.meddle()}`);
      }
    };
    const { failures } = await this.runner.run(stack, "up", {});
    this.world.network.between = () => undefined;
    // It may have been impossible, but then a message says why; nothing crashes.
    this.runner.failIf(failures.filter((failure) => /TypeError|RangeError|\n\s+at |undefined/.test(failure)));
  }

  private meddle(): string {
    return meddle(
      this.world,
      this.stacks.map(({ stack }) => stack),
    );
  }

  private newStack(name: string, adopt: boolean, anchors: readonly number[], mayBeExclusive: boolean): Manned {
    const editor = new Editor(this.world, this.chance, anchors, mayBeExclusive);
    return { stack: new PlayedStack(name, editor.first(adopt)), editor };
  }
}
