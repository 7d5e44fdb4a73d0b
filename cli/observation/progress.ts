import type { Step } from "./observe";

export interface Progress {
  readonly step: Step;
  /** Takes the last line away, before anything else is written. */
  done(): void;
}

const CLEAR = "\r\u001b[K";

/** One line on a terminal, redrawn in place; nothing where nobody sees it. */
export function progressOn(stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">): Progress {
  if (!stream.isTTY) return { step: () => undefined, done: () => undefined };
  let drawn = false;
  return {
    step(what, done, total) {
      stream.write(CLEAR + `${what}: ${done} of ${total}`.slice(0, Math.max((stream.columns || 80) - 1, 1)));
      drawn = true;
    },
    done() {
      if (drawn) stream.write(CLEAR);
      drawn = false;
    },
  };
}

/** No progress, for answers that another program reads. */
export const quiet: Progress = { step: () => undefined, done: () => undefined };
