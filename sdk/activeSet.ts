import type * as pulumi from "@pulumi/pulumi";

/**
 * What the activations of an organization and of a project have in common: their outputs. No class: with one more between
 * them and CustomResource, Pulumi would write a line of this package into state as the program's (@pulumi/pulumi, resource.ts).
 */
export interface ActiveSet {
  /** What was observed to be active: without the ignored, or the wanted among them where it is not exclusive. Sorted. */
  readonly certificateIds: pulumi.Output<string[]>;
  /** What the program listed. */
  readonly listedCertificateIds: pulumi.Output<string[]>;
  /** Those of them that are held back, because their CEL filter is not attached yet; undefined where there are none. */
  readonly heldBackCertificateIds: pulumi.Output<string[] | undefined>;
  /** What the program has ceased to list, and what is deactivated once nothing is held back; undefined where there is none. */
  readonly retiringCertificateIds: pulumi.Output<string[] | undefined>;
  readonly organization: pulumi.Output<string | undefined>;
  readonly exclusive: pulumi.Output<boolean | undefined>;
  readonly ignoreCertificateIds: pulumi.Output<string[] | undefined>;
  readonly takeOver: pulumi.Output<boolean | undefined>;
  readonly allowEmpty: pulumi.Output<boolean | undefined>;
  readonly deactivateOnDelete: pulumi.Output<boolean | undefined>;
  readonly requiredClients: pulumi.Output<string[] | undefined>;
  /** The organization's own id, where the API sends it. */
  readonly organizationId: pulumi.Output<string | undefined>;
}
