import path from "node:path";
import semver from "semver";
import { CLI, executables, namesIn, pathFolders } from "./files";
import { probe } from "./probe";
import type { Attempt, Found, World } from "./types";

/** The first `pulumi` on PATH that fits. */
export async function findOnPath(world: World, attempts: Attempt[]): Promise<Found | undefined> {
  const commands = await executables(pathFolders(world.env), CLI);
  if (commands.length === 0) attempts.push({ way: "path", reason: "there is no pulumi on PATH" });
  for (const command of commands) {
    const found = await ask(command, "path", world, attempts);
    if (found) return found;
  }
  return undefined;
}

/** The newest `pulumi` that fits among those which Pulumi's installers have put under the home directory. */
export async function findAtHome(world: World, attempts: Attempt[]): Promise<Found | undefined> {
  const root = path.join(world.home, ".pulumi");
  const versions = path.join(root, "versions");
  const folders = [root, ...(await namesIn(versions)).map((name) => path.join(versions, name))];
  const commands = await executables(
    folders.map((folder) => path.join(folder, "bin")),
    CLI,
  );
  if (commands.length === 0) {
    attempts.push({ way: "home", reason: `there is no pulumi in ${root}${path.sep}bin or below ${versions}` });
  }
  const found: Found[] = [];
  for (const command of commands) {
    const one = await ask(command, "home", world, attempts);
    if (one) found.push(one);
  }
  return newest(found);
}

/** Of two of the same version, the first. */
export function newest(found: readonly Found[]): Found | undefined {
  return [...found].sort((a, b) => semver.rcompare(a.version, b.version))[0];
}

async function ask(
  command: string,
  from: "path" | "home",
  world: World,
  attempts: Attempt[],
): Promise<Found | undefined> {
  const answer = await probe(command, world.env);
  if (answer.problem === undefined) return { command, version: answer.version, from };
  const reason = `${command} ${answer.problem}`;
  world.log(`Not used: ${reason}.`);
  attempts.push({ way: from, reason });
  return undefined;
}
