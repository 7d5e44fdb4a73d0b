export { Certificate, type CertificateArgs } from "./certificate";
export { CertificateActivation, type CertificateActivationArgs } from "./certificateActivation";
export { ProjectCertificateActivation, type ProjectCertificateActivationArgs } from "./projectCertificateActivation";
