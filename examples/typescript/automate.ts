/** The same program by Pulumi's Automation API: npx tsx automate.ts preview|up|drift|refresh|destroy */
import { CommandError, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { program } from "./program";

const onOutput = (text: string) => process.stdout.write(text);

const operations: Record<string, (stack: Stack) => Promise<unknown>> = {
  preview: (stack) => stack.preview({ onOutput }),
  up: (stack) => stack.up({ onOutput }),
  drift: (stack) => stack.preview({ onOutput, refresh: true, expectNoChanges: true }),
  refresh: (stack) => stack.refresh({ onOutput }),
  destroy: (stack) => stack.destroy({ onOutput }),
};

async function main(operation = "", stackName = "test"): Promise<number> {
  const run = operations[operation];
  if (run === undefined) {
    console.error("usage: npx tsx automate.ts preview|up|drift|refresh|destroy");
    return 2;
  }
  const projectName = "openai-certificates-typescript";
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, projectName, program }, { workDir: __dirname });
  try {
    await run(stack);
    return 0;
  } catch (error) {
    // Pulumi's own exit code, so that a pipeline can tell drift (7) from a failure. The SDK has it in the text only.
    const code = error instanceof CommandError ? /exit code (\d+)/.exec(error.message)?.[1] : undefined;
    return code === undefined ? 1 : Number(code);
  }
}

main(...process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
