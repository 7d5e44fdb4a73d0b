import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Engine } from "../../tools/engine";
import { run } from "../measure/run";
import type { Order, Report } from "../pulumi/order";
import type { Action, Certificates, Subject, Timed, Workplace } from "./subject";

const REPOSITORY = path.resolve(__dirname, "../..");
const OPERATE = path.resolve(__dirname, "../pulumi/operate.ts");
const OPERATION = { apply: "up", plan: "preview", refresh: "refresh", destroy: "destroy" } as const;

/** Where programs are: modules that declare what an {@link Order} says. */
export const PROGRAMS = {
  package: path.resolve(__dirname, "../pulumi/program.ts"),
  plain: path.resolve(__dirname, "../plain/program.ts"),
};

export function packageSubject(engine: Engine): Subject {
  return {
    id: "package",
    title: "this package",
    activates: true,
    open: (api) => workplace(engine, PROGRAMS.package, api),
  };
}

export function plainSubject(engine: Engine): Subject {
  return {
    id: "plain",
    title: "plain dynamic provider",
    activates: true,
    open: (api) => workplace(engine, PROGRAMS.plain, api),
  };
}

function workplace(engine: Engine, program: string, api: { url: string; adminKey: string }): Workplace {
  const stack = new BenchStack(engine, { program, env: { OPENAI_BASE_URL: api.url, OPENAI_ADMIN_KEY: api.adminKey } });
  return {
    run: (action: Action, certificates: Certificates) =>
      stack.operate(OPERATION[action], action === "apply" || action === "plan" ? [{ certificates }] : []),
    stateBytes: () => stack.stateBytes(),
    close: () => stack.remove(),
  };
}

export interface StackOptions {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config?: Order["config"];
}

/** One stack with a file backend in a folder of its own. */
export class BenchStack {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-bench-"));
  private readonly workDir = path.join(this.folder, "program");

  constructor(
    private readonly engine: Engine,
    private readonly options: StackOptions,
  ) {
    mkdirSync(path.join(this.folder, "backend"));
    mkdirSync(this.workDir);
    // The provider process resolves the package from the program's folder, as it does in a user's project.
    symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(this.workDir, "node_modules"));
  }

  async operate(operation: Order["operation"], declared: Order["declared"]): Promise<Timed> {
    const { program, env, config = {} } = this.options;
    const order: Order = { operation, program, workDir: this.workDir, declared, config };
    const { stdout, stderr, memoryBytes } = await run(process.execPath, ["--import", "tsx", OPERATE], {
      cwd: REPOSITORY,
      env: {
        ...process.env,
        ...this.engine.env,
        PULUMI_BACKEND_URL: `file://${path.join(this.folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the benchmark only",
        PULUMI_HOME: path.join(this.folder, "home"),
        ...env,
      },
      input: JSON.stringify(order),
      watched: /dynamic-provider/,
    });
    const report: Report = stdout === "" ? { ms: 0, error: stderr } : (JSON.parse(stdout) as Report);
    if (report.error !== undefined) {
      throw new Error(`pulumi ${operation} failed:\n${report.error}`);
    }
    return { ms: report.ms, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
  }

  /** The checkpoint as Pulumi wrote it. */
  stateBytes(): number {
    return statSync(path.join(this.folder, "backend/.pulumi/stacks/certificates/bench.json")).size;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
