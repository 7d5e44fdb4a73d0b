import { readdirSync, readFileSync } from "node:fs";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";

const certificates = readdirSync("anchors").map(
  (name) => new Certificate(name, { name, certificate: readFileSync(`anchors/${name}`, "utf8") }),
);
// `destroy` ends with nothing active, as it does with the plain provider.
new CertificateActivation("org", { certificateIds: certificates.map(({ id }) => id), deactivateOnDelete: true });
