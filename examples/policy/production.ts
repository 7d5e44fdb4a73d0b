import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { ACTIVATIONS } from "./types";

/** Names of stacks; `*` stands for any text. */
const PRODUCTION = ["prod", "prod-*", "*-prod", "production"];

/** The configuration of policies that concern production alone. */
export const configSchema: NonNullable<ResourceValidationPolicy["configSchema"]> = {
  properties: { stacks: { type: "array", items: { type: "string" }, default: PRODUCTION } },
};

/** Validates each activation of a production stack: `check` answers what is wrong with its arguments, or nothing. */
export function validateProduction(check: (args: ResourceValidationArgs) => string | undefined) {
  return (args: ResourceValidationArgs, report: ReportViolation): void => {
    const { stacks = PRODUCTION } = args.getConfig<{ stacks?: string[] }>();
    if (!ACTIVATIONS.includes(args.type) || !stacks.some((pattern) => matches(pattern, stackOf(args.urn)))) {
      return;
    }
    const problem = check(args);
    if (problem !== undefined) {
      report(`the activation ${JSON.stringify(args.name)} ${problem}`);
    }
  };
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function stackOf(urn: string): string {
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

function matches(pattern: string, stack: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(stack);
}
