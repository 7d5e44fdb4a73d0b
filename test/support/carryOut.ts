import { type Deployment, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import type { Order, Report } from "./operate";
import { declare } from "./program";
import { runExample } from "./runExample";
import { sparingPulumi } from "./sparing";

/** Carries out one operation by the Automation API. */
export async function carryOut(order: Order): Promise<Partial<Report>> {
  return run(order, await select(order));
}

async function select(order: Order): Promise<Stack> {
  const { stack, project, workDir, declared, transport, config, runsExample, cancelFirst, exists, asUsers } = order;
  const program = async () => (runsExample ? runExample(workDir) : declare(declared, transport));
  const selected = await LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName: project, program },
    { workDir, pulumiCommand: asUsers ? await PulumiCommand.get() : sparingPulumi(exists) },
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
  const read = refresh === undefined ? {} : { refresh };
  const checked = {
    ...options,
    ...read,
    ...(replace === undefined ? {} : { replace: urns(replace) }),
    ...(expectNoChanges === undefined ? {} : { expectNoChanges }),
    ...(plan === undefined ? {} : { plan }),
  };
  switch (order.operation) {
    case "up": {
      const { outputs, summary } = await stack.up(checked);
      const values = Object.entries(outputs).map(([name, output]) => [name, output.value]);
      return { outputs: Object.fromEntries(values), changes: summary.resourceChanges ?? {} };
    }
    case "preview": {
      const { changeSummary } = await stack.preview(checked);
      return { changes: changeSummary as Record<string, number> };
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
