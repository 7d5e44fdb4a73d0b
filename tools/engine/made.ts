import path from "node:path";
import { build } from "./build";
import { alone, keep, keptRoot } from "./cache";
import { download, explainInstaller, refuseDownload } from "./download";
import { noEngine } from "./failure";
import { isExecutable } from "./files";
import { PULUMI_CLI, readPinned } from "./goProgram";
import { probe } from "./probe";
import type { Attempt, Found, World } from "./types";

const MADE = ["download", "build"] as const;

/** What each way of making an engine does in an empty folder; the answer is why it was not possible. */
const MAKERS = {
  download: async (folder: string, version: string, world: World): Promise<string | undefined> => {
    const refusal = await refuseDownload(world.downloadUrl);
    if (refusal !== undefined) return refusal;
    world.log(`Downloading Pulumi ${version} with Pulumi's installer, once for this user.`);
    try {
      await download(folder, version);
      return undefined;
    } catch (error) {
      return explainInstaller((error as Error).message);
    }
  },
  build: (folder: string, _: string, world: World) => build(PULUMI_CLI, folder, world.env, world.log),
};

function keptAt(world: World, way: (typeof MADE)[number]): { root: string; command: string; version: string } {
  const { version } = readPinned(PULUMI_CLI);
  const root = keptRoot(world.cache, way, version);
  return { root, command: path.join(root, PULUMI_CLI.file), version };
}

/** An engine that an earlier run has downloaded or built; `onBroken` is told of one that does not work. */
export async function findKept(
  world: World,
  onBroken: (reason: string) => void = () => {},
): Promise<Found | undefined> {
  for (const way of MADE.filter((way) => world.ways.includes(way))) {
    const { command } = keptAt(world, way);
    if (!(await isExecutable(command))) continue;
    const answer = await probe(command, world.env);
    if (answer.problem === undefined) return { command, version: answer.version, from: way };
    onBroken(`${command} ${answer.problem}`);
  }
  return undefined;
}

/**
 * Downloads or builds an engine into the cache, while other processes that want the same wait for it.
 * @throws EngineError with all attempts, those made before included, where that is not possible.
 */
export async function makeEngine(world: World, attempts: Attempt[]): Promise<Found> {
  const ways = MADE.filter((way) => world.ways.includes(way));
  if (ways.length === 0) throw noEngine(attempts);
  return alone(world.cache, world.log, async () => {
    // Whoever had the lock before may have made it.
    const kept = await findKept(world, (reason) => world.log(`Not used, and to be replaced: ${reason}.`));
    if (kept) return kept;
    for (const way of ways) {
      const made = await makeBy(way, world);
      if (typeof made !== "string") return made;
      attempts.push({ way, reason: made });
      if (way !== ways.at(-1)) world.log(`No ${way}: ${made}.`);
    }
    throw noEngine(attempts);
  });
}

/** The engine in its place, or why it could not be made. */
async function makeBy(way: (typeof MADE)[number], world: World): Promise<Found | string> {
  const { root, command, version } = keptAt(world, way);
  const refusal = await keep(world.cache, root, async (folder) => {
    const reason = await MAKERS[way](folder, version, world);
    if (reason !== undefined) return reason;
    const { problem } = await probe(path.join(folder, PULUMI_CLI.file), world.env);
    return problem === undefined ? undefined : `the CLI that was made ${problem}`;
  });
  if (refusal !== undefined) return refusal;
  world.log(`Pulumi ${version} is ready: ${command}`);
  return { command, version, from: way };
}
