import type { Random } from "./random";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time of a simulated world: it moves only when the simulation moves it, and wakes those whose time has come. */
export class Timeline {
  private sleepers: Sleeper[] = [];

  constructor(
    private time: number,
    private readonly chance: Random,
  ) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance.next();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ until: this.time + ms, wake }));
  }

  advance(ms: number): void {
    this.time += ms;
    this.wakeDue();
  }

  /** Moves on to the next one that sleeps; false where nobody does. */
  skip(): boolean {
    if (this.sleepers.length === 0) {
      return false;
    }
    this.time = Math.max(this.time, Math.min(...this.sleepers.map(({ until }) => until)));
    this.wakeDue();
    return true;
  }

  private wakeDue(): void {
    const due = this.sleepers.filter(({ until }) => until <= this.time).sort((a, b) => a.until - b.until);
    this.sleepers = this.sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) {
      wake();
    }
  }
}
