/**
 * Anchors from Secrets of cert-manager, one generation of a CA each, as `namespace/name`:
 *
 *     pulumi config set --path secrets.corp-root-2026 cert-manager/corp-root-2026
 *
 * `key` is ca.crt, which is the root of what the Secret holds; of a CA's own Secret, tls.crt is the same. cert-manager renews a CA
 * in place, under the same name: give each generation a Certificate and a Secret of its own.
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TrustAnchors } from "pulumi-openai-certificates";

const config = new pulumi.Config();
const key = config.get("key") ?? "ca.crt";
const secrets = config.requireObject<Record<string, string>>("secrets");

function certificateIn(name: string, id: string): pulumi.Output<string> {
  const { data } = kubernetes.core.v1.Secret.get(name, id);
  // A certificate is public; without unsecret, state and plans would treat it as a secret because of where it comes from.
  return pulumi.unsecret(data).apply((entries) => {
    const encoded = entries[key];
    if (encoded === undefined) throw new Error(`the Secret ${id} has no ${key}`);
    return Buffer.from(encoded, "base64").toString("utf8");
  });
}

const anchors = Object.fromEntries(
  Object.entries(secrets).map(([name, id]) => [name, { certificate: certificateIn(name, id) }]),
);

export const certificateIds = new TrustAnchors("organization", { anchors }).certificateIds;
