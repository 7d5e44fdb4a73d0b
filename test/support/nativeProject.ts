import { type ChildProcess, execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { testEngine } from "./engine";
import { copyExample } from "./example";

const PLUGIN = path.resolve(__dirname, "../../dist-plugin/pulumi-resource-openai-certificates.js");

export interface Ran {
  readonly exitCode: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** What the tests of every language do with a program: `deactivateOnDelete` is its only setting. */
export type Operation = "preview" | "up" | "drift" | "refresh" | "destroy";

/** A copy of an example on a machine that has Pulumi and Node, and the plugin where `npm install` puts it. */
export class NativeProject {
  private readonly home = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-native-"));
  readonly folder = path.join(this.home, "project");

  constructor(
    example: string,
    private readonly env: Readonly<Record<string, string>>,
    /** Runs an operation of the program; by default the CLI, which has a host for its language. */
    private readonly command: (operation: Operation) => readonly string[] = cli,
  ) {
    mkdirSync(path.join(this.home, "backend"));
    copyExample(example, this.folder);
    const bin = path.join(this.folder, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(PLUGIN, path.join(bin, "pulumi-resource-openai-certificates"));
  }

  write(file: string, text: string): void {
    writeFileSync(path.join(this.folder, file), text);
  }

  /** `pulumi` with arguments; `pulumi stack init test` comes first. */
  pulumi(...args: string[]): Promise<Ran> {
    return this.run(["pulumi", ...args]);
  }

  /** `started`: gets the process, to interrupt it. */
  operate(operation: Operation, started?: (child: ChildProcess) => void): Promise<Ran> {
    return this.run(this.command(operation), started);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.pulumi("stack", "output", "--json", "--stack", "test")).output);
  }

  /** Any command in the project's folder. Not synchronous: the emulator answers from this process. */
  run([command = "", ...args]: readonly string[], started?: (child: ChildProcess) => void): Promise<Ran> {
    const engine = testEngine().env;
    const bin = path.join(this.folder, "node_modules", ".bin");
    const options = {
      cwd: this.folder,
      maxBuffer: 16 * 1024 * 1024,
      env: {
        ...process.env,
        ...engine,
        PULUMI_HOME: path.join(this.home, "pulumi"),
        PULUMI_BACKEND_URL: `file://${path.join(this.home, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the test only",
        ...this.env,
        PATH: [bin, this.env["PATH"] ?? engine["PATH"] ?? process.env["PATH"]].join(path.delimiter),
      },
    };
    return new Promise((resolve) => {
      const child = execFile(command, args, options, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
      started?.(child);
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function cli(operation: Operation): readonly string[] {
  const common = ["--stack", "test", "--non-interactive"];
  switch (operation) {
    case "preview":
      return ["pulumi", "preview", ...common];
    case "drift":
      return ["pulumi", "preview", "--refresh", "--expect-no-changes", ...common];
    default:
      return ["pulumi", operation, "--yes", "--skip-preview", ...common];
  }
}
