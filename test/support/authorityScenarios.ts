import { type AuthorityOptions, createAuthority } from "../../emulator/authority";
import { der, distinguishedName, type RawExtension } from "../../emulator/x509";
import { type ClientScenario, foreignKeyIdentifier, keyUsage, serverOnly, unknownCritical } from "./clientScenarios";

const anyPurpose: RawExtension = { oid: "2.5.29.37", der: Buffer.from("30060604551d2500", "hex") };
const brokenConstraints: RawExtension = { oid: "2.5.29.30", critical: true, der: Buffer.from("0500", "hex") };

const dns = (name: string) => der(0x82, Buffer.from(name));
const email = (address: string) => der(0x81, Buffer.from(address));
const uri = (text: string) => der(0x86, Buffer.from(text));
const ip = (...bytes: number[]) => der(0x87, Buffer.from(bytes));
const inOrganization = (name: string) => der(0xa4, distinguishedName("", name));
const registered = (...bytes: number[]) => der(0x88, Buffer.from(bytes));

type Names = Buffer[];
const subtrees = (tag: number, names: Names) =>
  names.length ? [der(tag, ...names.map((name) => der(0x30, name)))] : [];
const constraints = ({ permitted = [], excluded = [] }: { permitted?: Names; excluded?: Names }): RawExtension => ({
  oid: "2.5.29.30",
  critical: true,
  der: der(0x30, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)),
});
const alternativeNames = (...names: Names): RawExtension => ({ oid: "2.5.29.17", der: der(0x30, ...names) });

/** A client below an intermediate "CN=CA 1" below an anchor. */
function under(
  options: { root?: AuthorityOptions; issuing?: AuthorityOptions; client?: AuthorityOptions } = {},
): ClientScenario["build"] {
  return async () => {
    const root = await createAuthority({ commonName: "Root", ...options.root });
    const issuing = await root.intermediate({ commonName: "CA 1", ...options.issuing });
    return { anchors: [root], client: await issuing.client(options.client) };
  };
}

