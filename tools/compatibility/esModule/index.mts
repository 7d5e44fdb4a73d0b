import { readdir, readFile } from "node:fs/promises";
import { Certificate, CertificateActivation } from "pulumi-openai-certificates";

// Only an ES module may wait at its top level. This one is index.ts in the project that it is copied to.
const files = await readdir("anchors");
const anchors = await Promise.all(
  files.map(async (file) => new Certificate(file, { certificate: await readFile(`anchors/${file}`, "utf8") })),
);
const set = new CertificateActivation("org", {
  certificateIds: anchors.map(({ id }) => id),
  deactivateOnDelete: true,
});

export const active = set.certificateIds;
