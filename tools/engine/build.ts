import { readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { CLI, executables, pathFolders } from "./files";
import { type Progress, withElapsed } from "./progress";
import { run } from "./run";
import { compareVersions, formatVersion, parseGoVersion, type Version } from "./version";

const MODULE = path.join(__dirname, "go");
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** What the Go module names: the version of the CLI, and the oldest Go that builds it. */
export interface Pinned {
  pulumi: string;
  go: Version;
}

/** @throws Error where the text is not that of the engine's module. */
export function parsePinned(goMod: string): Pinned {
  const pulumi = /^\s*(?:require\s+)?github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(goMod)?.[1];
  const go = parseGoVersion(`go${/^go (\S+)/m.exec(goMod)?.[1]}`);
  if (!pulumi || !go) throw new Error("tools/engine/go/go.mod does not name a version of Pulumi and of Go.");
  return { pulumi, go };
}

export function readPinned(): Pinned {
  return parsePinned(readFileSync(path.join(MODULE, "go.mod"), "utf8"));
}

/** Why this Go cannot build the CLI, as a sentence without its full stop; undefined where it can. */
export function refuseGo(command: string, answer: string, needed: Version): string | undefined {
  const version = parseGoVersion(answer);
  if (!version) return `${command} does not name a released version of Go: ${JSON.stringify(answer.trim())}`;
  if (compareVersions(version, needed) >= 0) return undefined;
  return `${command} is version ${formatVersion(version)}, and ${formatVersion(needed)} or newer is needed`;
}

/**
 * The environment in which Go builds: whatever the user has set for work on Go programs, it is this module as committed,
 * for this machine, with the Go that is installed (`local`: never a download of another one), and no C compiler.
 */
export function goEnvironment(
  env: NodeJS.ProcessEnv,
  target: { platform: NodeJS.Platform; arch: string; temporary: string },
): NodeJS.ProcessEnv {
  return {
    ...env,
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOOS: target.platform === "win32" ? "windows" : target.platform,
    GOARCH: target.arch === "x64" ? "amd64" : target.arch,
    GOTMPDIR: target.temporary,
  };
}

/** What went wrong, from the last lines of Go's own messages, without those of progress. */
export function explainGo(step: string, stderr: readonly string[]): string {
  const lines = stderr.filter(
    (line) => line.trim() && !line.startsWith("go: downloading ") && /[\s:]/.test(line.trim()),
  );
  return `${step} failed: ${lines.slice(-3).join(" ").trim() || "Go gave no reason"}`;
}

/**
 * Builds the CLI as `<root>/bin/pulumi` from the pinned module.
 * @returns why that was not possible, as a sentence without its full stop; undefined where it is built.
 */
export async function build(
  root: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [go] = await executables(pathFolders(env), process.platform === "win32" ? "go.exe" : "go");
  if (go === undefined) return "there is no go on PATH";
  const temporary = path.join(root, "tmp");
  await mkdir(temporary, { recursive: true });
  const goEnv = goEnvironment(env, { platform: process.platform, arch: process.arch, temporary });
  const pinned = readPinned();

  const asked = await run(go, ["env", "GOVERSION"], { env: goEnv, cwd: temporary, signal });
  if (asked.code !== 0) return explainGo(`${go} env`, asked.stderr);
  const refusal = refuseGo(go, asked.stdout, pinned.go);
  if (refusal !== undefined) return refusal;

  progress.line(`Building Pulumi ${pinned.pulumi} with Go, once for this user: some minutes.`);
  let fetched = 0;
  const listed = await withElapsed(
    progress,
    () => `Fetching Go modules: ${fetched}`,
    () =>
      run(go, ["list", "-deps", PACKAGE], {
        env: goEnv,
        cwd: MODULE,
        signal,
        onErrorLine: (line) => {
          if (line.startsWith("go: downloading ")) fetched += 1;
        },
      }),
  );
  if (listed.code !== 0) return explainGo("fetching its Go modules", listed.stderr);

  const total = listed.stdout.trim().split("\n").length;
  let compiled = 0;
  const built = await withElapsed(
    progress,
    () => `Compiling: ${compiled} of at most ${total} packages`,
    () =>
      run(go, buildArguments(path.join(root, "bin", CLI), pinned.pulumi), {
        env: goEnv,
        cwd: MODULE,
        signal,
        onErrorLine: (line) => {
          if (/^\S+$/.test(line)) compiled += 1;
        },
      }),
  );
  if (built.code !== 0) return explainGo("go build", built.stderr);
  await rm(temporary, { recursive: true });
  return undefined;
}

function buildArguments(output: string, version: string): string[] {
  const linker = `-s -w -X ${VERSION_VARIABLE}=v${version}`;
  return ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", output, PACKAGE];
}
