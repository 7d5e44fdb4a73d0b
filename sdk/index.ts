export type { AnchorDates, TrustAnchor } from "./anchors/anchor";
export type { FormerName, FormerNames } from "./anchors/formerNames";
export type { AnchorMap } from "./anchors/map";
export { Certificate, type CertificateArgs } from "./certificate";
export { CertificateActivation, type CertificateActivationArgs } from "./certificateActivation";
export {
  type CertificateSummary,
  type GetCertificateArgs,
  type GetCertificateOutputArgs,
  type GetCertificateResult,
  type GetCertificatesArgs,
  type GetCertificatesOutputArgs,
  getCertificate,
  getCertificateOutput,
  getCertificates,
  getCertificatesOutput,
} from "./functions";
export { ProjectCertificateActivation, type ProjectCertificateActivationArgs } from "./projectCertificateActivation";
export { TrustAnchors, type TrustAnchorsArgs } from "./trustAnchors";
