import fc from "fast-check";
import { createAuthority } from "../../../emulator/authority";
import { parseRequiredClients, verifyClients } from "../../../provider/clients";
import { named, quotedName } from "../../../provider/words";
import { ACTING, anyName } from "../cli/hostile";

describe("a name in a message", () => {
  it("stays on its line, and nothing in it acts on a terminal or a page", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(`${named({ id: "cert_1", name })} ${quotedName(name)}`).not.toMatch(ACTING);
        expect(named({ id: "cert_1", name })).not.toContain("\n");
      }),
    );
    expect(named({ id: "cert_1", name: 'a "b"\n\u009b2K\u202ec' })).toBe('cert_1 "a \\"b\\"\\n\\u{9b}2K\\u{202e}c"');
  });

  it("is shown in the same way where a client is refused, those in certificates too", async () => {
    const [own, other] = await Promise.all(
      ["own", "other"].map((name) => createAuthority({ commonName: `${name}\u009b2K\u202e` })),
    );
    const issuing = await own!.intermediate({ commonName: "issuing\u202e" });
    const refused = async (issuer: typeof issuing, anchor: string) => {
      const { clients } = parseRequiredClients([(await issuer.client({ commonName: "client\u202e" })).chain]);
      const anchors = [{ id: "cert_1", name: "x\n\u001b[2J", pem: anchor }];
      const [verdict] = await verifyClients(clients, anchors, new Date());
      return `${clients[0]!.subject}: ${verdict!.accepted ? "" : verdict!.reason}`;
    };
    const texts = [
      await refused(issuing, other!.certificate),
      await refused(issuing, (await own!.client()).certificate),
      await refused(own!, (await own!.renew({ notBefore: new Date(0), notAfter: new Date(1000) })).certificate),
    ];
    expect(texts[0]).toContain('"CN=own\\u{9b}2K\\u{202e}", the issuer of "CN=issuing\\u{202e}", is neither');
    expect(texts[2]).toContain('anchor cert_1 "x\\n\\u001b[2J" expired');
    for (const text of texts) expect(text.replaceAll("\n", "\0")).not.toMatch(ACTING);
  });
});