/** What the authorities above the leaf must be, and may restrict. */
export const authorities: ClientScenario[] = [
  {
    title: "an intermediate that is no certificate authority",
    build: under({ issuing: { omit: ["basicConstraints", "keyUsage"] } }),
    expected: 'its intermediate "CN=CA 1" is no certificate authority (Basic Constraints)',
  },
  {
    title: "an intermediate that may not issue certificates",
    build: under({ issuing: { omit: ["keyUsage"], extensions: [keyUsage(0x02)] } }),
    expected: 'its intermediate "CN=CA 1" may not issue certificates (Key Usage)',
  },
  {
    title: "an intermediate without a Key Usage",
    build: under({ issuing: { omit: ["keyUsage"] } }),
    expected: ["cert_0"],
  },
  {
    title: "an anchor that is no certificate authority",
    build: async () => {
      const root = await createAuthority({ omit: ["basicConstraints", "keyUsage"] });
      return { anchors: [root], client: await root.client() };
    },
    expected: "anchor cert_0 is no certificate authority (Basic Constraints)",
  },
  {
    title: "more intermediates than the anchor allows",
    build: under({ root: { pathLength: 0 } }),
    expected: "anchor cert_0 allows 0 intermediates below it (path length), and there are 1",
  },
  {
    title: "as many intermediates as the anchor allows",
    build: under({ root: { pathLength: 1 } }),
    expected: ["cert_0"],
  },
  {
    title: "more intermediates than an intermediate allows",
    build: async () => {
      const root = await createAuthority();
      const last = await (await root.intermediate({ commonName: "CA 1", pathLength: 0 })).intermediate();
      return { anchors: [root], client: await last.client() };
    },
    expected: 'its intermediate "CN=CA 1" allows 0 intermediates below it (path length), and there are 1',
  },
  {
    title: "an intermediate that renews the key of its issuer, which no path length counts",
    build: under({ root: { pathLength: 0 }, issuing: { commonName: "Root" } }),
    expected: ["cert_0"],
  },
  {
    title: "an intermediate for servers only",
    build: under({ issuing: { extensions: [serverOnly] } }),
    expected: 'its intermediate "CN=CA 1" is not for issuing to TLS clients: its Extended Key Usage lacks clientAuth',
  },
  {
    title: "an anchor for servers only",
    build: under({ root: { extensions: [serverOnly] } }),
    expected: "anchor cert_0 is not for issuing to TLS clients: its Extended Key Usage lacks clientAuth",
  },
  {
    title: "an intermediate for any purpose",
    build: under({ issuing: { extensions: [anyPurpose] } }),
    expected: ["cert_0"],
    openSslDiffers: "it wants clientAuth spelled out; RFC 5280 and Go take any purpose for what it says",
  },
  {
    title: "a leaf whose Authority Key Identifier is not that of its issuer",
    build: under({ client: { omit: ["authorityKeyIdentifier"], extensions: [foreignKeyIdentifier] } }),
    expected: 'the Authority Key Identifier of the leaf is not the key identifier of its intermediate "CN=CA 1"',
  },
  {
    title: "an intermediate whose Authority Key Identifier is not that of its issuer",
    build: under({ issuing: { omit: ["authorityKeyIdentifier"], extensions: [foreignKeyIdentifier] } }),
    expected: 'the Authority Key Identifier of its intermediate "CN=CA 1" is not the key identifier of anchor cert_0',
  },
  {
    title: "an anchor without a Subject Key Identifier",
    build: under({ root: { omit: ["subjectKeyIdentifier"] } }),
    expected: ["cert_0"],
  },
  {
    title: "an intermediate with an unknown critical extension",
    build: under({ issuing: { extensions: [unknownCritical] } }),
    expected: 'its intermediate "CN=CA 1" holds the unknown critical extension 1.3.6.1.4.1.99999.1',
  },
  {
    title: "an anchor with an unknown critical extension",
    build: under({ root: { extensions: [unknownCritical] } }),
    expected: "anchor cert_0 holds the unknown critical extension 1.3.6.1.4.1.99999.1",
  },
  {
    title: "an intermediate whose name constraints cannot be read",
    build: under({ issuing: { extensions: [brokenConstraints] } }),
    expected: 'its intermediate "CN=CA 1" holds the extension 2.5.29.30 with an unreadable value',
  },
  {
    title: "an intermediate whose alternative names are no ASN.1",
    build: under({ issuing: { extensions: [{ oid: "2.5.29.17", der: Buffer.from("1c0100", "hex") }] } }),
    expected: 'its intermediate "CN=CA 1" holds the extension 2.5.29.17 with an unreadable value',
  },
  {
    title: "an intermediate with two Basic Constraints",
    build: under({ issuing: { extensions: [{ oid: "2.5.29.19", critical: true, der: Buffer.from("3000", "hex") }] } }),
    expected: 'its intermediate "CN=CA 1" holds the extension 2.5.29.19 twice',
  },
];

const OUTSIDE = 'the names of the leaf are outside the name constraints of its intermediate "CN=CA 1"';

function constrained(
  title: string,
  rule: Parameters<typeof constraints>[0],
  names: Names,
  expected: ClientScenario["expected"],
): ClientScenario {
  const build = under({
    issuing: { extensions: [constraints(rule)] },
    client: {
      commonName: "billing",
      organization: "Example",
      extensions: names.length ? [alternativeNames(...names)] : [],
    },
  });
  return { title, build, expected };
}

const corp = { permitted: [dns("corp.test")] };
const spiffe = { permitted: [uri("corp.test")] };
const tenNet = { permitted: [ip(10, 0, 0, 0, 255, 0, 0, 0)] };
const accepted = ["cert_0"];

