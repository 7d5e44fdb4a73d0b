import type { Clock } from "../../provider/clock";

/** A clock that stands still unless slept on or moved; sleeping takes no real time. */
export class FakeClock implements Clock {
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(private time = Date.now()) {}

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.time += ms;
  }

  advance(ms: number): void {
    this.time += ms;
  }

  random(): number {
    return 0.5;
  }
}
