import * as fs from "node:fs";
import { getCertificatesOutput, TrustAnchors } from "pulumi-openai-certificates";

// A folder for each organization of openai:organizations.
const organizations = fs.readdirSync("anchors");

const anchors = organizations.map(
  (organization) => new TrustAnchors(organization, { anchors: `anchors/${organization}`, organization }),
);

export const certificateIds = Object.fromEntries(
  anchors.map((one, index) => [organizations[index], one.certificateIds]),
);

/** Everything each organization holds, from this program or not. */
export const inventory = Object.fromEntries(
  organizations.map((organization) => [organization, getCertificatesOutput({ organization })]),
);