/** The names that authorities may vouch for. */
export const nameConstraints: ClientScenario[] = [
  constrained("a DNS name that is permitted", corp, [dns("api.Corp.test")], accepted),
  constrained("the very DNS name that is permitted", corp, [dns("corp.test")], accepted),
  constrained("a DNS name that is not permitted", corp, [dns("notcorp.test")], OUTSIDE),
  constrained("a permitted DNS name beside one that is not", corp, [dns("a.corp.test"), dns("evil.test")], OUTSIDE),
  constrained("a DNS name that is excluded", { excluded: [dns("corp.test")] }, [dns("a.corp.test")], OUTSIDE),
  constrained("a DNS name where all are excluded", { excluded: [dns("")] }, [dns("a.test")], OUTSIDE),
  constrained(
    "a DNS name where one of two subtrees is its own",
    { permitted: [dns("a.test"), dns("b.test")] },
    [dns("x.b.test")],
    accepted,
  ),
  constrained("no DNS name where those are constrained", corp, [], accepted),
  constrained("a SPIFFE id of the permitted trust domain", spiffe, [uri("spiffe://corp.test/ns/billing")], accepted),
  constrained("a SPIFFE id of another trust domain", spiffe, [uri("spiffe://evil.test/ns/billing")], OUTSIDE),
  constrained("a URI on a host below the permitted one", spiffe, [uri("https://a.corp.test/")], OUTSIDE),
  constrained(
    "a URI on a host below a permitted domain",
    { permitted: [uri(".corp.test")] },
    [uri("https://a.corp.test:8443/x")],
    accepted,
  ),
  constrained("a URI without a host", spiffe, [uri("urn:example:billing")], OUTSIDE),
  constrained(
    "an address of a permitted mail host",
    { permitted: [email("corp.test")] },
    [email("ops@corp.test")],
    accepted,
  ),
  constrained(
    "an address of another mail host",
    { permitted: [email("corp.test")] },
    [email("ops@sub.corp.test")],
    OUTSIDE,
  ),
  constrained(
    "an address in a permitted mail domain",
    { permitted: [email(".corp.test")] },
    [email("ops@sub.corp.test")],
    accepted,
  ),
  constrained(
    "the mailbox that is excluded",
    { excluded: [email("ops@corp.test")] },
    [email("ops@corp.test")],
    OUTSIDE,
  ),
  constrained("an IP address that is permitted", tenNet, [ip(10, 1, 2, 3)], accepted),
  constrained("an IP address that is not permitted", tenNet, [ip(11, 1, 2, 3)], OUTSIDE),
  constrained("an IPv6 address where IPv4 ones are permitted", tenNet, [ip(...new Array(16).fill(10))], OUTSIDE),
  constrained("a subject in the permitted directory", { permitted: [inOrganization("Example")] }, [], accepted),
  constrained("a subject in another directory", { permitted: [inOrganization("Other")] }, [], OUTSIDE),
  constrained("a subject in an excluded directory", { excluded: [inOrganization("Example")] }, [], OUTSIDE),
  constrained(
    "a name of a constrained form that nobody can compare",
    { excluded: [registered(0x2a, 3)] },
    [registered(0x2a, 4)],
    OUTSIDE,
  ),
  {
    title: "a DNS name that only one of two authorities permits",
    build: under({
      root: { extensions: [constraints({ permitted: [dns("a.test")] })] },
      issuing: { extensions: [constraints({ permitted: [dns("b.test")] })] },
      client: { extensions: [alternativeNames(dns("x.b.test"))] },
    }),
    expected: "the names of the leaf are outside the name constraints of anchor cert_0",
  },
  {
    title: "a DNS name that two intermediates permit, each something else",
    build: async () => {
      const root = await createAuthority();
      const first = await root.intermediate({
        commonName: "CA 1",
        extensions: [constraints({ permitted: [dns("a.test")] })],
      });
      const second = await first.intermediate({ extensions: [constraints({ permitted: [dns("b.test")] })] });
      return { anchors: [root], client: await second.client({ extensions: [alternativeNames(dns("x.b.test"))] }) };
    },
    expected: OUTSIDE,
  },
  {
    title: "an intermediate with a name that its authority does not permit",
    build: under({ root: { extensions: [constraints({ permitted: [inOrganization("Example")] })] } }),
    expected: 'the names of its intermediate "CN=CA 1" are outside the name constraints of anchor cert_0',
  },
];
