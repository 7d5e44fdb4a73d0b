import type { ResourceValidationPolicy } from "@pulumi/policy";
import { ACTIVATIONS } from "../types";

/** `pulumi destroy`, or a resource that went missing in a merge, would otherwise turn enforcement off. */
export const protectedActivation: ResourceValidationPolicy = {
  name: "protected-activation",
  description: "An activation is protected, so that nothing deletes it in passing.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, name, opts }, report) => {
    if (ACTIVATIONS.includes(type) && !opts.protect) {
      report(`the activation "${name}" is not protected: give it the resource option protect: true`);
    }
  },
};
