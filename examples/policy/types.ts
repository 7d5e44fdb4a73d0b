/**
 * Resource types as policies see them: dynamic resources carry the prefix of Pulumi's dynamic provider, those of the native
 * plugin the name of its package.
 */
const PREFIXES = ["pulumi-nodejs:dynamic/openai:", "openai-certificates:index:"] as const;

export const CERTIFICATES: readonly string[] = PREFIXES.map((prefix) => `${prefix}Certificate`);

/** The component, of the classes and of the native plugin. */
export const TRUST_ANCHORS: readonly string[] = ["openai:index:TrustAnchors", "openai-certificates:index:TrustAnchors"];

export const ACTIVATIONS: readonly string[] = PREFIXES.flatMap((prefix) => [
  `${prefix}CertificateActivation`,
  `${prefix}ProjectCertificateActivation`,
]);
