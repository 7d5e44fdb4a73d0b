import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { createAuthority } from "../../../emulator";
import { distinguishedName } from "../../../emulator/x509";
import { anchorIsAuthority } from "../../../examples/policy/policies/anchorIsAuthority";
import { keyIdentifiers } from "../../../examples/policy/policies/keyIdentifiers";
import { keySize } from "../../../examples/policy/policies/keySize";
import { minimumValidity } from "../../../examples/policy/policies/minimumValidity";
import { signatureAlgorithm } from "../../../examples/policy/policies/signatureAlgorithm";
import { signsCertificates } from "../../../examples/policy/policies/signsCertificates";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { certificate as makeCertificate, makeKey, pemOf } from "../../support/chains/maker";
import { type SigningKey, selfSigned } from "./certificates";
import { judgeResource, withUnknowns } from "./judge";

const DAY_MS = 24 * 60 * 60 * 1000;
const EVERY = [anchorIsAuthority, signsCertificates, keyIdentifiers, keySize, signatureAlgorithm, minimumValidity];

const anchor = (certificate: string) => ({ props: { certificate, name: "corp-root-2026" } });
/** Half a day more, so that the days left are the same all day long. */
const endingIn = (days: number) =>
  createAuthority({ notAfter: new Date(Date.now() + (days + 0.5) * DAY_MS), algorithm: "ed25519" });

