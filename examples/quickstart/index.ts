import * as fs from "node:fs";
import { rootCertificates } from "node:tls";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";

// Your authority's certificate; without ANCHOR_FILE, one of Node's own trust anchors to try this out on the emulator.
const file = process.env.ANCHOR_FILE;
const certificate = file === undefined ? rootCertificates[rootCertificates.length - 1] : fs.readFileSync(file, "utf8");

const root = new Certificate("corp-root-2026", { certificate: certificate ?? "" });
const org = new CertificateActivation("org", {
  certificateIds: [root.id],
  // So that `pulumi destroy` can clean up after trying this out: without it, deleting this resource leaves the set as it is.
  deactivateOnDelete: file === undefined,
});

export const certificateId = root.id;
export const expiresAt = root.expiresAt;
export const active = org.certificateIds;
