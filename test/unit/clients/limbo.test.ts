import { X509Certificate } from "node:crypto";
import { distinguishedName } from "../../../emulator/x509";
import { judgePresented } from "../../../provider/clients";
import { certificate, type Draft, type Key, makeKey, pemOf, standard } from "../../support/chains/maker";

const NOW = new Date();
const name = distinguishedName;
const authority = (subject: Buffer, key: Key, issuer?: Draft) => certificate(subject, key, issuer, true, NOW);
/** The same certificate with another serial number, as often as wanted. */
const twins = (draft: Draft, count: number): Draft[] =>
  Array.from({ length: count }, (_, i) => ({ ...draft, serial: Buffer.of(0x10, i >> 8, i & 0xff) }));

/** The verdict on what is presented, and how many signatures had to be checked for it. */
function judged(presented: readonly Draft[], anchors: readonly Draft[]): { verdict: string; signatures: number } {
  const verify = jest.spyOn(X509Certificate.prototype, "verify");
  try {
    const chain = presented.map((draft) => new X509Certificate(pemOf(draft)));
    const contents = anchors.map((draft, i) => ({ id: `cert_${i}`, name: null, pem: pemOf(draft) }));
    const judgement = judgePresented(chain, contents, NOW);
    return {
      verdict: judgement.accepted ? judgement.via.join() : judgement.rule,
      signatures: verify.mock.calls.length,
    };
  } finally {
    verify.mockRestore();
  }
}

/** Cases of C2SP/x509-limbo (its pathlen and pathological suites), told again with certificates of our own, by their ids. */
describe("cases of x509-limbo", () => {
  let keys: Key[];
  let root: Draft;
  let leafOf: (issuer: Draft) => Draft;
  beforeAll(() => {
    keys = Array.from({ length: 12 }, () => makeKey("p256"));
    root = authority(name("Root"), keys[0]!);
    leafOf = (issuer) => certificate(name("client"), keys[11]!, issuer, false, NOW);
  });

  it.each([1, 6])("pathlen::max-chain-depth: accepts a client below %i intermediates", (depth) => {
    const chain = [root];
    for (let i = 1; i <= depth; i += 1) chain.unshift(authority(name(`CA ${i}`), keys[i]!, chain[0]));
    expect(judged([leafOf(chain[0]!), ...chain.slice(0, -1)], [root])).toEqual({
      verdict: "cert_0",
      signatures: depth + 1,
    });
  });

  it("pathlen: refuses the seventh intermediate, which webpki does not take", () => {
    const chain = [root];
    for (let i = 1; i <= 7; i += 1) chain.unshift(authority(name(`CA ${i}`), keys[i]!, chain[0]));
    expect(judged([leafOf(chain[0]!), ...chain.slice(0, -1)], [root]).verdict).toBe("path-length");
  });

  it("pathological::pathological-chain-same-subject-same-key: answers 100 interchangeable certificates at once", () => {
    const other = authority(name("Other"), keys[1]!);
    const presented = [leafOf(root), ...twins(root, 100)];
    const { verdict, signatures } = judged(presented, [other]);
    expect(verdict).not.toBe("cert_0");
    expect(signatures).toBeLessThan(10);
    expect(judged(presented, [root])).toEqual({ verdict: "cert_0", signatures: 1 });
  });

  it("pathological::pathological-chain-same-subject-distinct-key: checks a signature once for each at most", () => {
    const bare = (draft: Draft): Draft => ({
      ...draft,
      extensions: draft.extensions.filter(({ oid }) => !oid.equals(standard(14))),
    });
    const presented = [
      leafOf(root),
      ...keys.slice(1, 11).flatMap((key) => twins(bare(authority(name("Root"), key)), 10)),
    ];
    const { verdict, signatures } = judged(presented, [authority(name("Other"), keys[1]!)]);
    expect(verdict).toBe("signature");
    expect(signatures).toBeLessThan(10);
  });

  it("pathological: 50 active anchors of one name cost one signature each, for whom they could be meant", () => {
    const { verdict, signatures } = judged([leafOf(root), ...twins(root, 50)], twins(root, 50));
    expect(verdict.split(",")).toHaveLength(50);
    expect(signatures).toBe(50);
  });

  it("pathological: active anchors that are only presented cost no signature for the namesakes beside them", () => {
    const other = authority(name("Other"), keys[1]!);
    const namesakes = keys.slice(2, 11).flatMap((key) => twins(authority(name("Root"), key), 10));
    const { verdict, signatures } = judged([leafOf(root), other, ...namesakes], [root, ...twins(other, 49)]);
    expect({ verdict, signatures }).toEqual({ verdict: "cert_0", signatures: 1 });
  });

  it("pathological: a chain that leads nowhere is explained in few signatures, whatever else is presented", () => {
    const namesakes = keys.slice(2, 11).flatMap((key) => twins(authority(name("Root"), key), 30));
    const { verdict, signatures } = judged([leafOf(root), ...namesakes], [authority(name("Other"), keys[1]!)]);
    expect(verdict).toBe("no-path");
    expect(signatures).toBeLessThan(100);
  });

  it("pathological::intermediate-cycle-distinct-cas: ends where two authorities certify each other", () => {
    const a = authority(name("A"), keys[1]!);
    const b = authority(name("B"), keys[2]!, a);
    const back = authority(name("A"), keys[1]!, b);
    const { verdict, signatures } = judged([leafOf(a), ...[back, b, back, b, back, b, back, b]], [root]);
    expect(verdict).not.toBe("cert_0");
    expect(signatures).toBeLessThan(12);
  });

  it("pathological::multiple-chains-expired-intermediate: refuses the expired way up, although another is valid", () => {
    const issuing = authority(name("Issuing"), keys[1]!, root);
    const expired = { ...issuing, serial: Buffer.of(0x11), notAfter: issuing.notBefore };
    expect(judged([leafOf(issuing), expired, issuing], [root]).verdict).toBe("validity");
    expect(judged([leafOf(issuing), issuing, expired], [root]).verdict).toBe("cert_0");
  });
});
