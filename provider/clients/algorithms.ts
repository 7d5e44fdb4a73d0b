import type { Facts } from "./facts";
import { publicKeyOf } from "./publicKey";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

const RSA = "300d06092a864886f70d0101010500";
const KEYS: Readonly<Record<string, string>> = {
  "301306072a8648ce3d020106082a8648ce3d030107": "P-256",
  "301006072a8648ce3d020106052b81040022": "P-384",
  "301006072a8648ce3d020106052b81040023": "P-521",
  "300506032b6570": "Ed25519",
};

/** RSASSA-PSS with one hash for everything and a salt as long as that hash: what Go and webpki take. */
function pss(hash: "01" | "02" | "03", saltLength: "20" | "30" | "40"): string {
  const sha = `300d06096086480165030402${hash}0500`;
  return `304106092a864886f70d01010a3034a00f${sha}a11c301a06092a864886f70d010108${sha}a2030201${saltLength}`;
}

const ECDSA_WITH_SHA_512 = "300a06082a8648ce3d040304";

// Whole AlgorithmIdentifiers, so that nothing has to be said about odd parameters.
const SIGNATURES = new Set([
  "300d06092a864886f70d01010b0500", // RSA with SHA-256, SHA-384, SHA-512
  "300d06092a864886f70d01010c0500",
  "300d06092a864886f70d01010d0500",
  "300a06082a8648ce3d040302", // ECDSA with the same
  "300a06082a8648ce3d040303",
  ECDSA_WITH_SHA_512,
  "300506032b6570", // Ed25519
  pss("01", "20"),
  pss("02", "30"),
  pss("03", "40"),
]);

// Only to name what is refused.
const OLD_SIGNATURES: Readonly<Record<string, string>> = {
  "06092a864886f70d010104": "MD5",
  "06092a864886f70d010105": "SHA-1",
  "06072a8648ce3d0401": "SHA-1",
};

/** Why a certificate's key cannot be relied on; undefined where all mainstream verifiers take it. */
export function keyProblem({ keyAlgorithm, keyBits, x509 }: Facts, name: string): Problem | undefined {
  const algorithm = keyAlgorithm.toString("hex");
  const kind = KEYS[algorithm];
  if (kind === undefined && algorithm !== RSA) {
    return refusedBySome("key", `${name} has a key other than plain RSA, P-256, P-384, P-521 and Ed25519`);
  }
  const key = publicKeyOf(x509);
  if (!key) return refusedByAll("key", `${name} has a key that cannot be read`);
  if (kind === undefined) return rsaProblem(key.asymmetricKeyDetails ?? {}, name);
  // 4 is the uncompressed form of a point, the only one that Go reads.
  if (kind !== "Ed25519" && keyBits[0] !== 4) return refusedBySome("key", `${name} has a key in compressed form`);
  return undefined;
}

function rsaProblem(
  { modulusLength = 0, publicExponent = 0n }: { modulusLength?: number; publicExponent?: bigint },
  name: string,
): Problem | undefined {
  if (modulusLength < 2048) return refusedBySome("key", `${name} has an RSA key of ${modulusLength} bits, below 2048`);
  if (modulusLength > 8192 || modulusLength % 8 !== 0) {
    return refusedBySome("key", `${name} has an RSA key of ${modulusLength} bits, which not every verifier takes`);
  }
  // Go's crypto/rsa and ring: odd, at least 3, and in 31 bits.
  const isUsual = publicExponent >= 3n && publicExponent < 2n ** 31n && publicExponent % 2n === 1n;
  return isUsual ? undefined : refusedBySome("key", `${name} has an RSA key with an unusual exponent`);
}

/** Why the algorithm that signed a certificate is not relied on. */
export function signatureProblem({ signature }: Facts, name: string): Problem | undefined {
  if (!signature) {
    return refusedBySome("signature-algorithm", `${name} names two different algorithms for its own signature`);
  }
  const algorithm = signature.toString("hex");
  if (SIGNATURES.has(algorithm)) return undefined;
  const old = Object.entries(OLD_SIGNATURES).find(([prefix]) => algorithm.includes(prefix))?.[1];
  if (old === "MD5") return refusedByAll("signature-algorithm", `${name} is signed with MD5`);
  return refusedBySome(
    "signature-algorithm",
    `${name} is signed with ${old ?? "an algorithm that is not in common use"}`,
  );
}

/** Why a signature is not relied on, although its algorithm and the key that made it are, each by itself. */
export function pairingProblem({ signature }: Facts, { keyAlgorithm }: Facts, name: string): Problem | undefined {
  const kind = KEYS[keyAlgorithm.toString("hex")];
  // rustls gives webpki SHA-512 for P-521 only (src/crypto/aws_lc_rs/mod.rs).
  const isOdd = (kind === "P-256" || kind === "P-384") && signature?.toString("hex") === ECDSA_WITH_SHA_512;
  return isOdd ? refusedBySome("signature-algorithm", `${name} is signed with SHA-512 by a ${kind} key`) : undefined;
}
