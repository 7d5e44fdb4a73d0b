import { SoakFailure } from "./failure";
import { freeFromUse, inUse } from "./people";
import type { PlayedStack } from "./scene";
import { verifyConverged } from "./verify";
import { verifyRun } from "./verifyRun";
import type { Operation } from "./watch";
import type { How, SimulatedEnd, World } from "./world";

/** A page's last certificate was deleted before the next page was asked for; a real page holds more than an organization may. */
const CURSOR_GONE = /Invalid value for 'after'/;

/** Runs the simulated engine, checks what every run has to keep to, and keeps a trail of all that happened. */
export class Runner {
  readonly trail: string[] = [];

  constructor(
    private readonly seed: number,
    readonly world: World,
  ) {}

  note(line: string): void {
    this.trail.push(line);
  }

  failIf(problems: readonly string[]): void {
    if (problems.length > 0) {
      throw new SoakFailure(this.seed, this.trail, problems);
    }
  }

  async run(stack: PlayedStack, operation: Operation, how: How): Promise<SimulatedEnd> {
    const ended = await this.world.operate(stack, operation, how);
    const { failures, counts, watch } = ended;
    const told = failures.map((text) => `\n    ${text}`).join("");
    this.note(
      `${stack.name}: ${operation} ${JSON.stringify(how)}: ${ended.how}, ${JSON.stringify(counts)}, ${watch.uploads.length} uploads${told}`,
    );
    this.world.figures.outages += ended.broken ? 1 : 0;
    this.failIf(verifyRun(this.world, stack, operation, ended));
    return ended;
  }

  /** An `up` that has to go through, whatever passes by itself. */
  async converge(stack: PlayedStack, how: How): Promise<void> {
    let ended = await this.through(stack, "up", how);
    for (let told = 0; told < 10 && ended.how === "failed"; told++) {
      const ids = inUse(ended.failures);
      if (ids === undefined) {
        break;
      }
      this.note(`the user ends the use of ${ids.join(", ")}`);
      freeFromUse(this.world, ids);
      ended = await this.through(stack, "up", how);
    }
    this.failIf(ended.how === "done" ? verifyConverged(this.world, stack, ended) : ended.failures);
  }

  /** Another `up` right after one that went through. */
  async nothingToDo(stack: PlayedStack): Promise<void> {
    const { counts, watch } = await this.run(stack, "up", {});
    const { same: _, ...changes } = counts;
    const changed = watch.writes > 0 || Object.values(changes).some((count) => count > 0);
    this.failIf(changed ? [`there was something to do again: ${JSON.stringify(changes)}`] : []);
  }

  async destroy(stack: PlayedStack, how: How): Promise<void> {
    const certificates = stack.state.resources.filter(({ kind }) => kind === "certificate");
    freeFromUse(
      this.world,
      certificates.map(({ id }) => id),
    );
    const ended = await this.through(stack, "destroy", how);
    const left = stack.state.resources.map(({ name }) => `${name} is left in state`);
    this.failIf([...ended.failures, ...left]);
  }

  /** Again while the only obstacle is one that these worlds' short pages make. */
  private async through(stack: PlayedStack, operation: Operation, how: How): Promise<SimulatedEnd> {
    const ended = await this.run(stack, operation, how);
    return ended.failures.some((failure) => CURSOR_GONE.test(failure)) ? this.through(stack, operation, how) : ended;
  }
}
