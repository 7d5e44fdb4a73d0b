/**
 * Anchors from HashiCorp Vault's PKI. `issuers` names them by issuer id, since what "default" or an issuer's name stands for
 * may move to the next generation, and then the anchor would be replaced without an overlap:
 *
 *     pulumi config set --path issuers.corp-root-2026 5f9a1c0e-…   # vault list pki/issuers
 */
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";
import { TrustAnchors } from "pulumi-openai-certificates";

const config = new pulumi.Config();
const backend = config.get("backend") ?? "pki";
const issuers = config.requireObject<Record<string, string>>("issuers");

const anchors = Object.fromEntries(
  Object.entries(issuers).map(([name, issuerRef]) => [
    name,
    { certificate: vault.pkisecret.getBackendIssuerOutput({ backend, issuerRef }).certificate },
  ]),
);

export const certificateIds = new TrustAnchors("organization", { anchors }).certificateIds;
