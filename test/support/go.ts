import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { generateSdk } from "../../tools/plugin/sdks";

/** Why programs in Go cannot be run here; undefined where they can. */
export function goMissing(): string | undefined {
  return spawnSync("go", ["version"]).error === undefined ? undefined : "needs go on PATH";
}

/**
 * Has Go build (or whatever `command` is) what is in a folder, against this package's generated SDK, which goes where its go.mod
 * expects it. Go keeps what it has compiled: the first build takes a minute or two, later ones some seconds. Where the engine was
 * built before, half of the first is done: examples/go/go.mod has the versions of tools/engine/go/pulumi.
 */
export async function runGo(folder: string, ...command: string[]): Promise<void> {
  await generateSdk("go", path.join(folder, "sdks", "openai-certificates"));
  // As committed, whatever the user has set for work on Go programs. Without the folder's path in it, what is compiled is kept.
  const env = { ...process.env, GOFLAGS: "-mod=readonly -trimpath", GOWORK: "off", CGO_ENABLED: "0" };
  execFileSync("go", command, { cwd: folder, env, stdio: "pipe" });
}
