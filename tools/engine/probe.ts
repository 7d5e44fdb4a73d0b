import { run } from "./run";
import { formatVersion, parseVersion, refuseVersion } from "./version";

/** A version that fits, or why this CLI cannot be used: the end of a sentence that begins with its path. */
export type Answer = { version: string; problem?: never } | { problem: string; version?: never };

const TIMEOUT_MS = 20_000;

/** Asks a CLI for its version, which also shows whether the file is whole and made for this machine. */
export async function probe(command: string, env: NodeJS.ProcessEnv, timeoutMs = TIMEOUT_MS): Promise<Answer> {
  let output: string;
  try {
    const ended = await run(command, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeoutMs });
    if (ended.code !== 0) return { problem: `fails on \`pulumi version\`: ${explain(ended.stderr, ended.code)}` };
    output = ended.stdout;
  } catch (error) {
    return { problem: `cannot be run: ${(error as Error).message}` };
  }
  const version = parseVersion(output);
  if (!version) return { problem: `does not answer \`pulumi version\` with a version: ${shorten(output)}` };
  const problem = refuseVersion(version);
  return problem === undefined ? { version: formatVersion(version) } : { problem };
}

function explain(stderr: readonly string[], code: number | null): string {
  return stderr.length > 0 ? shorten(stderr.join(" ")) : code === null ? "ended by a signal" : `exit code ${code}`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
