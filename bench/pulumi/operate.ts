/**
 * One operation of the real engine with an inline program, in a process of its own, as `pulumi up` starts one: reads an
 * {@link Order} from standard input and writes a {@link Report} to standard output.
 */
import { text } from "node:stream/consumers";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import type { Order, Report } from "./order";

async function main(): Promise<Report> {
  const order = JSON.parse(await text(process.stdin)) as Order;
  const { declare } = (await import(order.program)) as { declare(declared: Order["declared"]): void };
  const began = performance.now();
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "bench", projectName: "certificates", program: async () => declare(order.declared) },
    { workDir: order.workDir },
  );
  if (Object.keys(order.config).length > 0) {
    await stack.setAllConfig({ ...order.config });
  }
  const selecting = performance.now() - began;
  await operate(stack, order.operation);
  return { ms: Math.round(performance.now() - selecting) };
}

async function operate(stack: Stack, operation: Order["operation"]): Promise<void> {
  switch (operation) {
    case "up":
      await stack.up();
      return;
    case "preview":
      await stack.preview({ refresh: true, expectNoChanges: true });
      return;
    case "refresh":
      await stack.refresh();
      return;
    case "destroy":
      await stack.destroy();
      return;
  }
}

main()
  .catch(({ message }: Error): Report => ({ ms: performance.now(), error: message }))
  .then((report) => process.stdout.write(JSON.stringify(report)));
