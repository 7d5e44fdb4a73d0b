import * as pulumi from "@pulumi/pulumi";
import type { AnchorResources } from "../sdk/trustAnchors";
import { dynamicType, token } from "./schema/types";

const OUTPUTS = {
  Certificate: ["fingerprint", "createdAt", "validAt", "expiresAt"],
  CertificateActivation: ["listedCertificateIds"],
  ProjectCertificateActivation: ["listedCertificateIds"],
} as const;

/** The package's own resource types, for the component that the plugin itself constructs. */
export function nativeResources(): AnchorResources {
  const native = (type: keyof typeof OUTPUTS) =>
    class extends pulumi.CustomResource {
      constructor(name: string, args: object, opts: pulumi.CustomResourceOptions) {
        const outputs = Object.fromEntries(OUTPUTS[type].map((output) => [output, undefined]));
        // State of the TypeScript component moves along.
        const aliases = [...((opts.aliases as pulumi.Alias[] | undefined) ?? []), dynamicType(type)];
        super(token(type), name, { ...outputs, ...args }, { ...opts, aliases });
      }
    };
  return {
    type: token("TrustAnchors"),
    Certificate: native("Certificate"),
    CertificateActivation: native("CertificateActivation"),
    ProjectCertificateActivation: native("ProjectCertificateActivation"),
  } as unknown as AnchorResources;
}
