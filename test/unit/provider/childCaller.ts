import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { caller } from "./callers";

/** Calls to make in a process of its own, whose trust and proxies the environment says at its start. */
export interface Job {
  readonly baseUrl: string;
  readonly config?: Record<string, unknown>;
  readonly calls: readonly ("list" | "upload")[];
}

/** What became of one call. */
export interface Result {
  /** The ids that a list or an upload answered. */
  readonly ids?: string[];
  readonly error?: { readonly message: string; readonly lost: boolean };
  /** Waits between its attempts, in milliseconds. */
  readonly sleeps: number[];
}

const run = promisify(execFile);

/** Runs a job with nothing but `env` in its environment. Ends when the process ends by itself, at most after a minute. */
export async function callInChild(job: Job, env: Record<string, string> = {}): Promise<Result[]> {
  const argv = ["--import", "tsx", __filename, JSON.stringify(job)];
  const { stdout } = await run(process.execPath, argv, { env, timeout: 60_000 });
  return JSON.parse(stdout) as Result[];
}

async function work({ baseUrl, config, calls }: Job): Promise<Result[]> {
  const { api, clock } = caller(baseUrl, config);
  const results: Result[] = [];
  for (const call of calls) {
    const before = clock.sleeps.length;
    const outcome = await (call === "list" ? api.list() : api.upload("root", "pem").then((one) => [one])).then(
      (found) => ({ ids: found.map(({ id }) => id) }),
      ({ message, lost }) => ({ error: { message, lost } }),
    );
    results.push({ ...outcome, sleeps: clock.sleeps.slice(before) });
  }
  return results;
}

if (require.main === module) {
  work(JSON.parse(process.argv[2] ?? "")).then((results) => process.stdout.write(JSON.stringify(results)));
}
