import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { MemoryWatch } from "./memory";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From start to end. */
  readonly ms: number;
  /** The peak of the process below it whose command line matched. */
  readonly memoryBytes?: number;
}

/** Runs a program to its end, watching the memory of those of its processes whose command line matches `watched`. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly input?: string;
    readonly watched: RegExp;
  },
): Promise<Ran> {
  const began = performance.now();
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"] });
  const watch = new MemoryWatch(child.pid ?? 0, options.watched);
  // A program that does not read its input is no failure.
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  try {
    const [code, stdout, stderr] = await Promise.all([
      new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
      text(child.stdout),
      text(child.stderr),
    ]);
    const ms = Math.round(performance.now() - began);
    return { code, stdout, stderr, ms, ...(watch.peakBytes === undefined ? {} : { memoryBytes: watch.peakBytes }) };
  } finally {
    watch.stop();
  }
}
