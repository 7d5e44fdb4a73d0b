/**
 * Anchors from AWS Private CA, one authority each:
 *
 *     pulumi config set --path authorities.corp-root-2026 arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/…
 *
 * The permission acm-pca:GetCertificateAuthorityCertificate is enough. For the next generation make another authority: renewing one
 * under the same ARN changes the anchor's content, and so replaces it without an overlap.
 */
import { ACMPCAClient, GetCertificateAuthorityCertificateCommand } from "@aws-sdk/client-acm-pca";
import * as pulumi from "@pulumi/pulumi";
import { TrustAnchors } from "pulumi-openai-certificates";

const authorities = new pulumi.Config().requireObject<Record<string, string>>("authorities");
// Region and credentials as the AWS SDK finds them: AWS_REGION, and a role by OIDC in a pipeline.
const client = new ACMPCAClient({});

async function certificateOf(CertificateAuthorityArn: string): Promise<string> {
  const { Certificate } = await client.send(new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn }));
  if (Certificate === undefined) throw new Error(`${CertificateAuthorityArn} has no certificate yet`);
  return Certificate;
}

const anchors = Object.fromEntries(
  Object.entries(authorities).map(([name, arn]) => [name, { certificate: pulumi.output(certificateOf(arn)) }]),
);

export const certificateIds = new TrustAnchors("organization", { anchors }).certificateIds;
