import path from "node:path";
import { build, readPinned } from "./build";
import { cliIn, engineRoot, keep, withWorkplace } from "./cache";
import { DOWNLOAD_VERSION, download, explainInstaller, refuseDownload } from "./download";
import { noEngine } from "./failure";
import { isExecutable } from "./files";
import { interruptible } from "./interrupt";
import { withLock } from "./lock";
import { probe } from "./probe";
import { formatElapsed, type Progress, withElapsed } from "./progress";
import type { Attempt, Found, World } from "./types";

/** What each way of making an engine does; `make` answers why it was not possible. */
const MAKERS = {
  download: {
    version: () => DOWNLOAD_VERSION,
    make: async (root: string, world: World, signal: AbortSignal) => {
      const refusal = await refuseDownload(world.downloadUrl, signal);
      if (refusal !== undefined) return refusal;
      world.progress.line(`Downloading Pulumi ${DOWNLOAD_VERSION} with Pulumi's installer, once for this user.`);
      try {
        await withElapsed(
          world.progress,
          () => "Downloading Pulumi",
          () => download(root, signal),
        );
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        return explainInstaller((error as Error).message);
      }
    },
  },
  build: {
    version: () => readPinned().pulumi,
    make: (root: string, world: World, signal: AbortSignal) => build(root, world.env, world.progress, signal),
  },
} as const;

const MADE = ["download", "build"] as const;

/** An engine that an earlier run has downloaded or built; `onBroken` is told of one that does not work. */
export async function findKept(
  world: World,
  onBroken: (reason: string) => void = () => {},
): Promise<Found | undefined> {
  for (const way of MADE.filter((way) => world.ways.includes(way))) {
    const command = cliIn(engineRoot(world.cache, way, MAKERS[way].version()));
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
export async function makeAlone(world: World, attempts: Attempt[]): Promise<Found> {
  const found = await interruptible((signal) =>
    withLock(path.join(world.cache, "lock"), { signal, onWait: waiting(world.progress) }, async () => {
      world.progress.done();
      // Whoever had the lock before may have made it.
      const kept = await findKept(world, (reason) => world.progress.line(`Not used, and to be replaced: ${reason}.`));
      return kept ?? (await make(world, attempts, signal));
    }),
  );
  if (!found) throw noEngine(attempts, readPinned().go);
  return found;
}

function waiting(progress: Progress): (pid: number) => void {
  let since: number | undefined;
  return (pid) => {
    const text = `Waiting for process ${pid}, which is getting the engine already`;
    if (since === undefined) progress.line(`${text}.`);
    since ??= Date.now();
    progress.status(`${text} (${formatElapsed(Date.now() - since)})`);
  };
}

async function make(world: World, attempts: Attempt[], signal: AbortSignal): Promise<Found | undefined> {
  const ways = MADE.filter((way) => world.ways.includes(way));
  for (const way of ways) {
    const made = await makeBy(way, world, signal);
    if (typeof made !== "string") return made;
    attempts.push({ way, reason: made });
    if (way !== ways.at(-1)) world.progress.line(`No ${way}: ${made}.`);
  }
  return undefined;
}

/** The engine in its place, or why it could not be made. */
async function makeBy(way: (typeof MADE)[number], world: World, signal: AbortSignal): Promise<Found | string> {
  const { version, make } = MAKERS[way];
  const root = engineRoot(world.cache, way, version());
  return withWorkplace(world.cache, async (folder) => {
    const refusal = await make(folder, world, signal);
    if (refusal !== undefined) return refusal;
    const answer = await probe(cliIn(folder), world.env);
    if (answer.problem !== undefined) return `the CLI that was made ${answer.problem}`;
    await keep(folder, root);
    world.progress.line(`Pulumi ${answer.version} is ready: ${cliIn(root)}`);
    return { command: cliIn(root), version: answer.version, from: way };
  });
}
