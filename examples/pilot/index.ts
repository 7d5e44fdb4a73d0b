import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Certificate, CertificateActivation, ProjectCertificateActivation } from "pulumi-openai-certificates";

const config = new pulumi.Config();
const pilotProject = config.require("pilotProject");
const wholeOrganization = config.getBoolean("wholeOrganization") ?? false;
/** Chains of the clients that must go on working, in the pilot and later everywhere: leaf first, no keys. */
const requiredClients = [fs.readFileSync("clients/gateway.pem", "utf8")];

const root = new Certificate("corp-root-2026", { certificate: fs.readFileSync("anchors/corp-root-2026.pem", "utf8") });
const set = { certificateIds: [root.id], requiredClients };

const pilot = new ProjectCertificateActivation("pilot", { ...set, projectId: pilotProject });
// The organization only after the pilot, also within one run.
const organization = wholeOrganization
  ? new CertificateActivation("organization", set, { dependsOn: pilot })
  : undefined;

export const activeInPilot = pilot.certificateIds;
export const activeInOrganization = organization?.certificateIds ?? [];
