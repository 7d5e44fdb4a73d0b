import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as openai from "pulumi-openai-certificates-native";

/** One trust anchor, uploaded and made the active set. */
export async function program(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const root = new openai.Certificate("corp-root", {
    certificate: fs.readFileSync("anchors/corp-root.pem", "utf8"),
  });
  const org = new openai.CertificateActivation("org", {
    certificateIds: [root.id],
    deactivateOnDelete: config.getBoolean("deactivateOnDelete") ?? false,
  });

  // Functions read what nothing declares.
  const uploaded = openai.getCertificateOutput({ id: root.id });
  const { certificates: inactive } = await openai.getCertificates({ active: false });
  return {
    certificateId: root.id,
    expiresAt: root.expiresAt,
    active: org.certificateIds,
    fingerprint: uploaded.fingerprint,
    notActive: inactive.map(({ name }) => name),
  };
}
