import { webcrypto, X509Certificate } from "node:crypto";
import * as pkijs from "pkijs";

/** As WebCrypto names them. */
export type SigningKey =
  | { readonly name: "RSASSA-PKCS1-v1_5" | "RSA-PSS"; readonly modulusLength: number }
  | { readonly name: "ECDSA"; readonly namedCurve: "P-256" | "P-384" };

/** A self-signed certificate with keys and signatures that no authority of today should have, as PEM. */
export async function selfSigned(key: SigningKey, hash: "SHA-1" | "SHA-256" | "SHA-512"): Promise<string> {
  const algorithm = { ...key, hash, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey, publicKey } = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as {
    privateKey: webcrypto.CryptoKey;
    publicKey: webcrypto.CryptoKey;
  };
  const certificate = new pkijs.Certificate();
  certificate.version = 2; // X.509 v3
  certificate.serialNumber.valueBlock.fromBER(new Uint8Array([1]).buffer, 0, 1);
  certificate.notBefore.value = new Date(Date.now() - 1000);
  certificate.notAfter.value = new Date("2049-01-01T00:00:00Z");
  certificate.extensions = [
    new pkijs.Extension({
      extnID: "2.5.29.19",
      critical: true,
      extnValue: new pkijs.BasicConstraints({ cA: true }).toSchema().toBER(),
    }),
  ];
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  await certificate.sign(privateKey, hash);
  const base64 = Buffer.from(certificate.toSchema().toBER()).toString("base64");
  const pem = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  // Policies pass what they cannot read, which would prove nothing.
  return new X509Certificate(pem).toString();
}
