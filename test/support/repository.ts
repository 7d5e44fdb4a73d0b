import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { compiled, sparing } from "./compile";
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
  private readonly plugins = path.join(this.home, "plugins");

  /** `env`: what the pipeline's variables and secrets are. */
  constructor(private readonly env: Readonly<Record<string, string>>) {
    for (const folder of [this.folder, this.bin, this.plugins, path.join(this.home, "backend")]) {
      mkdirSync(folder);
    }
    if (!testEngine().hasNodeLanguageHost) {
      this.provideHost();
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
      executable(path.join(modules, ".bin", name), `exec node "${path.join(ROOT, file)}" "$@"`);
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
    const options = {
      cwd: this.folder,
      maxBuffer: 16 * 1024 * 1024,
      env: {
        ...process.env,
        ...testEngine().env,
        ...sparing(),
        PATH: [this.bin, this.engineSearch()].join(path.delimiter),
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

  private engineSearch(): string {
    return [this.plugins, testEngine().env["PATH"] ?? process.env["PATH"]].join(path.delimiter);
  }

  /** A `pulumi` that plays the language host's part, for programs and for policy packs. */
  private provideHost(): void {
    const runsPolicies = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    executable(path.join(this.plugins, "pulumi-analyzer-policy-nodejs"), `exec node "${runsPolicies}" "$@"`);
    // Without this folder in its own PATH, so that the `pulumi` it finds is the CLI and not itself.
    const search = `PATH="${this.engineSearch()}"`;
    const command = `case "$1" in preview | up) exec node "${compiled("pulumiHost")}" "$@" ;; *) exec pulumi "$@" ;; esac`;
    executable(path.join(this.bin, "pulumi"), `${search}; ${command}`);
  }
}

function executable(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}
