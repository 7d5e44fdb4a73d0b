import * as pulumi from "@pulumi/pulumi";
import { pausePromiseStacks } from "./promiseStacks";

/** What the activations of an organization and of a project have in common: their outputs. */
export abstract class ActiveSet extends pulumi.CustomResource {
  /** What was observed to be active: without the ignored, or the wanted among them where it is not exclusive. Sorted. */
  declare readonly certificateIds: pulumi.Output<string[]>;
  /** What the program listed. */
  declare readonly listedCertificateIds: pulumi.Output<string[]>;
  /** Those of them that are held back, because their CEL filter is not attached yet; undefined where there are none. */
  declare readonly heldBackCertificateIds: pulumi.Output<string[] | undefined>;
  /** What the program has ceased to list, and what is deactivated once nothing is held back; undefined where there is none. */
  declare readonly retiringCertificateIds: pulumi.Output<string[] | undefined>;
  declare readonly organization: pulumi.Output<string | undefined>;
  declare readonly exclusive: pulumi.Output<boolean | undefined>;
  declare readonly ignoreCertificateIds: pulumi.Output<string[] | undefined>;
  declare readonly takeOver: pulumi.Output<boolean | undefined>;
  declare readonly allowEmpty: pulumi.Output<boolean | undefined>;
  declare readonly deactivateOnDelete: pulumi.Output<boolean | undefined>;
  declare readonly requiredClients: pulumi.Output<string[] | undefined>;
  /** The organization's own id, where the API sends it. */
  declare readonly organizationId: pulumi.Output<string | undefined>;

  constructor(type: string, name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const resume = pausePromiseStacks(opts);
    try {
      super(type, name, props, opts);
    } catch (error) {
      resume(error);
      throw error;
    }
    resume();
  }
}
