import * as pulumi from "@pulumi/pulumi";
import type {
  CertificateActivationArgs,
  CertificateArgs,
  ProjectCertificateActivationArgs,
  TrustAnchorsArgs,
} from "pulumi-openai-certificates";

/**
 * The native plugin's types with the constructors of the dynamic classes, so that one program of the tests runs on either
 * transport. It is what an SDK that Pulumi generates from the schema comes to.
 */
const PACKAGE = "openai-certificates:index";

/** State of the dynamic class moves along, as with a generated SDK. */
function moved(type: string, opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
  const known = (opts.aliases ?? []) as pulumi.Alias[];
  return { ...opts, aliases: [...known, { type: `pulumi-nodejs:dynamic/openai:${type}` }] };
}

/** Declared outputs, so that the engine's answer becomes properties. */
function outputs(...names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

export class Certificate extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly certificate: pulumi.Output<string>;
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...outputs("name", "certificate", "fingerprint", "createdAt", "validAt", "expiresAt"), ...args };
    super(`${PACKAGE}:Certificate`, name, props, moved("Certificate", opts));
  }

  static get(name: string, id: pulumi.Input<pulumi.ID>, args?: Partial<CertificateArgs>): Certificate {
    return new Certificate(name, args as CertificateArgs, { id });
  }
}

export class CertificateActivation extends pulumi.CustomResource {
  declare readonly certificateIds: pulumi.Output<string[]>;

  constructor(name: string, args: CertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      `${PACKAGE}:CertificateActivation`,
      name,
      { ...outputs("listedCertificateIds"), ...args },
      moved("CertificateActivation", opts),
    );
  }
}

export class ProjectCertificateActivation extends pulumi.CustomResource {
  declare readonly certificateIds: pulumi.Output<string[]>;

  constructor(name: string, args: ProjectCertificateActivationArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      `${PACKAGE}:ProjectCertificateActivation`,
      name,
      { ...outputs("listedCertificateIds"), ...args },
      moved("ProjectCertificateActivation", opts),
    );
  }
}

export class TrustAnchors extends pulumi.ComponentResource {
  declare readonly certificateIds: pulumi.Output<Record<string, string>>;
  readonly activations: Readonly<Record<string, CertificateActivation>> = {};

  constructor(name: string, { anchors, ...args }: TrustAnchorsArgs, opts?: pulumi.ComponentResourceOptions) {
    const given = typeof anchors === "string" ? { folder: anchors } : { anchors };
    const props = { ...outputs("certificateIds", "activeCertificateIds"), ...given, ...args };
    super(`${PACKAGE}:TrustAnchors`, name, props, { ...opts, aliases: [{ type: "openai:index:TrustAnchors" }] }, true);
  }
}

export function getCertificate(args: object): Promise<object> {
  return pulumi.runtime.invoke(`${PACKAGE}:getCertificate`, args);
}

export function getCertificateOutput(args: object): pulumi.Output<object> {
  return pulumi.runtime.invokeOutput(`${PACKAGE}:getCertificate`, args);
}

export async function getCertificates(args: object): Promise<object[]> {
  return (await pulumi.runtime.invoke(`${PACKAGE}:getCertificates`, args)).certificates;
}

export function getCertificatesOutput(args: object): pulumi.Output<object[]> {
  return pulumi.runtime
    .invokeOutput<{ certificates: object[] }>(`${PACKAGE}:getCertificates`, args)
    .apply(({ certificates }) => certificates);
}
