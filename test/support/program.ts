import * as pulumi from "@pulumi/pulumi";
import type {
  CertificateActivationArgs,
  CertificateArgs,
  ProjectCertificateActivationArgs,
  TrustAnchorsArgs,
} from "pulumi-openai-certificates";
import * as dynamic from "pulumi-openai-certificates";
import * as native from "./native";

/** How a program reaches the lifecycles: the package's classes on the dynamic provider, or the native plugin's types. */
export type Transport = "dynamic" | "native";

/**
 * What a program of the tests declares, as plain data: an id that begins with `@` stands for a Certificate's output, or for
 * the active ids of a TrustAnchors.
 */
export interface Declared {
  readonly certificates?: Readonly<Record<string, CertificateArgs>>;
  readonly activations?: Readonly<Record<string, CertificateActivationArgs>>;
  readonly projects?: Readonly<Record<string, ProjectCertificateActivationArgs>>;
  readonly trustAnchors?: Readonly<Record<string, TrustAnchorsArgs>>;
  /** Of {@link projects}, those whose project id is a secret. */
  readonly secretProjects?: readonly string[];
  /** By the logical name of a TrustAnchors, the Certificate that it is deleted with. */
  readonly deletedWith?: Readonly<Record<string, string>>;
  /** By a Certificate's logical name, another one: only once that has an id is it known that the first adopts (`true`). */
  readonly adoptsAfter?: Readonly<Record<string, string>>;
  /** Functions to call: output → function, arguments, and for the forms with outputs a Certificate or TrustAnchors to wait for. */
  readonly calls?: Readonly<Record<string, readonly [CalledFunction, Record<string, unknown>, string?]>>;
  /** Certificates to read by `Certificate.get`: logical name → id. */
  readonly get?: Readonly<Record<string, string>>;
  /** Puts every resource below a component of this name, with an alias to where it was. */
  readonly component?: string;
  /** Resource options of every Certificate. */
  readonly options?: pulumi.CustomResourceOptions;
  /** By logical name: former names as aliases, an explicit provider (a process of its own), and other resource options. */
  readonly each?: Readonly<Record<string, EachOptions>>;
  /** By an explicit provider's name: its arguments and options. */
  readonly providers?: Readonly<Record<string, { readonly args?: object } & pulumi.ResourceOptions>>;
}

interface EachOptions {
  readonly aliases?: readonly string[];
  readonly provider?: string;
  readonly ignoreChanges?: string[];
  readonly retainOnDelete?: boolean;
  /** The id of what exists and is to be imported. */
  readonly import?: string;
}

type CalledFunction = "getCertificate" | "getCertificateOutput" | "getCertificates" | "getCertificatesOutput";

/** Declares what is given, with the package as users have it, and exports what its resources put out. */
export function declare(declared: Declared, transport: Transport = "dynamic"): Record<string, pulumi.Input<unknown>> {
  const { Certificate, CertificateActivation, ProjectCertificateActivation, TrustAnchors, ...functions } =
    transport === "dynamic" ? dynamic : (native as unknown as typeof dynamic);
  const outputs: Record<string, pulumi.Input<unknown>> = {};
  const common = optionsOf(declared.component);
  const providers = new Map<string, pulumi.ProviderResource>();
  const optionsFor = (name: string): pulumi.CustomResourceOptions => {
    const { aliases = [], provider, ...options } = declared.each?.[name] ?? {};
    if (provider !== undefined && !providers.has(provider)) {
      const { args = {}, ...given } = declared.providers?.[provider] ?? {};
      const of = transport === "dynamic" ? "pulumi-nodejs" : "openai-certificates";
      providers.set(provider, new Provider(of, provider, args, given));
    }
    return {
      ...common,
      ...options,
      ...(aliases.length > 0 && { aliases: aliases.map((alias) => ({ name: alias })) }),
      ...(provider !== undefined && { provider: providers.get(provider) as pulumi.ProviderResource }),
    };
  };
  const certificates = new Map<string, pulumi.CustomResource>();
  for (const [name, args] of Object.entries(declared.certificates ?? {})) {
    const first = certificates.get(declared.adoptsAfter?.[name] ?? "");
    const adopt = first === undefined ? args.adopt : first.id.apply(() => true);
    const certificate = new Certificate(name, { ...args, adopt }, { ...optionsFor(name), ...declared.options });
    certificates.set(`@${name}`, certificate);
    outputs[name] = certificate.id;
  }
  const sets = new Map<string, dynamic.TrustAnchors>();
  for (const [name, args] of Object.entries(declared.trustAnchors ?? {})) {
    const deletedWith = certificates.get(declared.deletedWith?.[name] ?? "");
    const anchors = new TrustAnchors(name, args, deletedWith && { deletedWith });
    sets.set(`@${name}`, anchors);
    const { certificateIds, activeCertificateIds, activations } = anchors;
    const active = Object.values(activations).map((one) => one.certificateIds);
    outputs[name] = { certificateIds, activeCertificateIds, active };
  }
  const resolve = <T extends CertificateActivationArgs>(args: T): T => ({
    ...args,
    certificateIds: (args.certificateIds as string[]).flatMap(
      (id) => sets.get(id)?.activeCertificateIds ?? [certificates.get(id)?.id ?? id],
    ),
  });
  for (const [name, args] of Object.entries(declared.activations ?? {})) {
    outputs[`${name}:active`] = new CertificateActivation(name, resolve(args), optionsFor(name)).certificateIds;
  }
  for (const [name, given] of Object.entries(declared.projects ?? {})) {
    const isSecret = declared.secretProjects?.includes(name);
    const args = isSecret ? { ...given, projectId: pulumi.secret(given.projectId) } : given;
    outputs[`${name}:active`] = new ProjectCertificateActivation(name, resolve(args), optionsFor(name)).certificateIds;
  }
  for (const [name, [called, given, after]] of Object.entries(declared.calls ?? {})) {
    const args = Object.entries(given).map(([key, value]) => [key, certificates.get(String(value))?.id ?? value]);
    const dependsOn = after === undefined ? undefined : (certificates.get(after) ?? sets.get(after));
    outputs[name] = functions[called](Object.fromEntries(args), dependsOn && { dependsOn });
  }
  for (const [name, id] of Object.entries(declared.get ?? {})) {
    const { certificate, fingerprint, name: given } = Certificate.get(name, id);
    outputs[name] = pulumi.all({ certificate, fingerprint, name: given });
  }
  return outputs;
}

/** The process that serves the resources, a second time. */
class Provider extends pulumi.ProviderResource {}

function optionsOf(component: string | undefined): pulumi.CustomResourceOptions {
  if (component === undefined) {
    return {};
  }
  const parent = new pulumi.ComponentResource("test:index:Anchors", component);
  return { parent, aliases: [{ parent: pulumi.rootStackResource }] };
}
