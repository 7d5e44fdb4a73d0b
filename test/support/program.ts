import * as pulumi from "@pulumi/pulumi";
import {
  Certificate,
  CertificateActivation,
  type CertificateActivationArgs,
  type CertificateArgs,
  ProjectCertificateActivation,
  type ProjectCertificateActivationArgs,
} from "pulumi-openai-certificates";

/** What a program of the tests declares, as plain data: an id that begins with `@` stands for a Certificate's output. */
export interface Declared {
  readonly certificates?: Readonly<Record<string, CertificateArgs>>;
  readonly activations?: Readonly<Record<string, CertificateActivationArgs>>;
  readonly projects?: Readonly<Record<string, ProjectCertificateActivationArgs>>;
  /** Certificates to read by `Certificate.get`: logical name → id. */
  readonly get?: Readonly<Record<string, string>>;
  /** Puts every resource below a component of this name, with an alias to where it was. */
  readonly component?: string;
  /** Resource options of every Certificate. */
  readonly options?: pulumi.CustomResourceOptions;
}

/** Declares what is given, with the package as users have it, and exports what its resources put out. */
export function declare(declared: Declared): Record<string, pulumi.Input<unknown>> {
  const outputs: Record<string, pulumi.Input<unknown>> = {};
  const opts = optionsOf(declared.component);
  const certificates = new Map<string, Certificate>();
  for (const [name, args] of Object.entries(declared.certificates ?? {})) {
    const certificate = new Certificate(name, args, { ...opts, ...declared.options });
    certificates.set(`@${name}`, certificate);
    outputs[name] = certificate.id;
  }
  const resolve = <T extends CertificateActivationArgs>(args: T): T => ({
    ...args,
    certificateIds: (args.certificateIds as string[]).map((id) => certificates.get(id)?.id ?? id),
  });
  for (const [name, args] of Object.entries(declared.activations ?? {})) {
    outputs[`${name}:active`] = new CertificateActivation(name, resolve(args), opts).certificateIds;
  }
  for (const [name, args] of Object.entries(declared.projects ?? {})) {
    outputs[`${name}:active`] = new ProjectCertificateActivation(name, resolve(args), opts).certificateIds;
  }
  for (const [name, id] of Object.entries(declared.get ?? {})) {
    const { certificate, fingerprint, name: given } = Certificate.get(name, id);
    outputs[name] = pulumi.all({ certificate, fingerprint, name: given });
  }
  return outputs;
}

function optionsOf(component: string | undefined): pulumi.CustomResourceOptions {
  if (component === undefined) {
    return {};
  }
  const parent = new pulumi.ComponentResource("test:index:Anchors", component);
  return { parent, aliases: [{ parent: pulumi.rootStackResource }] };
}
