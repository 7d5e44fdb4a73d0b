export { RunError } from "@pulumi/pulumi";
export type { AnchorDates, TrustAnchor } from "./anchors/anchor";
export type { FormerName, FormerNames } from "./anchors/formerNames";
export type { AnchorMap } from "./anchors/map";
export { type CelFilterArgs, Certificate, type CertificateArgs } from "./certificate";
export { CertificateActivation, type CertificateActivationArgs } from "./certificateActivation";
export { getCertificate, getCertificateOutput, getCertificates, getCertificatesOutput } from "./functions";
export type {
  CertificateSummary,
  GetCertificateArgs,
  GetCertificateOutputArgs,
  GetCertificateResult,
  GetCertificatesArgs,
  GetCertificatesOutputArgs,
} from "./lookup/types";
export { ProjectCertificateActivation, type ProjectCertificateActivationArgs } from "./projectCertificateActivation";
export { TrustAnchors, type TrustAnchorsArgs } from "./trustAnchors";
