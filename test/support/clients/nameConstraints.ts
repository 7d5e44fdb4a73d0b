import { createAuthority } from "../../../emulator/authority";
import { der, distinguishedName, type RawExtension } from "../../../emulator/x509";
import { type ClientScenario, DIFFERS, under } from "./scenario";

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

const OUTSIDE = 'a name of the leaf is outside the name constraints of its intermediate "CN=CA 1"';
const UNCLEAR = `${OUTSIDE}, or cannot be compared with them${DIFFERS}`;
const OTHER_FORM = `its intermediate "CN=CA 1" constrains other names than DNS, IP, e-mail and URI ones${DIFFERS}`;
const COMMON_NAME = "the common name of the leaf, which counts as a DNS name where there is no other,";
const ITS_OUTSIDE = `${COMMON_NAME} is outside the name constraints of anchor cert_0${DIFFERS}`;
const ITS_UNCLEAR = `${COMMON_NAME} cannot be compared with the name constraints of anchor cert_0${DIFFERS}`;
const WEBPKI = "it compares them; webpki does not";
const UNREADABLE = "it compares any text; webpki cannot read the name";
const HOSTS = "it looks at DNS names alone; Go parses the others, too";
const GO = "it compares directory names; Go does not";

function constrained(
  title: string,
  rule: Parameters<typeof constraints>[0],
  names: Names,
  expected: ClientScenario["expected"],
  openSslDiffers?: string,
): ClientScenario {
  const build = under({
    issuing: { extensions: [constraints(rule)] },
    client: {
      commonName: "billing",
      organization: "Example",
      extensions: names.length ? [alternativeNames(...names)] : [],
    },
  });
  return { title, build, expected, ...(openSslDiffers && { openSslDiffers }) };
}

