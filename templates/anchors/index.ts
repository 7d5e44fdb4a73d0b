import * as fs from "node:fs";
import { TrustAnchors } from "pulumi-openai-certificates";

/** What the clients that must keep working present. Refused: a change that would lock one out, and a file without a chain. */
const requiredClients = fs
  .readdirSync("clients")
  .filter((file) => file !== "README.md" && !file.startsWith("."))
  .map((file) => fs.readFileSync(`clients/${file}`, "utf8"));

const org = new TrustAnchors("org", { anchors: "anchors", requiredClients });

export const certificateIds = org.certificateIds;
