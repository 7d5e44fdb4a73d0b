/** Resource types as policies see them: dynamic resources carry the prefix of Pulumi's dynamic provider. */
export const CERTIFICATE = "pulumi-nodejs:dynamic/openai:Certificate";

export const ACTIVATIONS: readonly string[] = [
  "pulumi-nodejs:dynamic/openai:CertificateActivation",
  "pulumi-nodejs:dynamic/openai:ProjectCertificateActivation",
];
