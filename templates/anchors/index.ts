import * as fs from "node:fs";
import { TrustAnchors } from "pulumi-openai-certificates";

/** What the clients that must keep working present. A change that would lock one of them out is refused. */
const requiredClients = fs
  .readdirSync("clients")
  .filter((file) => file.endsWith(".pem"))
  .map((file) => fs.readFileSync(`clients/${file}`, "utf8"));

const org = new TrustAnchors("org", { anchors: "anchors", requiredClients });

export const certificateIds = org.certificateIds;
