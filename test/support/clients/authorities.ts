import { createAuthority } from "../../../emulator/authority";
import { der, type RawExtension } from "../../../emulator/x509";
import { type ClientScenario, DIFFERS, keyUsage, under, unknownCritical } from "./scenario";

const anyPurpose: RawExtension = { oid: "2.5.29.37", der: Buffer.from("30060604551d2500", "hex") };
const brokenConstraints: RawExtension = { oid: "2.5.29.30", critical: true, der: Buffer.from("0500", "hex") };
const serverOnly: RawExtension = { oid: "2.5.29.37", der: Buffer.from("300a06082b06010505070301", "hex") };
const foreignKeyIdentifier: RawExtension = { oid: "2.5.29.35", der: der(0x30, der(0x80, Buffer.alloc(20, 7))) };

/** What the authorities above the leaf must be, and may restrict. */
export const authorities: ClientScenario[] = [
  {
    title: "an intermediate that is not a certificate authority",
    build: under({ issuing: { omit: ["basicConstraints", "keyUsage"] } }),
    expected: 'its intermediate "CN=CA 1" is not a certificate authority (Basic Constraints)',
  },
  {
    title: "an intermediate that may not issue certificates",
    build: under({ issuing: { omit: ["keyUsage"], extensions: [keyUsage(0x02)] } }),
    expected: 'its intermediate "CN=CA 1" may not issue certificates: its Key Usage lacks keyCertSign',
  },
  {
    title: "an intermediate without a Key Usage",
    build: under({ issuing: { omit: ["keyUsage"] } }),
    expected: `its intermediate "CN=CA 1" has no Key Usage, which authorities must have${DIFFERS}`,
    openSslDiffers: "only its strict checks demand one, which Python 3.13 switches on",
  },
  {
    title: "an anchor that is not a certificate authority",
    build: async () => {
      const root = await createAuthority({ omit: ["basicConstraints", "keyUsage"] });
      return { anchors: [root], client: await root.client() };
    },
    expected: "anchor cert_0 is not a certificate authority (Basic Constraints)",
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
    expected: "anchor cert_0 allows 0 intermediates below it (path length), and there are 1",
    openSslDiffers: "it does not count self-issued authorities, as RFC 5280 has it; Go does",
  },
  {
    title: "an intermediate for servers only",
    build: under({ issuing: { extensions: [serverOnly] } }),
    expected: 'its intermediate "CN=CA 1" is not for TLS clients: its Extended Key Usage lacks clientAuth',
  },
  {
    title: "an anchor for servers only",
    build: under({ root: { extensions: [serverOnly] } }),
    expected: "anchor cert_0 is not for TLS clients: its Extended Key Usage lacks clientAuth",
  },
  {
    title: "an intermediate for any purpose",
    build: under({ issuing: { extensions: [anyPurpose] } }),
    expected: 'its intermediate "CN=CA 1" is not for TLS clients: its Extended Key Usage lacks clientAuth',
  },
  {
    title: "a leaf whose Authority Key Identifier is not that of its issuer",
    build: under({ client: { omit: ["authorityKeyIdentifier"], extensions: [foreignKeyIdentifier] } }),
    expected: `the Authority Key Identifier of the leaf is not the key identifier of its intermediate "CN=CA 1" in its chain, which signed it${DIFFERS}`,
  },
  {
    title: "an intermediate whose Authority Key Identifier is not that of its issuer",
    build: under({ issuing: { omit: ["authorityKeyIdentifier"], extensions: [foreignKeyIdentifier] } }),
    expected: `the Authority Key Identifier of its intermediate "CN=CA 1" is not the key identifier of anchor cert_0, which signed it${DIFFERS}`,
  },
  {
    title: "an anchor without a Subject Key Identifier",
    build: under({ root: { omit: ["subjectKeyIdentifier"] } }),
    expected: `anchor cert_0 has no Subject Key Identifier${DIFFERS}`,
    openSslDiffers: "only its strict checks demand one",
  },
  {
    title: "an intermediate with an unknown critical extension",
    build: under({ issuing: { extensions: [unknownCritical] } }),
    expected: `its intermediate "CN=CA 1" has the critical extension 1.3.6.1.4.1.99999.1, which not every verifier knows${DIFFERS}`,
  },
  {
    title: "an anchor with an unknown critical extension",
    build: under({ root: { extensions: [unknownCritical] } }),
    expected: `anchor cert_0 has the critical extension 1.3.6.1.4.1.99999.1, which not every verifier knows${DIFFERS}`,
  },
  {
    title: "an intermediate whose name constraints cannot be read",
    build: under({ issuing: { extensions: [brokenConstraints] } }),
    expected: `its intermediate "CN=CA 1" cannot be validated: it is not encoded as RFC 5280 demands${DIFFERS}`,
  },
  {
    title: "an intermediate whose alternative names are no ASN.1",
    build: under({ issuing: { extensions: [{ oid: "2.5.29.17", der: Buffer.from("1c0100", "hex") }] } }),
    expected: `its intermediate "CN=CA 1" cannot be validated: it is not encoded as RFC 5280 demands${DIFFERS}`,
  },
  {
    title: "an intermediate that demands a certificate policy, below which nobody has one",
    // requireExplicitPolicy 0
    build: under({
      issuing: { extensions: [{ oid: "2.5.29.36", critical: true, der: Buffer.from("3003800100", "hex") }] },
    }),
    expected: `its intermediate "CN=CA 1" requires certificate policies${DIFFERS}`,
    openSslDiffers: "it looks at policies only where it is told to",
  },
  {
    title: "an intermediate with two Basic Constraints",
    build: under({ issuing: { extensions: [{ oid: "2.5.29.19", critical: true, der: Buffer.from("3000", "hex") }] } }),
    expected: 'its intermediate "CN=CA 1" has the extension 2.5.29.19 twice',
  },
];
