import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CertificateActivation, TrustAnchors } from "pulumi-openai-certificates";

const config = new pulumi.Config();
/** What the clients that must go on working present. A change that would lock one of them out is refused. */
const requiredClients = fs
  .readdirSync("clients")
  .filter((file) => file.endsWith(".pem"))
  .map((file) => fs.readFileSync(`clients/${file}`, "utf8"));

const pilot = new TrustAnchors("pilot", {
  anchors: "anchors",
  projectIds: { pilot: config.require("pilotProject") },
  requiredClients,
});

// Later the same set everywhere: `pulumi config set wholeOrganization true`.
const active = pilot.activations["pilot"]?.certificateIds;
if (config.getBoolean("wholeOrganization") && active !== undefined) {
  new CertificateActivation("organization", { certificateIds: active, requiredClients });
}

export const certificateIds = pilot.certificateIds;