/** A client with this common name, below an anchor that permits corp.test and 10.0.0.0/8. */
function called(
  commonName: string,
  title: string,
  expected: ClientScenario["expected"],
  names: Names = [],
): ClientScenario {
  const extensions = names.length ? [alternativeNames(...names)] : [];
  const root = { extensions: [constraints({ permitted: [...corp.permitted, ...tenNet.permitted] })] };
  return { title, build: under({ root, client: { commonName, extensions } }), expected };
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
  constrained("a DNS name beside those excluded", { excluded: [dns("corp.test")] }, [dns("notcorp.test")], accepted),
  constrained("a DNS name where all are excluded", { excluded: [dns("")] }, [dns("a.test")], OUTSIDE),
  constrained(
    "a DNS name where one of two subtrees is its own",
    { permitted: [dns("a.test"), dns("b.test")] },
    [dns("x.b.test")],
    accepted,
  ),
  constrained("no DNS name where those are constrained", corp, [], accepted),
  constrained(
    "a wildcard below a constraint that begins with a dot",
    { permitted: [dns(".corp.test")] },
    [dns("*.corp.test")],
    accepted,
  ),
  constrained(
    "a wildcard beside the one name that is permitted",
    { permitted: [dns("a.corp.test")] },
    [dns("*.corp.test")],
    OUTSIDE,
  ),
  constrained(
    "a wildcard above a single label",
    { permitted: [dns("internal")] },
    [dns("*.internal")],
    UNCLEAR,
    UNREADABLE,
  ),
  constrained("an address as a DNS name", { excluded: [dns("evil.test")] }, [dns("10.0.0.7")], UNCLEAR, UNREADABLE),
  constrained("a DNS name with a label that ends with a hyphen", corp, [dns("a-.corp.test")], UNCLEAR, UNREADABLE),
  constrained(
    "a permitted DNS name beside a constraint that is none",
    { permitted: [dns("corp.test")], excluded: [dns("corp-")] },
    [dns("a.corp.test")],
    UNCLEAR,
    UNREADABLE,
  ),
  constrained("no DNS name where a constraint is none", { excluded: [dns("123")] }, [], accepted),
  constrained(
    "a SPIFFE id of the permitted trust domain",
    spiffe,
    [uri("spiffe://corp.test/ns/billing")],
    UNCLEAR,
    WEBPKI,
  ),
  constrained("a SPIFFE id of another trust domain", spiffe, [uri("spiffe://evil.test/ns/billing")], UNCLEAR),
  constrained("a URI on a host below the permitted one", spiffe, [uri("https://a.corp.test/")], UNCLEAR),
  constrained(
    "a URI on a host below a permitted domain",
    { permitted: [uri(".corp.test")] },
    [uri("https://a.corp.test:8443/x")],
    UNCLEAR,
    WEBPKI,
  ),
  constrained("a URI without a host", spiffe, [uri("urn:example:billing")], UNCLEAR),
  constrained(
    "an address of a permitted mail host",
    { permitted: [email("corp.test")] },
    [email("ops@corp.test")],
    UNCLEAR,
    WEBPKI,
  ),
  constrained(
    "an address of another mail host",
    { permitted: [email("corp.test")] },
    [email("ops@sub.corp.test")],
    UNCLEAR,
  ),
  constrained(
    "an address in a permitted mail domain",
    { permitted: [email(".corp.test")] },
    [email("ops@sub.corp.test")],
    UNCLEAR,
    WEBPKI,
  ),
  constrained(
    "the mailbox that is excluded",
    { excluded: [email("ops@corp.test")] },
    [email("ops@corp.test")],
    UNCLEAR,
  ),
  constrained("an IP address that is permitted", tenNet, [ip(10, 1, 2, 3)], accepted),
  constrained("an IP address that is not permitted", tenNet, [ip(11, 1, 2, 3)], OUTSIDE),
  constrained("an IPv6 address where IPv4 ones are permitted", tenNet, [ip(...new Array(16).fill(10))], OUTSIDE),
  constrained("a subject in the permitted directory", { permitted: [inOrganization("Example")] }, [], OTHER_FORM, GO),
  constrained("a subject in another directory", { permitted: [inOrganization("Other")] }, [], OTHER_FORM),
  constrained("a subject in an excluded directory", { excluded: [inOrganization("Example")] }, [], OTHER_FORM),
  constrained(
    "a name of a constrained form that nobody can compare",
    { excluded: [registered(0x2a, 3)] },
    [registered(0x2a, 4)],
    OTHER_FORM,
  ),
  constrained(
    "a URI whose host is an address",
    { excluded: [uri("corp.test")] },
    [uri("https://10.0.0.1/")],
    UNCLEAR,
    "it compares the address as text; RFC 5280, 4.2.1.10, demands refusal",
  ),
  {
    title: "a DNS name where the constraint has a minimum, which nobody defines",
    build: under({
      issuing: {
        extensions: [
          { ...constraints({}), der: der(0x30, der(0xa0, der(0x30, dns("a.test"), der(0x80, Buffer.of(1))))) },
        ],
      },
      client: { extensions: [alternativeNames(dns("a.test"))] },
    }),
    expected: `its intermediate "CN=CA 1" cannot be validated: it is not encoded as RFC 5280 demands${DIFFERS}`,
  },
  {
    title: "a subject with an address of another mail host",
    build: under({
      issuing: { extensions: [constraints({ permitted: [email("corp.test")] })] },
      client: { emailAddress: "ops@evil.test", extensions: [alternativeNames(email("ops@corp.test"))] },
    }),
    expected: UNCLEAR,
  },
  {
    title: "a subject with an address of a permitted mail host",
    build: under({
      issuing: { extensions: [constraints({ permitted: [email("corp.test")] })] },
      client: { emailAddress: "ops@Corp.test" },
    }),
    expected: UNCLEAR,
    openSslDiffers: WEBPKI,
  },
  {
    title: "an intermediate that renews its issuer under a name the issuer does not permit to others",
    build: under({
      root: { extensions: [constraints({ permitted: [inOrganization("Example")] })] },
      issuing: { commonName: "Root" },
      client: { organization: "Example" },
    }),
    expected: `anchor cert_0 constrains other names than DNS, IP, e-mail and URI ones${DIFFERS}`,
    openSslDiffers: GO,
  },
  {
    title: "a leaf under its issuer's own name, which the issuer does not permit",
    build: under({
      issuing: { extensions: [constraints({ permitted: [inOrganization("Example")] })] },
      client: { commonName: "CA 1" },
    }),
    expected: OTHER_FORM,
  },
  {
    title: "a DNS name that only one of two authorities permits",
    build: under({
      root: { extensions: [constraints({ permitted: [dns("a.test")] })] },
      issuing: { extensions: [constraints({ permitted: [dns("b.test")] })] },
      client: { extensions: [alternativeNames(dns("x.b.test"))] },
    }),
    expected: "a name of the leaf is outside the name constraints of anchor cert_0",
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
    build: under({
      root: { extensions: [constraints({ permitted: [dns("corp.test")] })] },
      issuing: { extensions: [alternativeNames(dns("evil.test"))] },
    }),
    expected: 'a name of its intermediate "CN=CA 1" is outside the name constraints of anchor cert_0',
  },
  called("api.evil.test", "a common name that looks like a host which the authority does not permit", ITS_OUTSIDE),
  called("billing.corp.test", "a common name that looks like a host which the authority permits", accepted),
  called("billing.service", "a common name that looks like a host beside a permitted DNS name", accepted, [
    dns("api.corp.test"),
  ]),
  called("billing.service", "a common name that looks like a host beside names of other forms", ITS_OUTSIDE, [
    uri("spiffe://corp.test/billing"),
    ip(10, 1, 2, 3),
  ]),
  called("-billing.service", "a common name with a label that no host has", accepted),
  {
    title: "a common name that is an address, of which nothing is excluded",
    build: under({
      root: { extensions: [constraints({ excluded: [dns("evil.test")] })] },
      client: { commonName: "10.0.0.7" },
    }),
    expected: accepted,
  },
  called("billing\0.service", "a common name with a zero character", ITS_UNCLEAR),
  {
    title: "a common name with a zero character where only IP addresses are constrained",
    build: under({
      root: { extensions: [constraints(tenNet)] },
      client: { commonName: "billing\0.service" },
    }),
    expected: ITS_UNCLEAR,
  },
  ...[uri("urn:corp:billing"), uri("https://10.1.2.3/a"), uri("https://[::1]/a"), email("no address")].map((name) =>
    constrained(`the name ${name.subarray(2)} below constraints on DNS names`, corp, [name], UNCLEAR, HOSTS),
  ),
  ...[uri("spiffe://corp.test/a"), uri("https://u@h:8443/"), email("a.b+c@corp.test")].map((name) =>
    constrained(`the name ${name.subarray(2)} below constraints on DNS names`, corp, [name], ["cert_0"]),
  ),
  {
    title: "a wildcard that could stand for an excluded name",
    build: under({
      root: { extensions: [constraints({ excluded: [dns("secret.corp.test")] })] },
      client: { extensions: [alternativeNames(dns("*.corp.test"))] },
    }),
    expected: `a name of the leaf is outside the name constraints of anchor cert_0, or cannot be compared with them${DIFFERS}`,
    openSslDiffers: "it reads the wildcard as a name; Go refuses it",
  },
];
