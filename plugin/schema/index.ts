import manifest from "../../package.json";
import { certificateActivation, projectCertificateActivation } from "./activation";
import { celFilter, certificate } from "./certificate";
import { getCertificate, getCertificates, summary } from "./functions";
import { config, organization, provider } from "./provider";
import { trustAnchor, trustAnchors } from "./trustAnchors";
import { PACKAGE, token } from "./types";

export const version = manifest.version;

/** Such as `github.com/example/pulumi-openai-certificates`. */
const repository = manifest.repository.url.replace(/^git\+https:\/\/|\.git$/g, "");

/** The package schema: what `pulumi package get-schema` shows, YAML programs are checked by, and SDKs are generated from. */
export const schema = {
  name: PACKAGE,
  displayName: "OpenAI Certificates",
  version,
  description: manifest.description,
  keywords: [...manifest.keywords, "category/cloud", "kind/native"],
  license: manifest.license,
  homepage: manifest.homepage,
  repository: `https://${repository}`,
  // The engine fetches the archives of the release with the plugin's version from there.
  pluginDownloadURL: `github://api.${repository}`,
  publisher: "pulumi-openai-certificates",
  // The generators write whole packages, the Go module's go.mod included: what `pulumi package add` has them write, too.
  meta: { supportPack: true },
  language: {
    nodejs: { packageName: "pulumi-openai-certificates-native", respectSchemaVersion: true },
    python: { packageName: "pulumi_openai_certificates", respectSchemaVersion: true, pyproject: { enabled: true } },
    go: {
      modulePath: `${repository}/sdks/go`,
      importBasePath: `${repository}/sdks/go/openaicertificates`,
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
