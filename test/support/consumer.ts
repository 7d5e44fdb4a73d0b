import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { testEngine } from "./engine";

const REPOSITORY = path.resolve(__dirname, "../..");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tarball that `npm publish` would send, packed once for a test file. */
export function packTarball(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-pack-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: REPOSITORY, stdio: "pipe" });
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
        ? ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund"]
        : [path.join(REPOSITORY, "node_modules/.bin/pnpm"), "install", "--prefer-offline"];
    const installed = this.run(command as string, args);
    if (installed.status !== 0) {
      throw new Error(`${manager} install failed:\n${installed.stdout}${installed.stderr}`);
    }
  }

  write(file: string, content: string): void {
    writeFileSync(path.join(this.folder, file), content);
  }

  node(args: readonly string[], env: Record<string, string> = {}): Ran {
    return this.run(process.execPath, args, env);
  }

  run(command: string, args: readonly string[], env: Record<string, string> = {}): Ran {
    const engine = testEngine();
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: "utf8",
      env: {
        ...process.env,
        ...engine.env,
        PULUMI_BACKEND_URL: `file://${path.join(this.folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the test only",
        ...env,
      },
    });
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
