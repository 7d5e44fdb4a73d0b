import * as fs from "node:fs";
import { TrustAnchors } from "pulumi-openai-certificates";

// What the clients that must keep working present. A change of files or dates that would lock one out is refused.
const requiredClients = fs
  .readdirSync("clients")
  .filter((file) => !file.startsWith("."))
  .map((file) => fs.readFileSync(`clients/${file}`, "utf8"));

const org = new TrustAnchors("org", { anchors: "anchors", requiredClients });

export const certificateIds = org.certificateIds;
export const active = org.activations.organization?.certificateIds;
