import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { createAuthority } from "../../../emulator/authority";
import { type AnchorContent, anchorWarnings, parseRequiredClients, verifyClients } from "../../../provider/clients";
import { authorities } from "../../support/clients/authorities";
import { leaves } from "../../support/clients/leaves";
import { nameConstraints } from "../../support/clients/nameConstraints";
import { dates, noPaths, paths } from "../../support/clients/paths";
import { type ClientScenario, DIFFERS } from "../../support/clients/scenario";

const NOW = new Date();

/** The anchors that accept the first of these chains, or why none does. */
async function judge(chains: string[], anchors: AnchorContent[], at = NOW): Promise<readonly string[] | string> {
  const { clients, problems } = parseRequiredClients(chains);
  expect(problems).toEqual([]);
  const [verdict] = await verifyClients(clients, anchors, at);
  expect(verdict!.client).toBe(clients[0]);
  return verdict!.accepted ? verdict!.via : verdict!.reason;
}

const content = (pem: string, index = 0): AnchorContent => ({ id: `cert_${index}`, name: null, pem });

const groups: [string, ClientScenario[]][] = [
  ["the path", paths],
  ["validity", dates],
  ["no path", noPaths],
  ["the leaf", leaves],
  ["the authorities", authorities],
  ["name constraints", nameConstraints],
];

describe.each(groups)("verifyClients on %s", (_, scenarios) => {
  it.each(scenarios)("judges $title", async ({ build, expected }) => {
    const { anchors, client } = await build();
    const contents = anchors.map((anchor, i) => content(anchor.certificate, i));
    expect(await judge([client.chain], contents)).toEqual(expected);
  });
});

