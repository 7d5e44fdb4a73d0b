import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CertificateActivation, TrustAnchors } from "pulumi-openai-certificates";

const config = new pulumi.Config();
/** What the clients that must keep working present. Refused: a change that would lock one out, and a file without a chain. */
const requiredClients = fs
  .readdirSync("clients")
  .filter((file) => file !== "README.md" && !file.startsWith("."))
  .map((file) => fs.readFileSync(`clients/${file}`, "utf8"));

const pilot = new TrustAnchors("pilot", {
  anchors: "anchors",
  projectIds: { pilot: config.require("pilotProject") },
  requiredClients,
});

// Later the same set everywhere: `pulumi config set wholeOrganization true`. The activation stays on the way back, with an
// empty set: taking it out of the program would leave the organization's set as it is.
const wholeOrganization = config.getBoolean("wholeOrganization") ?? false;
new CertificateActivation(
  "organization",
  {
    certificateIds: wholeOrganization ? [...pilot.activeCertificateIds] : [],
    allowEmpty: !wholeOrganization,
    requiredClients,
  },
  { dependsOn: pilot },
);

export const certificateIds = pilot.certificateIds;
