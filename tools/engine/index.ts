import { homedir } from "node:os";
import path from "node:path";
import { cacheFolder } from "./cache";
import { DOWNLOAD_URL } from "./download";
import { engineEnvironment } from "./environment";
import { CLI, executables, pathFolders } from "./files";
import { findAtHome, findOnPath } from "./installed";
import { type Log, logToStderr } from "./log";
import { findKept, makeEngine } from "./made";
import { findPlugin, hasNodeLanguageHost, providePlugin } from "./plugin";
import type { Attempt, Found, Way, World } from "./types";
import { chosenWays } from "./ways";

export { EngineError } from "./failure";
export { ensureYamlHost } from "./yamlHost";

/** A Pulumi CLI that is ready for use, as plain data. */
export interface Engine {
  /** The absolute path of the CLI. */
  command: string;
  /** Without a leading `v`. */
  version: string;
  /** Found on PATH, under `~/.pulumi`, downloaded by Pulumi's installer, or built with Go. */
  from: Way;
  /** The folder of `pulumi-resource-pulumi-nodejs`. */
  pluginDir: string;
  /** What to lay over a process's environment so that `pulumi` and its plugin are found by name. */
  env: Record<string, string>;
  /** Whether `pulumi up` can run a Node program by itself; inline programs need no language host. */
  hasNodeLanguageHost: boolean;
}

/**
 * Finds a Pulumi CLI, or downloads or builds one into the user's cache: see WAYS for the order, and `chosenWays` for how to
 * limit them. Progress goes to `log` a line at a time, else to standard error.
 * @throws EngineError where there is none to be had, with what was tried and what to install.
 */
export function ensureEngine(options: { log?: Log } = {}): Promise<Engine> {
  return ensureEngineIn({
    env: process.env,
    home: homedir(),
    cache: cacheFolder(process.env, homedir()),
    downloadUrl: DOWNLOAD_URL,
    ways: chosenWays(process.env),
    log: options.log ?? logToStderr,
  });
}

/** `ensureEngine` for a given environment. */
export async function ensureEngineIn(world: World): Promise<Engine> {
  const attempts: Attempt[] = [];
  const found =
    (await findInstalled(world, attempts)) ?? (await findKept(world)) ?? (await makeEngine(world, attempts));
  return describe(found, world);
}

async function findInstalled(world: World, attempts: Attempt[]): Promise<Found | undefined> {
  return (
    (world.ways.includes("path") ? await findOnPath(world, attempts) : undefined) ??
    (world.ways.includes("home") ? await findAtHome(world, attempts) : undefined)
  );
}

async function describe(found: Found, world: World): Promise<Engine> {
  // On every run, because releases of this repository share the cache, and the plugin's text is this release's.
  if (found.from === "build") await providePlugin(path.dirname(found.command));
  const known = await findPlugin(found.command, world.env);
  const pluginDir = known ?? path.join(world.cache, "plugin");
  if (known === undefined) await providePlugin(pluginDir);
  const folders = pathFolders(world.env);
  const [firstOnPath] = await executables(folders, CLI);
  return {
    ...found,
    pluginDir,
    env: engineEnvironment({
      folders,
      firstOnPath,
      command: found.command,
      pluginFolder: pluginDir,
      pluginIsFound: known !== undefined,
    }),
    hasNodeLanguageHost: await hasNodeLanguageHost(found.command, world.env),
  };
}
