import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { CERTIFICATES } from "../../../examples/policy/types";

/** The type of certificates of the dynamic provider. */
export const CERTIFICATE = CERTIFICATES[0] ?? "";

type Given = {
  readonly type?: string;
  readonly props?: Record<string, unknown>;
  readonly protect?: boolean;
  readonly stack?: string;
};

/** What a policy reports for one resource, as the engine hands it over; by default a Certificate called `corp-root`. */
export function judgeResource(
  { validateResource }: ResourceValidationPolicy,
  { type = CERTIFICATE, props = {}, protect = false, stack = "prod" }: Given,
  config: object = {},
): string[] {
  const resource = {
    type,
    props,
    name: "corp-root",
    urn: `urn:pulumi:${stack}::certificates::${type}::corp-root`,
    opts: { protect },
  };
  const said: string[] = [];
  const args = { ...resource, getConfig: () => config } as unknown as ResourceValidationArgs;
  for (const validate of [validateResource ?? []].flat()) {
    void validate(args, report(said));
  }
  return said;
}

/** What a policy reports for a stack, each with the resource it is about. */
export function judgeStack(
  { validateStack }: StackValidationPolicy,
  resources: readonly Partial<PolicyResource>[],
  config: object = {},
): string[] {
  const said: string[] = [];
  void validateStack({ resources, getConfig: () => config } as unknown as StackValidationArgs, report(said));
  return said;
}

/** Properties as the policy SDK hands them over: reading one that is not known yet throws. */
export function withUnknowns(props: Record<string, unknown>): Record<string, unknown> {
  // Not in the declarations of @pulumi/policy.
  const { unknownCheckingProxy } = require("@pulumi/policy/proxy");
  return unknownCheckingProxy(props);
}

function report(said: string[]): ReportViolation {
  return (message: string, urn?: string) => void said.push(urn === undefined ? message : `${urn}: ${message}`);
}
