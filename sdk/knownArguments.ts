import * as pulumi from "@pulumi/pulumi";
import { redact } from "../provider/redact";

/** The names of a class's arguments; the compiler sees to it that none is missing. */
export type ArgumentNames<Args> = Readonly<Record<keyof Args, true>>;

/**
 * The arguments as they are. Throws a RunError where one is unknown, which the compiler does not see in JavaScript or where an
 * object is spread: a mistyped `requiredClients` would protect nobody, and a `projectId` given to the organization's
 * activation would not keep the change to that project.
 */
export function knownArguments<Args extends object>(
  type: string,
  name: string,
  args: Args,
  names: ArgumentNames<Args>,
): Args {
  const stray = Object.entries(args ?? {}).find(([key, value]) => value !== undefined && !Object.hasOwn(names, key));
  if (stray !== undefined) {
    const known = Object.keys(names).join(", ");
    throw new pulumi.RunError(
      `${type} "${name}" has an unknown argument "${redact(stray[0])}"; the known ones are ${known}`,
    );
  }
  return args;
}
