/**
 * `pulumi preview` and `pulumi up` as scripts call them, on machines without Pulumi's Node language host: the program comes
 * from here, inline by the Automation API. Everything else (flags, output, exit code) is the CLI's own.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { runExample } from "./runExample";
import { pulumiCommand } from "./sparing";

async function main(argv: readonly string[]): Promise<number> {
  const workDir = process.cwd();
  const stackName = argv[argv.indexOf("--stack") + 1] ?? "";
  // The Automation API serves the program, and names its address in the arguments of the command it runs: in place of that
  // command, what was asked for here is run. What it runs before, such as selecting the stack, is not needed.
  const command = pulumiCommand(() => async (args) => {
    const client = args.find((arg) => arg.startsWith("--client="));
    if (client !== undefined) {
      process.exit(await run([...argv, client]));
    }
    return { stdout: "{}", stderr: "", code: 0 };
  });
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName: "openai-certificates", program: async () => runAgain(workDir) },
    { workDir, pulumiCommand: command },
  );
  await stack.preview();
  throw new Error("the Automation API has not run the operation");
}

/** `up` runs the program twice, for its preview and for the update. */
function runAgain(workDir: string): Record<string, unknown> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(workDir + path.sep) && !file.includes("node_modules")) {
      delete require.cache[file];
    }
  }
  return runExample(workDir);
}

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
}

void main(process.argv.slice(2)).then((exitCode) => process.exit(exitCode));
