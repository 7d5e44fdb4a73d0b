import type { ResourceValidationPolicy } from "@pulumi/policy";
import { configSchema, validateProduction } from "../production";

/** allowEmpty is for the one change that ends enforcement on purpose; left in, it lets any later change do so. */
export const noAllowEmpty: ResourceValidationPolicy = {
  name: "no-allow-empty",
  description: "In production, no change may leave an active set empty, which turns mTLS enforcement off (stacks).",
  enforcementLevel: "advisory",
  configSchema,
  validateResource: validateProduction(({ props }) =>
    props["allowEmpty"] === true
      ? "has allowEmpty: true, so a change may turn mTLS enforcement off: remove it once that is not intended"
      : undefined,
  ),
};
