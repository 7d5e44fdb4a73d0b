import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a program ended. `code` is null where a signal ended it; `stderr` holds its last lines only. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string[];
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Ends the program with SIGINT, on which `go` removes its own temporary files. */
  signal?: AbortSignal;
  /** Kills the program, and does not wait for what it has started. */
  timeoutMs?: number;
  onErrorLine?: (line: string) => void;
}

const KEPT_LINES = 20;

/**
 * Runs a program to its end, without a shell and without standard input.
 * @throws the system's error where the program cannot be started; the signal's reason where it was aborted; an Error where
 * it took too long.
 */
export async function run(command: string, args: string[], options: RunOptions): Promise<Ended> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const interrupt = () => child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt);
  let late = false;
  const giveUp = () => {
    late = true;
    child.kill("SIGKILL");
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(giveUp, options.timeoutMs);
  const stderr: string[] = [];
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    options.onErrorLine?.(line);
    stderr.push(line);
    if (stderr.length > KEPT_LINES) stderr.shift();
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    options.signal?.throwIfAborted();
    if (late) throw new Error(`no end within ${options.timeoutMs! / 1000} s`);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", interrupt);
  }
}
