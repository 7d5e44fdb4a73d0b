import { X509Certificate } from "node:crypto";
import { distinguishedName } from "../../../emulator/x509";
import { anchorWarnings, judgePresented } from "../../../provider/clients";
import {
  certificate,
  type Digest,
  type Draft,
  type Key,
  type KeyKind,
  makeKey,
  pemOf,
} from "../../support/chains/maker";

const NOW = new Date();

/** A root with a key of this kind, and a client that it signed with this digest. */
function signed(kind: KeyKind, digest: Digest): { root: Draft; leaf: Draft } {
  const root = certificate(distinguishedName("Root"), makeKey(kind), undefined, true, NOW);
  const leaf = certificate(distinguishedName("client"), makeKey("p256"), root, false, NOW);
  return { root, leaf: { ...leaf, digest } };
}

function judged({ root, leaf }: { root: Draft; leaf: Draft }): string {
  const presented = [new X509Certificate(pemOf(leaf))];
  const judgement = judgePresented(presented, [{ id: "cert_0", name: null, pem: pemOf(root) }], NOW);
  return judgement.accepted ? "accepted" : `${judgement.rule}: ${judgement.reason}`;
}

describe("a signature with SHA-512", () => {
  it.each([
    ["p256", "P-256"],
    ["p384", "P-384"],
  ] as const)("by a %s key is not relied on, because rustls does not take it", (kind, name) => {
    expect(judged(signed(kind, "sha512"))).toMatch(
      `signature-algorithm: the leaf is signed with SHA-512 by a ${name} key`,
    );
  });

  it.each([
    ["p521", "sha512"],
    ["rsa2048", "sha512"],
    ["p256", "sha384"],
    ["p384", "sha256"],
  ] as const)("is nothing to hold against %s with %s", (kind, digest) => {
    expect(judged(signed(kind, digest))).toBe("accepted");
  });
});

describe("a key that nobody can read", () => {
  /** The key of another certificate in place of its own: an RSA key that is no SEQUENCE, a point that is not on its curve. */
  const damaged = (key: Key): Key => ({ ...key, spki: damage(key) });
  const damage = ({ kind, spki }: Key) => {
    const copy = Buffer.from(spki);
    const at = copy.indexOf(kind === "rsa2048" ? Buffer.of(0, 0x30) : Buffer.of(0, 4)) + 1;
    copy.fill(0xff, kind === "rsa2048" ? at : at + 1);
    return copy;
  };

  it.each(["rsa2048", "p256"] as const)("is a reason to refuse a client with it, and ends nothing (%s)", (kind) => {
    const { root } = signed("p256", "sha256");
    const leaf = certificate(distinguishedName("client"), damaged(makeKey(kind)), root, false, NOW);
    expect(judged({ root, leaf })).toBe("key: the leaf has a key that cannot be read");
  });

  it.each(["rsa2048", "p256"] as const)("is a warning about an anchor with it (%s)", (kind) => {
    const root = certificate(distinguishedName("Root"), damaged(makeKey(kind)), undefined, true, NOW);
    expect(anchorWarnings(pemOf(root))).toEqual([
      "has a key that cannot be read, so as a trust anchor it may accept no client",
    ]);
  });
});

describe("a key that is too short", () => {
  it("is a reason to refuse whoever presents it, also in a certificate that no path needs, as Go has it", () => {
    const { root, leaf } = signed("p256", "sha256");
    const stranger = certificate(distinguishedName("Stranger"), makeKey("rsa1024"), undefined, true, NOW);
    const presented = [leaf, stranger].map((draft) => new X509Certificate(pemOf(draft)));
    expect(judgePresented(presented, [{ id: "cert_0", name: null, pem: pemOf(root) }], NOW)).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('its intermediate "CN=Stranger" has an RSA key of 1024 bits, below 2048'),
    });
  });
});

describe("a date that does not exist", () => {
  const ending = (text: string) => {
    const { root, leaf } = signed("p256", "sha256");
    return judged({
      root,
      leaf: { ...leaf, notAfter: Buffer.concat([Buffer.of(0x17, text.length), Buffer.from(text)]) },
    });
  };

  it.each(["490230000000Z", "490101240000Z", "491301000000Z"])("cannot be read, as Go has it: %s", (text) => {
    expect(ending(text)).toMatch("encoding: the leaf cannot be validated");
  });

  it("is told from one that does", () => {
    expect(ending("480229235959Z")).toBe("accepted");
  });
});
