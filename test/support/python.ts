import { execFile, spawnSync } from "node:child_process";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder, filled } from "../../tools/engine/cache";
import { logToStderr } from "../../tools/engine/log";
import { ensureGenerator, generateSdk, sdkSources } from "../../tools/plugin/sdks";

const run = promisify(execFile);

const PULUMI = "pulumi==3.272.0";

/** Why programs in Python cannot be run here; undefined where they can. */
export function pythonMissing(): string | undefined {
  const missing = ["python3", "go"].filter((tool) => spawnSync(tool, ["version"]).error !== undefined);
  return missing.length === 0 ? undefined : `needs ${missing.join(" and ")} on PATH`;
}

export interface Python {
  readonly command: string;
  /** The virtual environment that the command belongs to. */
  readonly environment: string;
  /** The folder of this package's generated SDK. */
  readonly packages: string;
}

/** A Python with Pulumi's SDK, and this package's generated SDK beside it, each kept in the user's cache. */
export async function ensurePython(): Promise<Python> {
  const environment = await made(`python-${PULUMI.replace(/\W+/g, "-")}`, async (fresh) => {
    // Its scripts name the folder they were made in, so only `python -m` is used.
    await run("python3", ["-m", "venv", "--copies", fresh]);
    await run(path.join(fresh, "bin", "python"), ["-m", "pip", "install", "--quiet", PULUMI]);
  });
  const command = path.join(environment, "bin", "python");
  // Not while the cache is held for the SDK: building it holds the cache, too.
  await ensureGenerator();
  const packages = await made(`python-sdk-${sdkSources()}`, async (fresh) => {
    const sdk = path.join(fresh, "sdk");
    await generateSdk("python", sdk);
    await run(command, ["-m", "pip", "install", "--quiet", "--no-deps", "--target", fresh, sdk]);
  });
  return { command, environment, packages };
}

function made(name: string, fill: (fresh: string) => Promise<void>): Promise<string> {
  return filled(cacheFolder(process.env, homedir()), name, logToStderr, fill);
}
