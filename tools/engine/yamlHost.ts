import { homedir } from "node:os";
import path from "node:path";
import { build } from "./build";
import { alone, cacheFolder, keep, keptRoot } from "./cache";
import { EngineError } from "./failure";
import { isExecutable } from "./files";
import { readPinned, YAML_HOST } from "./goProgram";
import { type Log, logToStderr } from "./log";
import { findCompanion } from "./plugin";

/** Where the YAML language host may be looked for, and kept. */
export interface YamlWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly cache: string;
  readonly log: Log;
}

/** An engine, as far as its companions go: the CLI's path, and what to lay over its environment. */
interface Placed {
  readonly command: string;
  readonly env: Record<string, string>;
}

/**
 * The same engine with `pulumi-language-yaml` on its PATH, so that its CLI runs YAML programs: the one that is beside the CLI or
 * on PATH, else one that is built with Go into the user's cache, once (a few minutes).
 * @throws EngineError where there is none and it cannot be built.
 * @example
 * const engine = await ensureYamlHost(await ensureEngine());
 * spawn(engine.command, ["up", "--yes"], { cwd, env: { ...process.env, ...engine.env } });
 */
export function ensureYamlHost<E extends Placed>(engine: E, log: Log = logToStderr): Promise<E> {
  return ensureYamlHostIn({ env: process.env, cache: cacheFolder(process.env, homedir()), log }, engine);
}

/** `ensureYamlHost` for a given environment. */
export async function ensureYamlHostIn<E extends Placed>(world: YamlWorld, engine: E): Promise<E> {
  const host = path.basename(YAML_HOST.file, ".exe");
  const folder = (await findCompanion(host, engine.command, world.env)) ?? path.dirname(await built(world));
  return { ...engine, env: { ...engine.env, PATH: `${engine.env["PATH"]}${path.delimiter}${folder}` } };
}

/** The host in the cache, made if it is not there. */
async function built({ env, cache, log }: YamlWorld): Promise<string> {
  const { version, go } = readPinned(YAML_HOST);
  const root = keptRoot(cache, "yaml", version);
  const command = path.join(root, YAML_HOST.file);
  if (await isExecutable(command)) return command;
  await alone(cache, log, async () => {
    // Whoever had the lock before may have made it.
    if (await isExecutable(command)) return;
    const refusal = await keep(cache, root, (folder) => build(YAML_HOST, folder, env, log));
    if (refusal === undefined) return log(`${YAML_HOST.title} ${version} is ready: ${command}`);
    throw new EngineError(
      `${YAML_HOST.title} is neither beside the CLI nor on PATH, and ${version} could not be built: ${refusal}.\n` +
        `Install the Pulumi CLI (https://www.pulumi.com/docs/install/), which brings it, or Go ${go} or newer\n` +
        "(https://go.dev/dl/) and access to its module proxy; then run the same command again.",
    );
  });
  return command;
}