describe("verifyClients", () => {
  it("judges at the time it is given, the first second of validity included and the last not, as OpenSSL has it", async () => {
    const [notBefore, notAfter] = [new Date("2030-01-01T00:00:00Z"), new Date("2030-12-31T23:59:59Z")];
    const root = await createAuthority({ notBefore: new Date("2020-01-01T00:00:00Z") });
    const { chain } = await root.client({ notBefore, notAfter });
    const at = (time: string) => judge([chain], [content(root.certificate)], new Date(time));
    expect(await at("2029-12-31T23:59:59Z")).toBe("the leaf is not valid before 2030-01-01");
    expect(await at("2030-01-01T00:00:00Z")).toEqual(["cert_0"]);
    expect(await at("2030-12-31T23:59:58Z")).toEqual(["cert_0"]);
    expect(await at("2030-12-31T23:59:59Z")).toBe("the leaf expired on 2030-12-31");
    expect(await at("2031-01-01T00:00:00Z")).toBe("the leaf expired on 2030-12-31");
  });

  it("names no anchor further up the chain whose CEL filter refuses the client", async () => {
    const root = await createAuthority({ commonName: "Root" });
    const issuing = await root.intermediate({ commonName: "Issuing" });
    const { chain } = await issuing.client({ commonName: "gateway" });
    const [below, above] = [content(issuing.certificate, 0), content(root.certificate, 1)] as const;
    const filtered = (celFilter: string) => judge([chain], [below, { ...above, celFilter }]);
    expect(await filtered('subject.common_name == "gateway"')).toEqual(["cert_0", "cert_1"]);
    expect(await filtered('subject.common_name == "batch"')).toEqual(["cert_0"]);
  });

  it("gives every client its own verdict, in the order of the clients", async () => {
    const roots = [await createAuthority({ commonName: "A" }), await createAuthority({ commonName: "B" })] as const;
    const chains = [(await roots[1].client()).chain, (await roots[0].client()).chain];
    const { clients } = parseRequiredClients(chains);
    const verdicts = await verifyClients(clients, [content(roots[0].certificate)], NOW);
    expect(verdicts.map((verdict) => [verdict.client.index, verdict.accepted])).toEqual([
      [0, false],
      [1, true],
    ]);
    expect(await verifyClients([], [], NOW)).toEqual([]);
  });

  it("names an anchor by its id and its name", async () => {
    const root = await createAuthority({ notBefore: new Date(0), notAfter: new Date("2026-01-01T00:00:00Z") });
    const anchor = { ...content(root.certificate), id: "cert_abc", name: "corp-root-2024" };
    const reason = await judge([(await root.client()).chain], [anchor]);
    expect(reason).toBe('anchor cert_abc "corp-root-2024" expired on 2026-01-01');
  });

  it("takes anchors as the API returns them: with CRLF, text around the PEM, more certificates after the first", async () => {
    const [root, other] = [await createAuthority(), await createAuthority({ commonName: "Other" })];
    const pem = `# corp root\n${root.certificate}${other.certificate}`.replace(/\n/g, "\r\n");
    expect(await judge([(await root.client()).chain], [content(pem)])).toEqual(["cert_0"]);
    expect(await judge([(await other.client()).chain], [content(pem)])).toMatch("no active anchor issued it");
  });

  it("says which anchor has content that is not a certificate, without repeating it", async () => {
    const { clients } = parseRequiredClients([(await (await createAuthority()).client()).chain]);
    const anchor = {
      id: "cert_abc",
      name: "corp",
      pem: "-----BEGIN CERTIFICATE-----\nU0VDUkVU\n-----END CERTIFICATE-----",
    };
    const failure = verifyClients(clients, [anchor], NOW);
    await expect(failure).rejects.toThrow(
      'The content that the API holds for anchor cert_abc "corp" is not a PEM certificate.',
    );
    await expect(failure).rejects.not.toThrow("U0VDUkVU");
  });

  it("refuses certificates that OpenSSL reads and a strict parser does not, and says which", async () => {
    const root = await createAuthority({ commonName: "Root" });
    const client = await root.client({ commonName: "client" });
    // The tag of a common name becomes 15, which no string type has.
    const spoil = (pem: string, name: string) => {
      const { raw } = new X509Certificate(pem);
      const tag = raw.indexOf(Buffer.from(`\x0c${String.fromCharCode(name.length)}${name}`));
      raw[tag] = 0x0f;
      return `-----BEGIN CERTIFICATE-----\n${raw.toString("base64")}\n-----END CERTIFICATE-----\n`;
    };
    const because = `cannot be validated: it is not encoded as RFC 5280 demands${DIFFERS}`;
    const spoiled = spoil(client.chain, "client");
    expect(await judge([spoiled], [content(root.certificate)])).toBe(`the leaf ${because}`);
    expect(anchorWarnings(spoil(root.certificate, "Root"))).toEqual([
      "is not encoded as strictly as TLS verifiers demand (RFC 5280), so as a trust anchor it may accept no client",
    ]);
  });

  it("refuses names that differ in letter case only, which OpenSSL takes for the same and Go does not", async () => {
    const root = await createAuthority({ commonName: "Corp Root" });
    const spelledAs = (name: string) => {
      const der = new X509Certificate(root.certificate).raw.toString("latin1").replaceAll("Corp Root", name);
      return content(new X509Certificate(Buffer.from(der, "latin1")).toString());
    };
    const { chain } = await root.client();
    expect(await judge([chain], [spelledAs("CORP root")])).toBe(
      `the leaf spells or encodes its issuer's name differently from anchor cert_0${DIFFERS}`,
    );
    expect(await judge([chain], [spelledAs("Corp-Root")])).toMatch(
      '"CN=Corp Root", the issuer of "CN=test-client", is',
    );
  });

  it("finds the one anchor that counts among all public roots", async () => {
    const root = await createAuthority();
    const client = await (await root.intermediate()).client();
    const pile = [...rootCertificates, root.certificate].map(content);
    expect(await judge([client.chain], pile)).toEqual([`cert_${rootCertificates.length}`]);
    expect(await judge([client.chain], pile.slice(0, -1))).toBe(
      `no active anchor issued it: "CN=Test Root", the issuer of "CN=Test Issuing CA", is neither in its chain (a missing intermediate?) nor among the ${rootCertificates.length} active anchors`,
    );
  });

  it("asks the filter of the anchor that was reached, for all that it may see of the client", async () => {
    const root = await createAuthority();
    const filtered = (celFilter: string) => [{ ...content(root.certificate), celFilter }];
    const { chain } = await root.client({ commonName: "billing", organization: "Example" });
    expect(await judge([chain], filtered('subject.common_name == "billing"'))).toEqual(["cert_0"]);
    expect(await judge([chain], filtered('subject.organization == "Other"'))).toBe(
      "the CEL filter of anchor cert_0 does not let it through",
    );
    expect(await judge([chain], filtered("subject_alt_names[0].value == 'a'"))).toMatch(
      "does not let it through: the expression cannot be evaluated: index 0 out of bounds",
    );
    const depends = "may not let it through, depending on how the API reads fields that the client lacks or has twice";
    for (const lacking of ["has(subject.locality)", '!has(subject.locality) || subject.locality == "Bonn"']) {
      expect(await judge([chain], filtered(lacking))).toBe(`the CEL filter of anchor cert_0 ${depends}`);
    }
    expect(await judge([chain], filtered('subject.locality != "Bonn"'))).toBe(
      `the CEL filter of anchor cert_0 ${depends}: the expression cannot be evaluated: field not found: locality`,
    );
    expect(await judge([chain], filtered('!has(subject.locality) || subject.locality != "Bonn"'))).toEqual(["cert_0"]);
    const client = parseRequiredClients([chain]).clients;
    const [verdict] = await verifyClients(client, filtered("false"), NOW);
    expect(verdict).toMatchObject({ accepted: false, rule: "filter" });
  });
});
