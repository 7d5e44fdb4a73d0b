import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseVersion, refuseVersion } from "./supported";

/** A version that fits, or why this CLI cannot be used: the end of a sentence that begins with its path. */
export type Answer = { version: string; problem?: never } | { problem: string; version?: never };

const TIMEOUT_MS = 20_000;

/** Asks a CLI for its version, which also shows whether the file is whole and made for this machine. */
export async function probe(command: string, env: NodeJS.ProcessEnv, timeoutMs = TIMEOUT_MS): Promise<Answer> {
  let answer: string;
  try {
    const { stdout } = await promisify(execFile)(command, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    answer = stdout;
  } catch (error) {
    return { problem: explain(error as Failure, timeoutMs) };
  }
  const version = parseVersion(answer);
  if (version === undefined)
    return { problem: `does not answer \`pulumi version\` with a version: ${shorten(answer)}` };
  const problem = refuseVersion(version);
  return problem === undefined ? { version } : { problem };
}

/** What `execFile` rejects with; `code` is an exit code, or the system's name for why it could not be started. */
interface Failure extends Error {
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly signal?: string | null;
  readonly stderr?: string;
}

function explain({ code, killed, signal, stderr, message }: Failure, timeoutMs: number): string {
  if (killed) return `does not answer \`pulumi version\` within ${timeoutMs / 1000} s`;
  if (typeof code !== "number" && !signal) return `cannot be run: ${message}`;
  return `fails on \`pulumi version\`: ${stderr ? shorten(stderr) : signal ? `ended by ${signal}` : `exit code ${code}`}`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
