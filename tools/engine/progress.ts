/** Where progress goes: `line` stays, `status` is what is going on now and replaces the status before it. */
export interface Progress {
  line(text: string): void;
  status(text: string): void;
  /** Ends the status, before anything else is written to the same place. */
  done(): void;
}

const LINE_EVERY_MS = 10_000;

/** For logs and pipes: every status is a line, but at most one in ten seconds. */
export function lineProgress(log: (line: string) => void, now: () => number = Date.now): Progress {
  let last = now();
  const line = (text: string) => {
    last = now();
    log(text);
  };
  return {
    line,
    status: (text) => {
      if (now() - last >= LINE_EVERY_MS) line(text);
    },
    done: () => {},
  };
}

/** For a terminal: the status is redrawn in place, cut to the terminal's width so that it never wraps. */
export function terminalProgress(stream: Pick<NodeJS.WriteStream, "write" | "columns">): Progress {
  const clear = "\r\u001b[K";
  let drawn = false;
  const done = () => {
    if (drawn) stream.write(clear);
    drawn = false;
  };
  return {
    line: (text) => {
      done();
      stream.write(`${text}\n`);
    },
    status: (text) => {
      stream.write(clear + text.slice(0, Math.max((stream.columns || 80) - 1, 1)));
      drawn = true;
    },
    done,
  };
}

/** What fits the process's standard error: a terminal's redrawn status, or lines. */
export function stderrProgress(): Progress {
  return process.stderr.isTTY
    ? terminalProgress(process.stderr)
    : lineProgress((line) => process.stderr.write(`${line}\n`));
}

/** `7 s`, `2 min 8 s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Reports `describe()` with the time since the call once a second until `work` ends. */
export async function withElapsed<T>(progress: Progress, describe: () => string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const timer = setInterval(() => progress.status(`${describe()} (${formatElapsed(Date.now() - start)})`), 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress.done();
  }
}
