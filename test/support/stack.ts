import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { compiled, sparing } from "./compile";
import { testEngine } from "./engine";
import { copyExample } from "./example";
import type { Order, Report } from "./operate";
import type { Declared, Transport } from "./program";
import { keysFor } from "./transports";

const REPOSITORY = path.resolve(__dirname, "../..");
const PROJECT = "certificates";
const STACK = "test";

/** How an operation ended: what Pulumi printed, its exit code, and what it reported. */
export interface Ended extends Report {
  /** Standard output and standard error, as the user sees them. */
  readonly output: string;
}

export interface StackOptions {
  /** Environment on top of this process's; where the admin API is, and its key. */
  readonly env: Readonly<Record<string, string>>;
  /** Keys of the namespace `openai`, for either transport. */
  readonly config?: Order["config"];
  /** Default: dynamic. */
  readonly transport?: Transport;
  /** An example to run, as it is in {@link TestStack.workDir}, instead of what is declared. */
  readonly example?: string;
  /** Starts operations in {@link TestStack.workDir}: the provider process loads the package from there. Default: this repository. */
  readonly startsInWorkDir?: boolean;
}

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly delete?: boolean;
  /** The provider's URN and id. */
  readonly provider?: string;
}

/** The stack's file as its last operation has left it, however that ended. */
export interface Saved {
  /** But for the stack and providers. */
  readonly resources: readonly Resource[];
  /** What an operation had begun and not finished, such as `creating`. */
  readonly pending: readonly { readonly type: string; readonly resource: Resource }[];
}

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: { readonly resources?: Resource[]; readonly pending_operations?: Saved["pending"] };
  };
}

/** One Pulumi stack on the real engine, with a file backend in a folder of its own. */
export class TestStack {
  /** All that belongs to the stack: the backend with its state, the engine's home, the program. */
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-"));
  /** Where the program is; tests may put files there that it reads. */
  readonly workDir = path.join(this.folder, "program");
  /** The operation under way, for tests that end it. */
  running: ChildProcess | undefined;
  /** On top of the options' environment, for the operations to come: such as another admin key. */
  env: Readonly<Record<string, string>> = {};