describe("policies on one anchor", () => {
  it.each(["ecdsa-p256", "ed25519", "rsa-2048"] as const)("let an authority with a key %s pass", async (algorithm) => {
    const { certificate } = await createAuthority({ algorithm });
    expect(EVERY.flatMap((policy) => judgeResource(policy, anchor(certificate)))).toEqual([]);
  });

  it("read every trust anchor that Node ships, and find each to be an authority with a key of decent size", () => {
    for (const certificate of realAnchors(100)) {
      expect(judgeResource(anchorIsAuthority, anchor(certificate))).toEqual([]);
      expect(judgeResource(signsCertificates, anchor(certificate))).toEqual([]);
      expect(judgeResource(keySize, anchor(certificate))).toEqual([]);
      expect(judgeResource(signatureAlgorithm, anchor(certificate)).join()).not.toMatch(/unknown algorithm/);
    }
  });

  it("refuse a client's certificate as an anchor, by name, and say what to upload instead", async () => {
    const authority = await createAuthority();
    const { certificate } = await authority.client();
    expect(judgeResource(anchorIsAuthority, anchor(certificate))).toEqual([
      expect.stringMatching(
        /^"corp-root-2026" is not the certificate of an authority .*upload the certificate that issued it/,
      ),
    ]);
  });

  it("refuse an authority that must not sign certificates; one without any Key Usage may", async () => {
    const digitalSignature = { oid: "2.5.29.15", critical: true, der: Buffer.from("03020780", "hex") };
    const cannot = await createAuthority({ omit: ["keyUsage"], extensions: [digitalSignature] });
    expect(judgeResource(signsCertificates, anchor(cannot.certificate))).toEqual([
      expect.stringMatching(
        /^"corp-root-2026" must not sign certificates \(its Key Usage lacks keyCertSign\), so it accepts/,
      ),
    ]);
    const may = await createAuthority({ omit: ["keyUsage"] });
    expect(judgeResource(signsCertificates, anchor(may.certificate))).toEqual([]);
  });

  it("advise against an anchor without the key identifiers that its clients are matched by", async () => {
    const root = await createAuthority({ omit: ["subjectKeyIdentifier", "authorityKeyIdentifier"] });
    expect(judgeResource(keyIdentifiers, anchor(root.certificate))).toEqual([
      expect.stringMatching(/^"corp-root-2026" has no Subject Key Identifier, so it may accept no client/),
    ]);
    const below = await (await createAuthority()).intermediate({ omit: ["authorityKeyIdentifier"] });
    expect(judgeResource(keyIdentifiers, anchor(below.certificate))).toEqual([
      expect.stringMatching(/has no Authority Key Identifier, so/),
    ]);
    expect(keyIdentifiers.enforcementLevel).toBe("advisory");
  });

  it.each<[string, SigningKey, object, string | undefined]>([
    [
      "RSA of 1024 bits",
      { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024 },
      {},
      "an RSA key of 1024 bits; the minimum is 2048",
    ],
    ["RSA of 2048 bits", { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 }, {}, undefined],
    [
      "RSA below what is configured",
      { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 },
      { rsaBits: 3072 },
      "an RSA key of 2048 bits; the minimum is 3072",
    ],
    [
      "P-256 where 384 are configured",
      { name: "ECDSA", namedCurve: "P-256" },
      { ecBits: 384 },
      "an EC key of 256 bits",
    ],
    ["P-384 where 384 are configured", { name: "ECDSA", namedCurve: "P-384" }, { ecBits: 384 }, undefined],
  ])("judge the key: %s", async (_, key, config, problem) => {
    const said = judgeResource(keySize, anchor(await selfSigned(key, "SHA-256")), config);
    expect(said).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  it.each<[string, SigningKey, "SHA-1" | "SHA-512", string | undefined]>([
    [
      "SHA-1 with RSA",
      { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 },
      "SHA-1",
      "is signed with sha1; allowed are sha256",
    ],
    ["SHA-1 with RSA-PSS", { name: "RSA-PSS", modulusLength: 2048 }, "SHA-1", "is signed with sha1"],
    ["SHA-1 with ECDSA", { name: "ECDSA", namedCurve: "P-256" }, "SHA-1", "is signed with sha1"],
    ["SHA-512 with RSA-PSS", { name: "RSA-PSS", modulusLength: 2048 }, "SHA-512", undefined],
    ["SHA-512 with ECDSA", { name: "ECDSA", namedCurve: "P-384" }, "SHA-512", undefined],
  ])("judge the signature: %s", async (_, key, hash, problem) => {
    const said = judgeResource(signatureAlgorithm, anchor(await selfSigned(key, hash)));
    expect(said).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  it.each([
    ["ed448", generateKeyPairSync("ed448")],
    ["rsa-pss", generateKeyPairSync("rsa-pss", { modulusLength: 2048 })],
  ])("refuse a key that not every verifier reads: %s", (type, { publicKey }) => {
    const [key, spki] = [makeKey("p256"), publicKey.export({ type: "spki", format: "der" })];
    const draft = makeCertificate(distinguishedName("Root"), key, undefined, true, new Date());
    expect(judgeResource(keySize, anchor(pemOf({ ...draft, key: { ...key, spki } })))).toEqual([
      `"corp-root-2026" has a key of the type ${type}; use RSA, EC or Ed25519`,
    ]);
  });

  it("refuse a key of a kind that OpenSSL does not know", async () => {
    const { raw } = new X509Certificate((await createAuthority({ algorithm: "ed25519" })).certificate);
    const unheardOf = Buffer.from(raw.toString("hex").replaceAll("06032b6570", "06032b657f"), "hex");
    expect(judgeResource(keySize, anchor(new X509Certificate(unheardOf).toString()))).toEqual([
      '"corp-root-2026" has a key of the type unknown; use RSA, EC or Ed25519',
    ]);
  });

  it("refuse a signature that not every verifier checks: Ed448", async () => {
    const { raw } = new X509Certificate((await createAuthority({ algorithm: "ed25519" })).certificate);
    const ed448 = Buffer.from(raw.toString("hex").replaceAll("06032b6570", "06032b6571"), "hex");
    expect(judgeResource(signatureAlgorithm, anchor(new X509Certificate(ed448).toString()))).toEqual([
      '"corp-root-2026" is signed with ed448; allowed are sha256, sha384, sha512, ed25519',
    ]);
  });

  it("allow only the signatures that are configured", async () => {
    const { certificate } = await createAuthority({ algorithm: "ed25519" });
    expect(judgeResource(signatureAlgorithm, anchor(certificate), { allowed: ["sha256"] })).toEqual([
      '"corp-root-2026" is signed with ed25519; allowed are sha256',
    ]);
  });

  it("advise, and do not refuse, when an anchor is valid for less than 90 days, or than is configured", async () => {
    const { certificate } = await endingIn(60);
    expect(judgeResource(minimumValidity, anchor(certificate))).toEqual([
      '"corp-root-2026" is valid for 60 more days, less than 90: prepare its successor',
    ]);
    expect(judgeResource(minimumValidity, anchor(certificate), { days: 60 })).toEqual([]);
    expect(minimumValidity.enforcementLevel).toBe("advisory");
  });

  it("leave other resources alone, and unreadable PEMs to the provider", () => {
    for (const policy of EVERY) {
      expect(judgeResource(policy, { type: "aws:s3/bucket:Bucket", props: { certificate: "none" } })).toEqual([]);
      expect(judgeResource(policy, anchor("no certificate"))).toEqual([]);
    }
  });

  it("let the SDK say that a certificate which is not known yet is judged during the update", () => {
    const props = withUnknowns({ certificate: UNKNOWN });
    expect(() => judgeResource(keySize, { props })).toThrow("can't be known during preview");
  });
});
