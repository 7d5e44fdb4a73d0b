import * as pulumi from "@pulumi/pulumi";
import { configurationWarnings } from "../provider/configurationWarnings";

/** The runs that have been told, by their stack resource: a process of the Automation API may run several programs. */
const told = new WeakSet<object>();

/**
 * Warns once in a run about stack configuration that is mistyped, or that holds a key in plain text. Only the program's
 * process can: the provider's process is told values by their known names, and all of them decrypted.
 */
export function warnAboutConfiguration(): void {
  const run = pulumi.runtime.getStackResource?.();
  if (run === undefined || told.has(run)) {
    return;
  }
  told.add(run);
  // Marked internal, so that a release without it must not end in a warning about every secret.
  const { isConfigSecret = () => true } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  for (const line of configurationWarnings({ values: pulumi.runtime.allConfig(), isSecret: isConfigSecret })) {
    void pulumi.log.warn(line);
  }
}
