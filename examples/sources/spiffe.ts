/**
 * Anchors from a SPIFFE trust bundle, from its endpoint (profile https_web): all authorities in it, so that one that is prepared is
 * active before it signs, and one that has gone is retired. Set requiredClients, so that this locks out nobody who still needs it.
 *
 *     pulumi config set bundle https://spire.example.com/bundle
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { TrustAnchors } from "pulumi-openai-certificates";

interface Bundle {
  keys?: { use?: string; x5c?: string[] }[];
}

const url = new pulumi.Config().require("bundle");

/** By the beginning of its fingerprint, since authorities in a bundle have no names. */
async function authorities(): Promise<Record<string, { certificate: string }>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`);
  const { keys = [] } = (await response.json()) as Bundle;
  const found = keys.filter(({ use }) => use === "x509-svid").flatMap(({ x5c }) => x5c?.[0] ?? []);
  if (found.length === 0) throw new Error(`the bundle at ${url} has no X.509 authority`);
  return Object.fromEntries(
    found.map((base64) => {
      const fingerprint = createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex");
      const lines = base64.match(/.{1,64}/g) ?? [];
      const certificate = `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
      return [`spiffe-${fingerprint.slice(0, 12)}`, { certificate }];
    }),
  );
}

// Which anchors there are decides which resources there are, so the program waits for them.
export = async () => ({
  certificateIds: new TrustAnchors("organization", { anchors: await authorities() }).certificateIds,
});
