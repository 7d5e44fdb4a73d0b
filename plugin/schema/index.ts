import manifest from "../../package.json";
import { certificateActivation, projectCertificateActivation } from "./activation";
import { celFilter, certificate } from "./certificate";
import { getCertificate, getCertificates, summary } from "./functions";
import { config, organization, provider } from "./provider";
import { trustAnchor, trustAnchors } from "./trustAnchors";
import { PACKAGE, token } from "./types";

export const version = manifest.version;

/** The package schema: what `pulumi package get-schema` shows, YAML programs are checked by, and SDKs are generated from. */
export const schema = {
  name: PACKAGE,
  displayName: "OpenAI Certificates",
  version,
  description: manifest.description,
  keywords: [...manifest.keywords, "category/cloud", "kind/native"],
  license: manifest.license,
  publisher: "pulumi-openai-certificates",
  language: {
    nodejs: { packageName: "pulumi-openai-certificates-native", respectSchemaVersion: true },
    python: { packageName: "pulumi_openai_certificates", respectSchemaVersion: true, pyproject: { enabled: true } },
    go: {
      // The map of organizations needs the container types of the object that it holds.
      generateResourceContainerTypes: true,
      respectSchemaVersion: true,
    },
    csharp: { rootNamespace: "Pulumi", respectSchemaVersion: true },
    java: { basePackage: "com.pulumi" },
  },
  config,
  provider,
  types: { ...organization, ...celFilter, ...summary, ...trustAnchor },
  resources: {
    [token("Certificate")]: certificate,
    [token("CertificateActivation")]: certificateActivation,
    [token("ProjectCertificateActivation")]: projectCertificateActivation,
    [token("TrustAnchors")]: trustAnchors,
  },
  functions: {
    [token("getCertificate")]: getCertificate,
    [token("getCertificates")]: getCertificates,
  },
};
