import type { X509Certificate } from "node:crypto";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { Certificate, RSASSAPSSParams } from "pkijs";
import { validateAnchors } from "../anchor";

/** RFC 3279, 4055, 5758 and 8410: what a signature algorithm hashes with. EdDSA names itself. */
const HASHES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5",
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.1": "sha1",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "1.3.101.112": "ed25519",
  "1.3.101.113": "ed448",
  // As the hash algorithm in the parameters of RSASSA-PSS.
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
const RSASSA_PSS = "1.2.840.113549.1.1.10";
const STRONG = ["sha256", "sha384", "sha512", "ed25519"];

export const signatureAlgorithm: ResourceValidationPolicy = {
  name: "signature-algorithm",
  description:
    "A trust anchor is signed with SHA-2 or Ed25519 (allowed). Nobody verifies a root's own signature, but an authority that signs itself with SHA-1 may sign its clients so too.",
  enforcementLevel: "mandatory",
  configSchema: { properties: { allowed: { type: "array", items: { type: "string" }, default: STRONG } } },
  validateResource: validateAnchors((certificate, args) => {
    const { allowed = STRONG } = args.getConfig<{ allowed?: string[] }>();
    const { oid, hash } = signatureOf(certificate);
    return hash !== undefined && allowed.includes(hash)
      ? undefined
      : `is signed with ${hash ?? `an unknown algorithm (${oid})`}; allowed are ${allowed.join(", ")}`;
  }),
};

function signatureOf(certificate: X509Certificate): { oid: string; hash: string | undefined } {
  const { signatureAlgorithm: algorithm } = Certificate.fromBER(Uint8Array.from(certificate.raw));
  const oid =
    algorithm.algorithmId === RSASSA_PSS
      ? new RSASSAPSSParams({ schema: algorithm.algorithmParams }).hashAlgorithm.algorithmId
      : algorithm.algorithmId;
  return { oid, hash: HASHES[oid] };
}
