import type { ResourceValidationPolicy } from "@pulumi/policy";
import { ACTIVATIONS } from "../types";

/**
 * An activation that `pulumi destroy` or a line lost in a merge deletes is no longer watched: drift goes unnoticed, and
 * with deactivateOnDelete enforcement ends.
 */
export const protectedActivation: ResourceValidationPolicy = {
  name: "protected-activation",
  description: "An activation is protected from deletion by accident.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, name, opts }, report) => {
    if (ACTIVATIONS.includes(type) && !opts.protect) {
      report(
        `the activation "${name}" is not protected: set the resource option protect: true, or protectActivation: true of TrustAnchors`,
      );
    }
  },
};
