import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../provider/clock";
import { ProviderError } from "../provider/errors";

/**
 * The system's time, until the user interrupts the run. Then a wait under way ends at once, so that what was being waited
 * for is tried or looked at one last time, and a further wait is refused: whatever was being written is finished, and the
 * engine gets its answer before it gives up on this process.
 */
export class CancellableClock implements Clock {
  private readonly cancelled = new AbortController();

  cancel(): void {
    this.cancelled.abort();
  }

  now(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  async sleep(ms: number): Promise<void> {
    const { signal } = this.cancelled;
    if (signal.aborted) {
      throw new ProviderError("the run was interrupted while a call was about to be repeated: run again");
    }
    await delay(ms, undefined, { signal }).catch((error: Error) => {
      if (!signal.aborted) throw error;
    });
  }
}
