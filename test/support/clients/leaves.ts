import { createAuthority } from "../../../emulator/authority";
import { der, distinguishedName } from "../../../emulator/x509";
import { below, type ClientScenario, DIFFERS, keyUsage, unknownCritical } from "./scenario";

/** authorityCertIssuer: the directory name CN=Root. */
const rootName = der(0xa1, der(0xa4, distinguishedName("Root")));

const NOT_READ = `the leaf cannot be validated: it is not encoded as RFC 5280 demands${DIFFERS}`;
const GO = "it reads this as it stands; Go refuses the whole certificate";

/** What the client's own certificate has to say. */
export const leaves: ClientScenario[] = [
  {
    title: "a leaf without an Extended Key Usage",
    build: () => below(1, { extendedKeyUsage: [] }),
    expected: "it is not for TLS clients: it has no Extended Key Usage, and the API demands one with clientAuth",
    openSslDiffers: "no usage means every usage there; the vendor demands one",
  },
  {
    title: "a leaf for servers only",
    build: () => below(1, { extendedKeyUsage: ["serverAuth"] }),
    expected: "it is not for TLS clients: its Extended Key Usage lacks clientAuth",
  },
  {
    title: "a leaf for servers and clients",
    build: () => below(1, { extendedKeyUsage: ["serverAuth", "clientAuth"] }),
    expected: ["cert_0"],
  },
  {
    title: "a leaf without an Authority Key Identifier",
    build: () => below(0, { omit: ["authorityKeyIdentifier"] }),
    expected: "it has no Authority Key Identifier, and the API demands one",
    openSslDiffers: "it needs none; the vendor demands one",
  },
  {
    title: "a leaf whose Authority Key Identifier names an issuer and a serial",
    build: async () => {
      const root = await createAuthority({ commonName: "Root", serial: "05" });
      const client = await root.client({
        omit: ["authorityKeyIdentifier"],
        extensions: [{ oid: "2.5.29.35", der: der(0x30, rootName, der(0x82, Buffer.of(5))) }],
      });
      return { anchors: [root], client };
    },
    expected: "its Authority Key Identifier has no key identifier, and the API demands that form",
    openSslDiffers: "it takes that form as well; the vendor does not",
  },
  {
    title: "a leaf that may not sign",
    build: () => below(1, { omit: ["keyUsage"], extensions: [keyUsage(0x20)] }),
    expected: "it cannot sign a TLS handshake: its Key Usage lacks digitalSignature",
  },
  {
    title: "a leaf whose Extended Key Usage is no ASN.1",
    build: () =>
      below(0, { extendedKeyUsage: [], extensions: [{ oid: "2.5.29.37", der: Buffer.from("1c0100", "hex") }] }),
    expected: NOT_READ,
  },
  {
    title: "a leaf whose revocation lists have no place",
    build: () => below(1, { extensions: [{ oid: "2.5.29.31", der: Buffer.from("30023000", "hex") }] }),
    expected: `OpenSSL cannot read one of the extensions of the leaf or of its intermediate "CN=CA 1"${DIFFERS}`,
  },
  {
    title: "a leaf whose Key Usage has a bit in its padding",
    build: () =>
      below(1, { omit: ["keyUsage"], extensions: [{ oid: "2.5.29.15", der: Buffer.from("030207a0", "hex") }] }),
    expected: NOT_READ,
    openSslDiffers: GO,
  },
  {
    title: "a leaf with the same policy twice",
    build: () =>
      below(1, { extensions: [{ oid: "2.5.29.32", der: Buffer.from("300c300406022a03300406022a03", "hex") }] }),
    expected: NOT_READ,
    openSslDiffers: GO,
  },
  ...[" spiffe://corp.test/a", "spiffe://corp.test/a\tb", "spiffe://corp.test/100%", "spiffe://a%20b.test/"].map(
    (uri): ClientScenario => ({
      title: `a leaf with the URI ${JSON.stringify(uri)}`,
      build: () => below(1, { extensions: [{ oid: "2.5.29.17", der: der(0x30, der(0x86, Buffer.from(uri))) }] }),
      expected: NOT_READ,
      openSslDiffers: GO,
    }),
  ),
  { title: "a leaf without a Key Usage", build: () => below(1, { omit: ["keyUsage"] }), expected: ["cert_0"] },
  {
    title: "a leaf with an unknown critical extension",
    build: () => below(1, { extensions: [unknownCritical] }),
    expected: `the leaf has the critical extension 1.3.6.1.4.1.99999.1, which not every verifier knows${DIFFERS}`,
  },
  {
    title: "a leaf with an unknown extension that is not critical",
    build: () => below(1, { extensions: [{ ...unknownCritical, critical: false }] }),
    expected: ["cert_0"],
  },
];
