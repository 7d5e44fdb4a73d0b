import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { testEngine } from "./engine";

const ROOT = path.resolve(__dirname, "../..");

export interface StepRun {
  readonly status: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A repository with a Pulumi program and the pipelines' steps, on a machine as a pipeline has it: with the `pulumi` command. */
export class Repository {
  private readonly home = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-repository-"));
  readonly folder = path.join(this.home, "repository");
  private readonly bin = path.join(this.home, "bin");

  /** `env`: what the pipeline's variables and secrets are. */
  constructor(private readonly env: Readonly<Record<string, string>>) {
    for (const folder of [this.folder, this.bin, path.join(this.home, "backend")]) {
      mkdirSync(folder);
    }
    const engine = testEngine();
    if (!engine.hasNodeLanguageHost) {
      const host = path.join(__dirname, "pulumiHost.ts");
      this.command("pulumi", `node --import "${require.resolve("tsx")}" "${host}"`);
      // As in Pulumi's own distribution: runs the policy pack in whose folder the engine starts it.
      this.command("pulumi-analyzer-policy-nodejs", `node "${require.resolve("@pulumi/pulumi/cmd/run-policy-pack")}"`);
    }
  }

  /** What `npm ci` does, for the packages that this repository has. */
  install(project = "."): void {
    const modules = path.join(this.folder, project, "node_modules");
    mkdirSync(path.join(modules, ".bin"), { recursive: true });
    for (const name of readdirSync(path.join(ROOT, "node_modules")).filter((entry) => !entry.startsWith("."))) {
      symlinkSync(path.join(ROOT, "node_modules", name), path.join(modules, name));
    }
    const { bin } = require("../../package.json") as { bin: Record<string, string> };
    for (const [name, file] of Object.entries(bin)) {
      const script = `#!/bin/sh\nexec node "${path.join(ROOT, file)}" "$@"\n`;
      writeFileSync(path.join(modules, ".bin", name), script, { mode: 0o755 });
    }
  }

  /** Copies a folder of examples/ into the repository. */
  copy(example: string, to: string): void {
    const isSource = (file: string) => !file.split(path.sep).includes("node_modules");
    cpSync(path.join(ROOT, "examples", example), path.join(this.folder, to), { recursive: true, filter: isSource });
  }

  write(file: string, content: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), "utf8");
  }

  /** Runs a script of `steps/`, as the pipelines do. */
  step(script: string, env: Record<string, string> = {}): Promise<StepRun> {
    return this.run("sh", [path.join("steps", script)], env);
  }

  /** Not synchronous: the emulator answers from this process. */
  run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<StepRun> {
    const { env: engineEnv } = testEngine();
    const search = [this.bin, engineEnv["PATH"] ?? process.env["PATH"]].join(path.delimiter);
    const options = {
      cwd: this.folder,
      maxBuffer: 16 * 1024 * 1024,
      env: {
        ...process.env,
        ...engineEnv,
        PATH: search,
        PULUMI_HOME: path.join(this.home, "pulumi"),
        PULUMI_BACKEND_URL: `file://${path.join(this.home, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the test only",
        ...this.env,
        ...env,
      },
    };
    return new Promise((resolve) => {
      execFile(command, args, options, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private command(name: string, command: string): void {
    writeFileSync(path.join(this.bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
}
