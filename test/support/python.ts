import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { alone, cacheFolder } from "../../tools/engine/cache";
import { logToStderr } from "../../tools/engine/log";
import { generateSdk } from "../../tools/plugin/sdks";

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

/** A Python with Pulumi's SDK, kept in the user's cache, and this package's generated SDK beside it. */
export async function ensurePython(): Promise<Python> {
  const cache = cacheFolder(process.env, homedir());
  const kept = path.join(cache, `python-${PULUMI.replace(/\W+/g, "-")}`);
  const python = path.join(kept, "bin", "python");
  if (!existsSync(python)) {
    await alone(cache, logToStderr, async () => {
      // Whoever had the lock before may have made it.
      if (existsSync(python)) return;
      // Made beside its place, so that a run that was killed leaves nothing half done. Its scripts name the folder they were
      // made in, so only `python -m` is used.
      const fresh = `${kept}-${process.pid}`;
      await run("python3", ["-m", "venv", "--copies", fresh]);
      await run(path.join(fresh, "bin", "python"), ["-m", "pip", "install", "--quiet", PULUMI]);
      renameSync(fresh, kept);
    });
  }
  const folder = mkdtempSync(path.join(tmpdir(), "openai-certificates-python-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await generateSdk("python", path.join(folder, "sdk"));
  const packages = path.join(folder, "packages");
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, path.join(folder, "sdk")];
  await run(python, pip);
  return { command: python, environment: kept, packages };
}
