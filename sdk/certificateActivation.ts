import * as pulumi from "@pulumi/pulumi";
import { certificateActivationProvider } from "./closures";
import { claimScope } from "./oneExclusive";

/** Arguments of {@link CertificateActivation}. */
export interface CertificateActivationArgs {
  /** The wanted set, as ids of {@link Certificate}s; order and repetition mean nothing. */
  certificateIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. A change replaces. */
  organization?: pulumi.Input<string | undefined>;
  /** Default true: the active set becomes exactly this one. False: these are active, and others are left alone. */
  exclusive?: pulumi.Input<boolean | undefined>;
  /** Certificates that are never touched, whatever their state. */
  ignoreCertificateIds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Default false. Allows the first exclusive run to deactivate anchors that are live but not listed. */
  takeOver?: pulumi.Input<boolean | undefined>;
  /** Default false. Allows a change after which nothing is active, so that mTLS is no longer enforced. */
  allowEmpty?: pulumi.Input<boolean | undefined>;
  /**
   * Client chains in PEM (leaf first, then intermediates; no keys) that must still be accepted after a change. A change
   * that would lock one of them out is refused before anything is written.
   */
  requiredClients?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/**
 * The active set of an OpenAI organization. From the first active certificate on, the API refuses every request whose
 * client certificate does not chain to an active one: add the anchors of all your clients before you activate.
 * Its id is `organization`.
 */
export class CertificateActivation extends pulumi.dynamic.Resource {
  /** What was observed to be active: without the ignored, or the wanted among them where it is not exclusive. Sorted. */
  declare readonly certificateIds: pulumi.Output<string[]>;

  constructor(name: string, args: CertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      certificateActivationProvider,
      name,
      activationProps(name, args, opts),
      opts,
      "openai",
      "CertificateActivation",
    );
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
}

/** The properties of an activation; a managed one claims its scope. */
export function activationProps(
  name: string,
  args: CertificateActivationArgs & { projectId?: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> {
  const {
    certificateIds,
    organization,
    exclusive,
    ignoreCertificateIds,
    takeOver,
    allowEmpty,
    requiredClients,
    projectId,
  } = args ?? {};
  return {
    certificateIds,
    organization,
    exclusive: opts?.id === undefined ? claimScope({ by: name, exclusive, organization, projectId }) : exclusive,
    ignoreCertificateIds,
    takeOver,
    allowEmpty,
    requiredClients,
    ...(projectId === undefined ? {} : { projectId }),
  };
}
