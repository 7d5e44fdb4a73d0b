import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { lock } from "proper-lockfile";
import { namesIn } from "./files";
import type { Log } from "./log";

const WORKPLACE = "making-";

/** A holder touches its lock every `update` ms, and is taken for dead where it has not for `stale` ms. */
const TIMES = { update: 5_000, stale: 20_000 };

/**
 * The folder that keeps engines: one for the user, because a fresh clone should not build again.
 * `PULUMI_OPENAI_ENGINE_CACHE`, else `pulumi-openai-certificates` in `XDG_CACHE_HOME` or in `~/.cache`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string): string {
  const own = env["PULUMI_OPENAI_ENGINE_CACHE"];
  if (own) return path.resolve(own);
  // The XDG specification has relative paths ignored.
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".cache");
  return path.join(base, "pulumi-openai-certificates");
}

/** Where something of this origin and version is kept; the `root` of `PulumiCommand.get` for a CLI. */
export function keptRoot(cache: string, origin: "download" | "build" | "yaml", version: string): string {
  return path.join(cache, `${origin}-${version}-${process.platform}-${process.arch}`);
}

/** The lock's own folder, which is there while somebody holds it. */
export function lockFolder(cache: string): string {
  return path.join(cache, "making.lock");
}

/**
 * Runs `work` while no other process makes something in this cache. The lock saves the others their build; what they would
 * see is whole without it, because it is moved to its place in one step.
 */
export async function alone<T>(cache: string, log: Log, work: () => Promise<T>): Promise<T> {
  await mkdir(cache, { recursive: true });
  let lost = false;
  const options = {
    ...TIMES,
    realpath: false,
    lockfilePath: lockFolder(cache),
    // This process stood still for long, or the cache was deleted.
    onCompromised: ({ message }: Error) => {
      lost = true;
      log(`The lock of ${cache} was lost: ${message}. Another run may make the same now.`);
    },
  };
  const release = await lock(cache, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOCKED") throw error;
    log("Waiting for another run, which is getting it already.");
    return lock(cache, { ...options, retries: { forever: true, factor: 1, minTimeout: 300, maxTimeout: 300 } });
  });
  try {
    return await work();
  } finally {
    if (!lost) await release();
  }
}

/**
 * Has `make` fill an empty folder, and moves that to `root` in one step; what killed runs have left is removed. Only for the
 * holder of the cache's lock.
 * @returns why it could not be made, as `make` has answered; undefined where it is in its place.
 */
export async function keep(
  cache: string,
  root: string,
  make: (folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const name of await namesIn(cache)) {
    if (name.startsWith(WORKPLACE)) await remove(path.join(cache, name));
  }
  const folder = path.join(cache, `${WORKPLACE}${randomBytes(8).toString("hex")}`);
  await mkdir(folder);
  try {
    const refusal = await make(folder);
    if (refusal !== undefined) return refusal;
    await remove(root);
    await rename(folder, root);
    return undefined;
  } finally {
    await remove(folder);
  }
}

/** A folder of the cache, filled by the first of those who need it, while the others wait. */
export async function filled(
  cache: string,
  name: string,
  log: Log,
  fill: (folder: string) => Promise<unknown>,
): Promise<string> {
  const root = path.join(cache, name);
  if (!existsSync(root)) {
    await alone(cache, log, async () => {
      // Whoever had the lock before may have made it.
      if (existsSync(root)) return;
      await keep(cache, root, async (folder) => void (await fill(folder)));
    });
  }
  return root;
}

/** A compiler that outlives a killed run may still write while its files are removed. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
