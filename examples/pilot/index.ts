import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation, ProjectCertificateActivation } from "pulumi-openai-certificates";

const config = new pulumi.Config();
const pilotProject = config.require("pilotProject");
const wholeOrganization = config.getBoolean("wholeOrganization") ?? false;
/** Chains of the clients that must keep working, in the pilot and later everywhere: leaf first, no keys. */
const requiredClients = [fs.readFileSync("clients/gateway.pem", "utf8")];

const root = new Certificate("corp-root-2026", { certificate: fs.readFileSync("anchors/corp-root-2026.pem", "utf8") });
const certificateIds = [root.id];
// For throw-away stacks only: every deletion of an activation then deactivates what it lists.
const deactivateOnDelete = config.getBoolean("deactivateOnDelete") ?? false;

const pilot = new ProjectCertificateActivation("pilot", {
  projectId: pilotProject,
  certificateIds,
  requiredClients,
  deactivateOnDelete,
});
// The organization only after the pilot, also within one run. The activation stays on the way back, with an empty set:
// taking it out of the program would leave the organization's set as it is.
const organization = new CertificateActivation(
  "organization",
  {
    certificateIds: wholeOrganization ? certificateIds : [],
    allowEmpty: !wholeOrganization,
    requiredClients,
    deactivateOnDelete,
  },
  { dependsOn: pilot },
);

export const activeInPilot = pilot.certificateIds;
export const activeInOrganization = organization.certificateIds;
