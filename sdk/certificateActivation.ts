import * as pulumi from "@pulumi/pulumi";
import { activationOptions, activationProps } from "./activationProps";
import type { ActiveSet } from "./activeSet";
import { providerText } from "./dynamicProvider";
import { type ArgumentNames, knownArguments } from "./knownArguments";
import { pausePromiseStacks } from "./promiseStacks";

/** Arguments of {@link CertificateActivation}. */
export interface CertificateActivationArgs {
  /** The wanted set, as ids of {@link Certificate}s; order and repetition mean nothing. */
  certificateIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Which organization of `openai:organizations`; default: the one of `openai:adminKey`. A change replaces, except to
   * another name of the same organization.
   */
  organization?: pulumi.Input<string | undefined>;
  /**
   * Default true: the active set becomes exactly this one. False: these are active, and others are left alone, for
   * organizations that several stacks share; two stacks must not list the same id.
   */
  exclusive?: pulumi.Input<boolean | undefined>;
  /** Certificates that are never touched, whatever their state. */
  ignoreCertificateIds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Default false. Allows the first exclusive run to deactivate anchors that are active but not listed. */
  takeOver?: pulumi.Input<boolean | undefined>;
  /**
   * Default false. Allows a change after which nothing is active: mTLS is then no longer enforced for API requests, while
   * X.509 workload identity federation, which uses the same anchors, stops working.
   */
  allowEmpty?: pulumi.Input<boolean | undefined>;
  /**
   * Default false: deleting or replacing this resource leaves the set as it is. True: every delete deactivates what was
   * listed, a rename included (use an alias), also where that ends enforcement. For test stacks; it has to be in state
   * before the delete. In production, run `pulumi up` with `certificateIds: []` and `allowEmpty: true`, then destroy.
   */
  deactivateOnDelete?: pulumi.Input<boolean | undefined>;
  /**
   * Client chains in PEM (leaf first, then intermediates; no keys) that must still be accepted after a change. A change
   * that would lock one of them out is refused before anything is written.
   */
  requiredClients?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** @internal */
export const ACTIVATION_ARGUMENTS: ArgumentNames<CertificateActivationArgs> = {
  certificateIds: true,
  organization: true,
  exclusive: true,
  ignoreCertificateIds: true,
  takeOver: true,
  allowEmpty: true,
  deactivateOnDelete: true,
  requiredClients: true,
};

const TYPE = "pulumi-nodejs:dynamic/openai:CertificateActivation";
const PROVIDER = providerText("certificateActivation");

export interface CertificateActivation extends ActiveSet {}

/**
 * The active set of an OpenAI organization. From the first active certificate on, the API refuses every request whose
 * client certificate does not chain to an active one: add the anchors of all your clients before you activate.
 * Its id is `organization`; a program has one for each organization.
 *
 * @example
 * new CertificateActivation("org", { certificateIds: [root.id], requiredClients: [gatewayChain] });
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: what the interface declares, Pulumi's constructor sets.
export class CertificateActivation extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = TYPE;

  constructor(name: string, args: CertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    const known = knownArguments("CertificateActivation", name, args, ACTIVATION_ARGUMENTS);
    const props = activationProps(name, known, opts, PROVIDER);
    const resume = pausePromiseStacks(opts);
    try {
      super(TYPE, name, props, activationOptions(opts));
    } finally {
      resume();
    }
  }

  /** The active set as it is (id `organization`), to read its outputs. Pulumi does not manage it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    args?: Pick<CertificateActivationArgs, "organization" | "ignoreCertificateIds">,
    opts?: pulumi.CustomResourceOptions,
  ): CertificateActivation {
    return new CertificateActivation(name, args as CertificateActivationArgs, { ...opts, id });
  }

  /** Whether a value is a CertificateActivation, also one of another copy of this package. */
  static override isInstance(value: unknown): value is CertificateActivation {
    return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === TYPE;
  }
}