  constructor(private readonly options: StackOptions) {
    mkdirSync(path.join(this.folder, "backend"));
    mkdirSync(this.workDir);
    if (options.example !== undefined) {
      copyExample(options.example, this.workDir);
    }
    // The provider process resolves the package from the program's folder, as it does in a user's project.
    symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(this.workDir, "node_modules"));
  }

  /** What leads Pulumi's CLI to this stack. */
  get environment(): Readonly<Record<string, string>> {
    return {
      // A kill may leave the sidecar files of the state's metadata empty, and then the state cannot be read (gocloud.dev fileblob).
      PULUMI_BACKEND_URL: `file://${path.join(this.folder, "backend")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "for the test only",
      PULUMI_HOME: path.join(this.folder, "home"),
    };
  }

  up(declared: Declared, more: Partial<Order> = {}): Promise<Ended> {
    return this.operate("up", declared, more);
  }

  preview(declared: Declared, more: Partial<Order> = {}): Promise<Ended> {
    return this.operate("preview", declared, more);
  }

  /** `pulumi preview --refresh --expect-no-changes`: exit code 7 says that there is drift. */
  drift(declared: Declared, more: Partial<Order> = {}): Promise<Ended> {
    return this.operate("preview", declared, { refresh: true, expectNoChanges: true, ...more });
  }

  refresh(more: Partial<Order> = {}): Promise<Ended> {
    return this.operate("refresh", {}, more);
  }

  destroy(more: Partial<Order> = {}): Promise<Ended> {
    return this.operate("destroy", {}, more);
  }

  /** `pulumi stack import`: puts an exported state in place. */
  import(state: unknown): Promise<Ended> {
    return this.operate("import", {}, { state });
  }

  /** `pulumi stack export`, as it is written. */
  async export(): Promise<unknown> {
    return (await this.operate("export", {}, {})).state;
  }

  /** The resources in state, but for the stack and providers. */
  resources(): readonly Resource[] {
    return this.saved().resources;
  }

  /** How large the backend's file is, in bytes. */
  stateBytes(): number {
    return this.stateFile === undefined ? 0 : statSync(this.stateFile).size;
  }

  /** What the backend's file holds: also where no operation could be run on it, and at no cost. */
  saved(): Saved {
    const file = this.stateFile;
    if (file === undefined) {
      return { resources: [], pending: [] };
    }
    const { latest } = (JSON.parse(readFileSync(file, "utf8")) as Checkpoint).checkpoint;
    const { resources = [], pending_operations: pending = [] } = latest ?? {};
    return { resources: resources.filter(isOurs), pending };
  }

  /**
   * What a user has to do where a kill struck while the backend wrote `<stack>.json.attrs`, for which every operation then
   * ends with "failed to load checkpoint: EOF": remove that file. The backend writes the state itself atomically, and this
   * description of it not (gocloud.dev/blob/fileblob); it does without.
   */
  removeTornAttributes(): void {
    const folder = path.join(this.folder, "backend/.pulumi/stacks", PROJECT);
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const file = path.join(folder, name);
      if (name.endsWith(".attrs") && statSync(file).size === 0) {
        rmSync(file);
      }
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Below the project's name, which an example chooses itself. */
  private get stateFile(): string | undefined {
    const folder = path.join(this.folder, "backend/.pulumi/stacks");
    const projects = existsSync(folder) ? readdirSync(folder) : [];
    return projects.map((project) => path.join(folder, project, `${STACK}.json`)).find(existsSync);
  }

  /** Any operation; a refresh and a destroy run the program only with `runProgram`. */
  async operate(operation: Order["operation"], declared: Declared = {}, more: Partial<Order> = {}): Promise<Ended> {
    const transport = more.transport ?? this.options.transport ?? "dynamic";
    const order: Order = {
      operation,
      project: PROJECT,
      stack: STACK,
      workDir: this.workDir,
      exists: this.stateFile !== undefined,
      declared,
      config: keysFor(transport, this.options.config ?? {}),
      transport,
      runsExample: this.options.example !== undefined,
      ...more,
    };
    const engine = testEngine();
    const child = spawn(process.execPath, [compiled("operate")], {
      cwd: this.options.startsInWorkDir ? this.workDir : REPOSITORY,
      // A group of its own, so that a test can end the whole operation: CLI, engine and provider process.
      detached: true,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        ...engine.env,
        ...(more.asUsers ? {} : sparing()),
        // The engine finds plugins by their names on PATH before it looks anywhere else.
        PATH: [path.join(REPOSITORY, "dist-plugin"), engine.env["PATH"] ?? process.env["PATH"]].join(path.delimiter),
        ...this.environment,
        ...this.options.env,
        ...this.env,
      },
    });
    this.running = child;
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    }
    child.stdin?.on("error", () => undefined).end(JSON.stringify(order));
    const report = text(child.stdio[3] as NodeJS.ReadableStream);
    await new Promise((resolve) => child.on("close", resolve));
    this.running = undefined;
    const written = await report;
    const output = chunks.join("");
    return written === ""
      ? { exitCode: -1, error: "the operation was ended", output }
      : { ...(JSON.parse(written) as Report), output };
  }
}

function isOurs({ type }: Resource): boolean {
  return type.startsWith("pulumi-nodejs:dynamic") || type.startsWith("openai-certificates:");
}

/** Throws, with all that was printed, unless an operation went well. */
export function mustSucceed({ exitCode, output, error }: Ended): void {
  if (exitCode !== 0) {
    throw new Error(`exit code ${exitCode}: ${error ?? ""}\n${output}`);
  }
}
