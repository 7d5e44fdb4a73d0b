/**
 * Anchors from step-ca, each by the SHA-256 fingerprint of its root, as `step certificate fingerprint root_ca.crt` prints it:
 *
 *     pulumi config set authority https://ca.example.com:9000
 *     pulumi config set --path roots.corp-root-2026 6b1e…
 */
import { X509Certificate } from "node:crypto";
import * as https from "node:https";
import { json } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import { TrustAnchors } from "pulumi-openai-certificates";

const config = new pulumi.Config();
const authority = config.require("authority");
const roots = config.requireObject<Record<string, string>>("roots");

/**
 * The root that has this fingerprint. The connection cannot be verified before its root is known, so what comes is verified by
 * the fingerprint instead, as `step ca bootstrap` does.
 */
async function rootOf(fingerprint: string): Promise<string> {
  const url = new URL(authority);
  url.pathname = `root/${fingerprint}`;
  const { ca } = await new Promise<{ ca?: string }>((resolve, reject) => {
    const request = https.get(url, { rejectUnauthorized: false, timeout: 30_000 }, (response) => {
      if (response.statusCode === 200) return resolve(json(response) as Promise<{ ca?: string }>);
      response.resume();
      return reject(new Error(`GET ${url}: ${response.statusCode}`));
    });
    request.once("timeout", () => request.destroy(new Error(`GET ${url}: no answer within 30 seconds`)));
    request.once("error", reject);
  });
  const found = new X509Certificate(ca ?? "").fingerprint256.replaceAll(":", "").toLowerCase();
  if (found !== fingerprint.toLowerCase()) throw new Error(`${url} answered with another certificate: ${found}`);
  return ca ?? "";
}

const anchors = Object.fromEntries(
  Object.entries(roots).map(([name, fingerprint]) => [name, { certificate: pulumi.output(rootOf(fingerprint)) }]),
);

export const certificateIds = new TrustAnchors("organization", { anchors }).certificateIds;
