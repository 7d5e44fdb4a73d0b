import type { ResourceValidationPolicy } from "@pulumi/policy";
import { configSchema, validateProduction } from "../production";

/** With deactivateOnDelete a rename, or a line lost in a merge, ends enforcement, and preview shows only a deletion. */
export const noDeactivateOnDelete: ResourceValidationPolicy = {
  name: "no-deactivate-on-delete",
  description: "In production, deleting an activation leaves the active set as it is (stacks).",
  enforcementLevel: "advisory",
  configSchema,
  validateResource: validateProduction(({ props }) =>
    props["deactivateOnDelete"] === true
      ? "has deactivateOnDelete: true, so every deletion of it deactivates its anchors, a rename included: remove it"
      : undefined,
  ),
};
