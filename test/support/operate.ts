/**
 * One operation of the real engine, in a process of its own: Pulumi serializes providers by reading their source, and
 * inside Jest's module sandbox that source is not what users have. Reads an {@link Order} from standard input, writes
 * Pulumi's own output to standard output and a {@link Report} to file descriptor 3.
 */
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { carryOut } from "./carryOut";
import type { Declared, Transport } from "./program";

export interface Order {
  readonly operation: "up" | "preview" | "refresh" | "destroy" | "export" | "import";
  readonly project: string;
  readonly stack: string;
  readonly workDir: string;
  /** Whether an operation before this one has made the stack. */
  readonly exists: boolean;
  readonly declared: Declared;
  readonly transport?: Transport;
  /** With all that the Automation API loads and calls for its users, which is what the benchmark measures. */
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
}

async function main(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as Order;
  let report: Report;
  try {
    report = { exitCode: 0, ...(await carryOut(order)) };
  } catch (error) {
    const { message } = error as Error;
    report = { exitCode: Number(/exit code (\d+)/.exec(message)?.[1] ?? -1), error: message };
  }
  writeFileSync(3, JSON.stringify(report));
}

// A test that has gone does not read on; without this its operation would go on forever.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => process.exit(1));
}
void main();
