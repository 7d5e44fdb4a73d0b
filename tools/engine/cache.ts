import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { CLI, namesIn } from "./files";

const WORKPLACE = "making-";

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

/** Where an engine of this origin and version is kept: the `root` of `PulumiCommand.get`. */
export function engineRoot(cache: string, from: "download" | "build", version: string): string {
  return path.join(cache, `${from}-${version}-${process.platform}-${process.arch}`);
}

export function cliIn(root: string): string {
  return path.join(root, "bin", CLI);
}

/**
 * Gives `work` an empty folder beside the engines, and removes it in the end, together with those that killed runs have
 * left. Only for the holder of the cache's lock.
 */
export async function withWorkplace<T>(cache: string, work: (folder: string) => Promise<T>): Promise<T> {
  for (const name of await namesIn(cache)) {
    if (name.startsWith(WORKPLACE)) await remove(path.join(cache, name));
  }
  const folder = path.join(cache, `${WORKPLACE}${randomBytes(8).toString("hex")}`);
  await mkdir(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    await remove(folder);
  }
}

/** Moves a finished engine to its place in one step. Only for the holder of the cache's lock. */
export async function keep(finished: string, root: string): Promise<void> {
  await remove(root);
  await rename(finished, root);
}

/** A compiler that outlives a killed run may still write while its files are removed. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
