import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { onExit } from "signal-exit";
import { executables, pathFolders } from "./files";
import { type GoProgram, moduleFolder, readPinned } from "./goProgram";
import { type Log, withElapsed } from "./log";

/**
 * The environment in which Go builds: whatever the user has set for work on Go programs, it is this module as committed,
 * for this machine, and no C compiler.
 */
export function goEnvironment(
  env: NodeJS.ProcessEnv,
  target: { platform: NodeJS.Platform; arch: string; temporary: string },
): NodeJS.ProcessEnv {
  return {
    ...env,
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOOS: target.platform === "win32" ? "windows" : target.platform,
    GOARCH: target.arch === "x64" ? "amd64" : target.arch,
    // Compiling takes more than a gigabyte, which a /tmp in memory may not have.
    GOTMPDIR: target.temporary,
  };
}

/** What went wrong, from the last lines of Go's own messages, without those of progress. */
export function explainGo(step: string, stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[\s:]/.test(line) && !line.startsWith("go: downloading "));
  return `${step} failed: ${lines.slice(-3).join(" ") || "Go gave no reason"}`;
}

/**
 * Builds a program into `root`.
 * @returns why that was not possible, as a sentence without its full stop; undefined where it is built.
 */
export async function build(
  program: GoProgram,
  root: string,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<string | undefined> {
  const [command] = await executables(pathFolders(env), process.platform === "win32" ? "go.exe" : "go");
  if (command === undefined) return "there is no go on PATH";
  const temporary = path.join(root, "tmp");
  await mkdir(temporary, { recursive: true });
  const options = {
    cwd: moduleFolder(program),
    env: goEnvironment(env, { platform: process.platform, arch: process.arch, temporary }),
    maxBuffer: Number.POSITIVE_INFINITY,
    windowsHide: true,
  };
  const go = async (args: readonly string[], onLine: (line: string) => void): Promise<string> => {
    const running = promisify(execFile)(command, args, options);
    createInterface({ input: running.child.stderr! }).on("line", onLine);
    // Go removes its temporary files on SIGINT, and on no other signal.
    const forget = onExit(() => void running.child.kill("SIGINT"));
    return running.then(({ stdout }) => stdout).finally(forget);
  };

  const { version } = readPinned(program);
  log(`Building ${program.title} ${version} with Go, once for this user: some minutes.`);
  let step = "fetching its Go modules";
  try {
    let fetched = 0;
    const listed = await withElapsed(
      log,
      () => `Fetching Go modules: ${fetched}`,
      () =>
        go(["list", "-deps", program.package], (line) => {
          if (line.startsWith("go: downloading ")) fetched += 1;
        }),
    );
    step = "go build";
    const total = listed.trim().split("\n").length;
    let compiled = 0;
    await withElapsed(
      log,
      () => `Compiling: ${compiled} of at most ${total} packages`,
      () =>
        go(buildArguments(program, version, path.join(root, program.file)), (line) => {
          if (/^\S+$/.test(line)) compiled += 1;
        }),
    );
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return explainGo(step, stderr || message);
  }
  await rm(temporary, { recursive: true });
  return undefined;
}

function buildArguments(program: GoProgram, version: string, output: string): string[] {
  const linker = `-s -w -X ${program.versionVariable}=v${version}`;
  return ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", output, program.package];
}
