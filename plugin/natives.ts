import * as pulumi from "@pulumi/pulumi";
import type { AnchorResources } from "../sdk/trustAnchors";
import { dynamicType, token } from "./schema/types";

const OUTPUTS = {
  Certificate: ["fingerprint", "createdAt", "validAt", "expiresAt"],
  CertificateActivation: ["listedCertificateIds"],
  ProjectCertificateActivation: ["listedCertificateIds"],
} as const;

/**
 * The package's own resource types, for the component that the plugin itself constructs. With the version that the component
 * was asked for, so that its children belong to the same provider: another version would be another default provider, a
 * process of its own.
 */
export function nativeResources(version: string | undefined): AnchorResources {
  const native = (type: keyof typeof OUTPUTS) =>
    class extends pulumi.CustomResource {
      constructor(name: string, args: object, opts: pulumi.CustomResourceOptions) {
        const outputs = Object.fromEntries(OUTPUTS[type].map((output) => [output, undefined]));
        // State of the TypeScript component moves along.
        const aliases = [...((opts.aliases as pulumi.Alias[] | undefined) ?? []), dynamicType(type)];
        const asked = version === undefined ? {} : { version };
        super(token(type), name, { ...outputs, ...args }, { ...opts, ...asked, aliases });
      }
    };
  return {
    type: token("TrustAnchors"),
    Certificate: native("Certificate"),
    CertificateActivation: native("CertificateActivation"),
    ProjectCertificateActivation: native("ProjectCertificateActivation"),
  } as unknown as AnchorResources;
}
