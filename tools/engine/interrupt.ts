import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The work was stopped by a signal; `exitCode` is the one that shells give for it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs work that has to clean up after itself when the process is told to end: its signal is aborted, the work's own
 * `finally` blocks run, and then the process ends by that same signal, as its parent expects. A second signal ends it
 * at once. Where somebody else listens for the signal too, ending the process is theirs, and the work just rejects with
 * `Interrupted`.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals) => {
    if (received) {
      unlisten();
      process.kill(process.pid, name);
    }
    received = name;
    controller.abort(new Interrupted(name));
  };
  const unlisten = () => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  // Until the work has ended, because a library that kills its child processes on a signal ends this one, too, unless
  // somebody else listens.
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    unlisten();
    if (received && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}
