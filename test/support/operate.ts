/**
 * One operation of the real engine, in a process of its own: Pulumi serializes providers by reading their source, and
 * inside Jest's module sandbox that source is not what users have. Reads an {@link Order} from standard input, writes
 * Pulumi's own output to standard output and a {@link Report} to file descriptor 3.
 */
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type Deployment, type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { type Declared, declare, type Transport } from "./program";
import { runExample } from "./runExample";
import { sparingPulumi } from "./sparing";

export interface Order {
  readonly operation: "up" | "preview" | "refresh" | "destroy" | "export" | "import";
  readonly project: string;
  readonly stack: string;
  readonly workDir: string;
  /** Whether an operation before this one has made the stack. */
  readonly exists: boolean;
  readonly declared: Declared;
  readonly transport?: Transport;
  /** With the SDK as its users load it, which is what the benchmark measures. */
  readonly asUsers?: boolean;
  /** Runs the example in `workDir` instead of what is declared. */
  readonly runsExample?: boolean;
  readonly config: Readonly<Record<string, { value: string; secret?: boolean }>>;
  readonly refresh?: boolean;
  readonly runProgram?: boolean;
  readonly expectNoChanges?: boolean;
  /** Logical names; of `replace`, whatever state says of them. */
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: readonly string[];
  readonly parallel?: number;
  /** Whether `up` and `preview` report their steps. */
  readonly tellSteps?: boolean;
  /** A file: where `preview` saves its plan, and what `up` is held to. */
  readonly plan?: string;
  /** Begins with `pulumi cancel`, as a user does after an operation that was killed: its lock on the stack is still there. */
  readonly cancelFirst?: boolean;
  /** `pulumi refresh --clear-pending-creates`: forgets the creates that a killed operation had begun. */
  readonly clearPendingCreates?: boolean;
  /** What `import` puts in place, as `export` has written it. */
  readonly state?: unknown;
  readonly extra?: { readonly logVerbosity?: number; readonly logToStdErr?: boolean; readonly debug?: boolean };
}

export interface Report {
  readonly error?: string;
  readonly exitCode: number;
  readonly outputs?: Record<string, unknown>;
  readonly changes?: Record<string, number>;
  readonly state?: unknown;
  /** By logical name, what was decided for each resource, and its checked inputs: `create`, `same`, `update` or `create-replacement`. */
  readonly steps?: Record<string, { readonly op: string; readonly inputs: Record<string, unknown> }>;
}

async function main(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as Order;
  let report: Report;
  try {
    report = { exitCode: 0, ...(await run(order, await select(order))) };
  } catch (error) {
    const { message } = error as Error;
    report = { exitCode: Number(/exit code (\d+)/.exec(message)?.[1] ?? -1), error: message };
  }
  writeFileSync(3, JSON.stringify(report));
}

async function select(order: Order): Promise<Stack> {
  const { stack, project, workDir, declared, transport, config, runsExample, cancelFirst, exists } = order;
  const program = async () => (runsExample ? runExample(workDir) : declare(declared, transport));
  const selected = await LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName: project, program },
    { workDir, pulumiCommand: sparingPulumi(exists) },
  );
  if (Object.keys(config).length > 0) {
    await selected.setAllConfig(config);
  }
  if (cancelFirst) {
    await selected.cancel();
  }
  return selected;
}

async function run(order: Order, stack: Stack): Promise<Partial<Report>> {
  const {
    refresh,
    runProgram,
    expectNoChanges,
    parallel,
    clearPendingCreates = false,
    target,
    exclude,
    replace,
    plan,
    tellSteps,
  } = order;
  const options = {
    onOutput: (chunk: string) => process.stdout.write(chunk),
    onError: (chunk: string) => process.stderr.write(chunk),
    ...(parallel === undefined ? {} : { parallel }),
    ...(target === undefined ? {} : { target: urns(target) }),
    ...(exclude === undefined ? {} : { exclude: urns(exclude) }),
    ...(runProgram === undefined ? {} : { runProgram }),
    ...order.extra,
  };
  const steps: NonNullable<Report["steps"]> = {};
  const onEvent = ({ resourcePreEvent }: EngineEvent) => {
    const { op, urn = "", new: after } = resourcePreEvent?.metadata ?? {};
    if (after !== undefined && ["create", "same", "update", "create-replacement"].includes(op ?? "")) {
      steps[urn.slice(urn.lastIndexOf("::") + 2)] = { op: op ?? "", inputs: after.inputs };
    }
  };
  const read = refresh === undefined ? {} : { refresh };
  const checked = {
    ...options,
    ...read,
    ...(replace === undefined ? {} : { replace: urns(replace) }),
    ...(expectNoChanges === undefined ? {} : { expectNoChanges }),
    ...(plan === undefined ? {} : { plan }),
    ...(tellSteps ? { onEvent } : {}),
  };
  switch (order.operation) {
    case "up": {
      const { outputs, summary } = await stack.up(checked);
      const values = Object.entries(outputs).map(([name, output]) => [name, output.value]);
      return { outputs: Object.fromEntries(values), changes: summary.resourceChanges ?? {}, steps };
    }
    case "preview": {
      const { changeSummary } = await stack.preview(checked);
      return { changes: changeSummary as Record<string, number>, steps };
    }
    case "refresh":
      return { changes: (await stack.refresh({ ...options, clearPendingCreates })).summary.resourceChanges ?? {} };
    case "destroy":
      return { changes: (await stack.destroy({ ...options, ...read })).summary.resourceChanges ?? {} };
    case "export":
      return { state: await stack.exportStack() };
    case "import":
      await stack.importStack(order.state as Deployment);
      return {};
  }
}

/** Whatever type and parents the resources have. */
function urns(names: readonly string[]): string[] {
  return names.map((name) => `**::${name}`);
}

// A test that has gone does not read on; without this its operation would go on forever.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => process.exit(1));
}
void main();
