import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { lockFolder } from "../../tools/engine/cache";
import { pathFolders } from "../../tools/engine/files";
import { PULUMI_CLI, readPinned } from "../../tools/engine/goProgram";
import { WAYS, type Way, type World } from "../../tools/engine/types";

const repository = path.resolve(__dirname, "..", "..");

/** What a `main.ts` that runs as a process of its own has said and how it ended. */
export interface MainRun {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  stderr(): string;
}

/** A machine of its own for acquisition: a home, a cache and a PATH that hold only what a test puts there. */
export class EngineWorld {
  readonly folder = mkdtempSync(path.join(tmpdir(), "engine-"));
  readonly home = path.join(this.folder, "home");
  readonly cache = path.join(this.folder, "cache");
  readonly bin = path.join(this.folder, "bin");
  readonly lines: string[] = [];
  private readonly children: ChildProcess[] = [];
  readonly env: NodeJS.ProcessEnv = { PATH: this.bin, HOME: this.home, PULUMI_OPENAI_ENGINE_CACHE: this.cache };

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.bin);
  }

  /** Ends what a failed test has left running, and removes everything. */
  remove(): void {
    for (const child of this.children) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What acquisition gets. A download is refused without any traffic: fetch itself declines port 9. */
  world(ways: readonly Way[] = WAYS): World {
    return {
      env: this.env,
      home: this.home,
      cache: this.cache,
      downloadUrl: "https://127.0.0.1:9/install.sh",
      ways,
      log: (line) => this.lines.push(line),
    };
  }

  script(file: string, ...lines: string[]): string {
    const absolute = path.resolve(this.folder, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    // A shell reads its script while it runs it: one that runs keeps the file that it has.
    rmSync(absolute, { force: true });
    writeFileSync(absolute, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
    return absolute;
  }

  /** A `pulumi` that does nothing but answer with this version. */
  pulumi(file: string, version: string): string {
    return this.script(file, `echo v${version}`);
  }

  /**
   * A `go` that takes the arguments of the real one and "builds" a CLI of this version. With `hold`, a build goes on until
   * `release` is called; like the real one's it fails when its temporary files are gone.
   */
  go(options: { pulumi?: string; hold?: boolean; fails?: string } = {}): void {
    for (const name of ["chmod", "mkdir", "sleep"]) this.tool(name);
    this.script(
      "bin/go",
      `case "$1" in`,
      `list) echo "go: downloading example.com/a v1.0.0" >&2; echo a; echo b ;;`,
      "build)",
      `  echo "$*" >> "${this.buildLog}"; echo $$ > "${this.buildPid}"`,
      options.fails ? `  echo "${options.fails}" >&2; exit 1` : "",
      options.hold ? `  while [ ! -e "${this.gate}" ]; do [ -d "${this.folder}" ] || exit 1; sleep 0.05; done` : "",
      `  [ -d "$GOTMPDIR" ] || exit 1`,
      `  while [ "$1" != "-o" ]; do shift; done`,
      `  mkdir -p "\${2%/*}"`,
      `  printf '#!/bin/sh\\necho v${options.pulumi ?? readPinned(PULUMI_CLI).version}\\n' > "$2"`,
      `  chmod +x "$2" ;;`,
      "esac",
    );
  }

  /** The arguments of each build that has begun. */
  builds(): string[] {
    return existsSync(this.buildLog) ? readFileSync(this.buildLog, "utf8").trim().split("\n") : [];
  }

  /** Whether the process of the last build that has begun is there. */
  isBuilding(): boolean {
    try {
      return process.kill(Number(readFileSync(this.buildPid, "utf8")), 0);
    } catch {
      return false;
    }
  }

  release(): void {
    writeFileSync(this.gate, "");
  }

  /** What the cache holds: what was made, and the lock while somebody has it. */
  kept(): string[] {
    return readdirSync(this.cache);
  }

  /** The lock as it is when its holder has been dead for long. */
  ageLock(): void {
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lockFolder(this.cache), longAgo, longAgo);
  }

  /** `npm run engine` in this world, without the download. */
  main(...args: string[]): MainRun {
    const child = spawn(process.execPath, ["--import", "tsx", path.join("tools", "engine", "main.ts"), ...args], {
      cwd: repository,
      env: { ...this.env, PULUMI_OPENAI_ENGINE: "path,home,build" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.push(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    return {
      pid: child.pid!,
      kill: (signal) => void child.kill(signal),
      ended: new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
      }),
      stderr: () => stderr,
    };
  }

  /** A link to a file, at a path in this world. */
  link(file: string, at: string): void {
    const link = path.join(this.folder, at);
    mkdirSync(path.dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(file, link);
  }

  private tool(name: string): void {
    const folder = pathFolders(process.env).find((candidate) => existsSync(path.join(candidate, name)));
    if (!folder) throw new Error(`The test needs ${name} on PATH.`);
    this.link(path.join(folder, name), path.join("bin", name));
  }

  private get buildLog(): string {
    return path.join(this.folder, "builds.log");
  }

  private get buildPid(): string {
    return path.join(this.folder, "build.pid");
  }

  private get gate(): string {
    return path.join(this.folder, "gate");
  }
}

/** Waits until something is so; Jest's own time limit ends a wait for what never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}
