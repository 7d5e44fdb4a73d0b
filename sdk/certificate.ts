import * as pulumi from "@pulumi/pulumi";
import { warnAboutConfiguration } from "./configuration";
import { providerText } from "./dynamicProvider";
import { declareId } from "./hints";
import { type ArgumentNames, knownArguments } from "./knownArguments";
import { pausePromiseStacks } from "./promiseStacks";

/** The CEL filter that people attach to a certificate in the dashboard; the API can neither set nor show it. */
export interface CelFilterArgs {
  /** A CEL expression over the client certificate, such as `subject.organization == "Example"`. */
  expression: pulumi.Input<string>;
  /** The certificate's id, once a person has attached the filter to it. Until then it is held back from active sets. */
  attachedTo?: pulumi.Input<string | undefined>;
}

/** Arguments of {@link Certificate}. */
export interface CertificateArgs {
  /**
   * One PEM certificate. Another certificate (other DER bytes) replaces the resource, creating the new one before the old
   * one is deleted; white space, line endings and comments around the PEM never do.
   */
  certificate: pulumi.Input<string>;
  /** Default: the resource's logical name. Updated in place. */
  name?: pulumi.Input<string | undefined>;
  /**
   * Which organization of `openai:organizations`; default: the one of `openai:adminKey`. A change replaces, except to
   * another name of the same organization.
   */
  organization?: pulumi.Input<string | undefined>;
  /**
   * Take over an existing certificate instead of uploading, whenever one has to be created: an id names it, `true` takes the
   * one with the same content. Where none has that content, it is uploaded. It may stay in the program forever.
   */
  adopt?: pulumi.Input<boolean | string | undefined>;
  /**
   * The CEL filter that this certificate must have. Until `attachedTo` says that it is attached, the certificate is uploaded
   * and held back from active sets. What is declared here is a person's word: the API does not show filters.
   */
  celFilter?: pulumi.Input<CelFilterArgs | undefined>;
}

const TYPE = "pulumi-nodejs:dynamic/openai:Certificate";
const PROVIDER = providerText("certificate");
const ARGUMENTS: ArgumentNames<CertificateArgs> = {
  certificate: true,
  name: true,
  organization: true,
  adopt: true,
  celFilter: true,
};

/**
 * One trust anchor uploaded to an OpenAI organization. Uploading enforces nothing; see {@link CertificateActivation}.
 * An organization holds at most 50 certificates, and a replacement needs a free slot until the old one is deleted.
 *
 * @example
 * const root = new Certificate("corp-root-2026", { certificate: fs.readFileSync("corp-root-2026.pem", "utf8") });
 */
export class Certificate extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = TYPE;

  declare readonly name: pulumi.Output<string>;
  /** The certificate as canonical PEM. */
  declare readonly certificate: pulumi.Output<string>;
  declare readonly organization: pulumi.Output<string | undefined>;
  declare readonly adopt: pulumi.Output<boolean | string | undefined>;
  declare readonly celFilter: pulumi.Output<{ expression: string; attachedTo?: string } | undefined>;
  /** SHA-256 of the DER, lower-case hex. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** When it was uploaded; RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Start of its validity; RFC 3339, UTC. */
  declare readonly validAt: pulumi.Output<string>;
  /** End of its validity; RFC 3339, UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** The organization's own id, where the API sends it. */
  declare readonly organizationId: pulumi.Output<string | undefined>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { certificate, organization, adopt, celFilter } = knownArguments("Certificate", name, args, ARGUMENTS) ?? {};
    const called = opts?.id === undefined ? nameOrDefault(args?.name, name) : undefined;
    warnAboutConfiguration();
    const resume = pausePromiseStacks(opts);
    try {
      super(
        TYPE,
        name,
        {
          certificate,
          name: called,
          organization,
          adopt,
          celFilter,
          fingerprint: undefined,
          createdAt: undefined,
          validAt: undefined,
          expiresAt: undefined,
          organizationId: undefined,
          __provider: PROVIDER,
        },
        // Whatever the program asks for: without its anchor, clients would be refused until the replacement is active.
        { ...opts, deleteBeforeReplace: false },
      );
    } finally {
      resume();
    }
    if (called !== undefined) {
      declareId(this, { organization, adopt, celFilter });
    }
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

  /** Whether a value is a Certificate, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Certificate {
    return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: unknown }).__pulumiType === TYPE;
  }
}

function nameOrDefault(given: CertificateArgs["name"], name: string): pulumi.Input<string> {
  if (given === undefined || typeof given === "string") {
    return given ?? name;
  }
  return pulumi.output(given).apply((known) => known ?? name);
}
