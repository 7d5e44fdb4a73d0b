import { isThrottled, type Outcome } from "./outcome";

/** From this long a wait on, the user is told of the first retry as well. */
const NOTABLE_WAIT_MS = 5000;

/** What one call tells the user while it is tried again: nothing of a single short hiccup, and of a 429 once. */
export class RetryNotes {
  private toldOfThrottling = false;

  constructor(
    /** The call, such as `GET /organization/certificates`. */
    private readonly what: string,
    private readonly say: (line: string) => void,
    private readonly overallMs: number,
  ) {}

  /** `attempt` has failed, and the next one follows after `ms`. */
  waiting(outcome: Outcome, attempt: number, ms: number): void {
    if (attempt === 1 && ms < NOTABLE_WAIT_MS) {
      return;
    }
    if (!isThrottled(outcome)) {
      const seconds = Math.max(1, Math.round(ms / 1000));
      this.say(`${this.what}: ${briefly(outcome)}; attempt ${attempt + 1} follows in ${seconds} s`);
    } else if (!this.toldOfThrottling) {
      this.toldOfThrottling = true;
      const seconds = this.overallMs / 1000;
      this.say(
        `${this.what}: 429 (too many requests); waiting until the API accepts the call, at most ${seconds} s in all`,
      );
    }
  }
}

function briefly(outcome: Outcome): string {
  return outcome.kind === "answer" ? `status ${outcome.status}` : outcome.reason;
}
