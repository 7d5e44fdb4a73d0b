import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { testEngine } from "./engine";

const REPOSITORY = path.resolve(__dirname, "../..");
const NPM_INSTALL = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund"];

/** The same package as the next release would be: nothing but its version differs. */
export function packNextRelease(tarball: string, version: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-next-"));
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  const manifest = path.join(folder, "package", "package.json");
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), version }));
  return packTarball(path.dirname(manifest));
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tarball that `npm publish` would send, packed once for a test file. */
export function packTarball(from = REPOSITORY): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-pack-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: from, stdio: "pipe" });
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) {
    throw new Error("npm pack left no tarball");
  }
  return path.join(folder, tarball);
}

/** A user's project that installed the packed package, outside of this repository. */
export class Consumer {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-consumer-"));

  constructor(tarball: string, manager: "npm" | "pnpm", type: "commonjs" | "module") {
    const { devDependencies } = require("../../package.json") as { devDependencies: Record<string, string> };
    const own = ["@pulumi/pulumi", "typescript", "@types/node"].map((name) => [name, devDependencies[name]]);
    this.write(
      "package.json",
      JSON.stringify({
        name: "consumer",
        private: true,
        type,
        dependencies: { "pulumi-openai-certificates": `file:${tarball}`, ...Object.fromEntries(own) },
      }),
    );
    mkdirSync(path.join(this.folder, "backend"));
    const [command, ...args] =
      manager === "npm"
        ? NPM_INSTALL
        : [path.join(REPOSITORY, "node_modules/.bin/pnpm"), "install", "--prefer-offline"];
    this.install(command as string, args);
  }

  /** `npm install` of another release of the package. */
  upgrade(tarball: string): void {
    const [command = "", ...args] = NPM_INSTALL;
    this.install(command, [...args, tarball]);
  }

  private install(command: string, args: readonly string[]): void {
    const installed = this.run(command, args);
    if (installed.status !== 0) {
      throw new Error(`${command} install failed:\n${installed.stdout}${installed.stderr}`);
    }
  }

  write(file: string, content: string): void {
    writeFileSync(path.join(this.folder, file), content);
  }

  node(args: readonly string[], env: Record<string, string> = {}): Ran {
    return this.run(process.execPath, args, env);
  }

  run(command: string, args: readonly string[], env: Record<string, string> = {}): Ran {
    const { status, stdout, stderr } = spawnSync(command, args, this.options(env));
    return { status, stdout, stderr };
  }

  /** The same while this process goes on, so that it can answer the program's calls. */
  async nodeBeside(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, this.options(env), (_, stdout, stderr) =>
        resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  }

  private options(env: Record<string, string>) {
    return {
      cwd: this.folder,
      encoding: "utf8" as const,
      env: {
        ...process.env,
        ...testEngine().env,
        PULUMI_BACKEND_URL: `file://${path.join(this.folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the test only",
        ...env,
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
