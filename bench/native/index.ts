import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** What an SDK that Pulumi generates from the plugin's schema comes to. */
class Native extends pulumi.CustomResource {
  constructor(type: string, name: string, args: pulumi.Inputs) {
    super(`openai-certificates:index:${type}`, name, args);
  }
}

const certificates = readdirSync("anchors").map(
  (name) => new Native("Certificate", name, { name, certificate: readFileSync(`anchors/${name}`, "utf8") }),
);
const certificateIds = certificates.map(({ id }) => id);
new Native("CertificateActivation", "org", { certificateIds, deactivateOnDelete: true });
