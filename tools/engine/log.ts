/** Where progress goes, a line at a time. */
export type Log = (line: string) => void;

export const logToStderr: Log = (line) => void process.stderr.write(`${line}\n`);

const EVERY_MS = 10_000;

/** Logs `describe()` and the time since the call every ten seconds until `work` ends. */
export async function withElapsed<T>(log: Log, describe: () => string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const timer = setInterval(() => log(`${describe()} (${Math.round((Date.now() - start) / 1000)} s)`), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
