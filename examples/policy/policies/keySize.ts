import type { X509Certificate } from "node:crypto";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { validateAnchors } from "../anchor";

/** Bits of the curves that certificates use, by OpenSSL's names. */
const CURVES: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

/** Bits; below them a key can be expected to be broken within an anchor's life. */
export const keySize: ResourceValidationPolicy = {
  name: "key-size",
  description: "A trust anchor's key is RSA of at least 2048 bits (rsaBits), EC of at least 256 (ecBits), or Ed25519.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      rsaBits: { type: "integer", minimum: 2048, default: 2048 },
      ecBits: { type: "integer", minimum: 256, default: 256 },
    },
  },
  validateResource: validateAnchors((certificate, args) => {
    const { rsaBits = 2048, ecBits = 256 } = args.getConfig<{ rsaBits?: number; ecBits?: number }>();
    return problemOf(certificate, rsaBits, ecBits);
  }),
};

function problemOf(certificate: X509Certificate, rsaBits: number, ecBits: number): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKeyOf(certificate) ?? {};
  switch (type) {
    case "ed25519":
      return undefined;
    case "rsa":
      return tooSmall("RSA", details?.modulusLength, rsaBits);
    case "ec":
      return tooSmall("EC", CURVES[details?.namedCurve ?? ""], ecBits);
    default:
      return `has a key of the type ${type ?? "unknown"}; use RSA, EC or Ed25519`;
  }
}

/** Node throws where OpenSSL does not know the kind of key. */
function publicKeyOf(certificate: X509Certificate): X509Certificate["publicKey"] | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

function tooSmall(type: string, bits: number | undefined, least: number): string | undefined {
  if (bits !== undefined && bits >= least) {
    return undefined;
  }
  return `has an ${type} key of ${bits ?? "an unknown number of"} bits; the minimum is ${least}`;
}
