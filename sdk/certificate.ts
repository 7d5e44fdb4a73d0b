import * as pulumi from "@pulumi/pulumi";
import { certificateProvider } from "./closures";

/** Arguments of {@link Certificate}. */
export interface CertificateArgs {
  /**
   * One PEM certificate. Another certificate (other DER bytes) replaces the resource, creating the new one before the old
   * one is deleted; white space, line endings and comments around the PEM never do.
   */
  certificate: pulumi.Input<string>;
  /** Default: the resource's logical name. Updated in place. */
  name?: pulumi.Input<string | undefined>;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. A change replaces. */
  organization?: pulumi.Input<string | undefined>;
  /**
   * Take over an existing certificate instead of uploading: an id names it, `true` takes the one with the same content, if
   * there is exactly one. Without effect once the resource exists.
   */
  adopt?: pulumi.Input<boolean | string | undefined>;
}

/**
 * One trust anchor uploaded to an OpenAI organization. Uploading enforces nothing; see {@link CertificateActivation}.
 * An organization holds at most 50 certificates, and a replacement needs a free slot until the old one is deleted.
 */
export class Certificate extends pulumi.dynamic.Resource {
  declare readonly name: pulumi.Output<string>;
  /** The certificate as canonical PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** SHA-256 of the DER, lower-case hex. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** When it was uploaded; RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Start of its validity; RFC 3339, UTC. */
  declare readonly validAt: pulumi.Output<string>;
  /** End of its validity; RFC 3339, UTC. */
  declare readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { certificate, organization, adopt } = args ?? {};
    super(
      certificateProvider,
      name,
      {
        certificate,
        name: opts?.id === undefined ? nameOrDefault(args.name, name) : undefined,
        organization,
        adopt,
        fingerprint: undefined,
        createdAt: undefined,
        validAt: undefined,
        expiresAt: undefined,
      },
      opts,
      "openai",
      "Certificate",
    );
  }

  /** An existing certificate, by its id, to read its outputs. Pulumi does not manage it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    args?: Pick<CertificateArgs, "organization">,
    opts?: pulumi.CustomResourceOptions,
  ): Certificate {
    return new Certificate(name, args as CertificateArgs, { ...opts, id });
  }
}

function nameOrDefault(given: CertificateArgs["name"], name: string): pulumi.Input<string> {
  return given === undefined ? name : pulumi.output(given).apply((known) => known ?? name);
}
