import * as tls from "@pulumi/tls";
import { TrustAnchors } from "pulumi-openai-certificates";

const HOURS_PER_YEAR = 365 * 24;
const ecdsa = { algorithm: "ECDSA", ecdsaCurve: "P256" };

const rootKey = new tls.PrivateKey("corp-root-2026", ecdsa);
const root = new tls.SelfSignedCert("corp-root-2026", {
  privateKeyPem: rootKey.privateKeyPem,
  subject: { commonName: "Corp Root 2026", organization: "Example Corp" },
  isCaCertificate: true,
  setSubjectKeyId: true,
  allowedUses: ["cert_signing", "crl_signing"],
  validityPeriodHours: 10 * HOURS_PER_YEAR,
});

const gatewayKey = new tls.PrivateKey("gateway", ecdsa);
const request = new tls.CertRequest("gateway", {
  privateKeyPem: gatewayKey.privateKeyPem,
  subject: { commonName: "gateway.example.com", organization: "Example Corp" },
});
const gateway = new tls.LocallySignedCert("gateway", {
  certRequestPem: request.certRequestPem,
  caPrivateKeyPem: rootKey.privateKeyPem,
  caCertPem: root.certPem,
  allowedUses: ["digital_signature", "client_auth"],
  validityPeriodHours: HOURS_PER_YEAR,
});

const org = new TrustAnchors("org", {
  anchors: { "corp-root-2026": root.certPem },
  requiredClients: [gateway.certPem],
});

export const certificateIds = org.certificateIds;
/** What the gateway presents; the key is a secret in the stack's state. */
export const gatewayCertificate = gateway.certPem;
export const gatewayPrivateKey = gatewayKey.privateKeyPem;
