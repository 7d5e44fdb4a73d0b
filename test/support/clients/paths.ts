import { createAuthority } from "../../../emulator/authority";
import { below, blocks, type ClientScenario, DIFFERS, FUTURE, PAST } from "./scenario";

/** Which paths count, and through which anchors. */
export const paths: ClientScenario[] = [
  { title: "a client issued by an anchor", build: () => below(0), expected: ["cert_0"] },
  { title: "a client below one intermediate", build: () => below(1), expected: ["cert_0"] },
  { title: "a client below two intermediates", build: () => below(2), expected: ["cert_0"] },
  {
    title: "a client whose intermediates come in the wrong order, with a stranger among them",
    build: async () => {
      const { anchors, client } = await below(3);
      const [leaf, first, second, third] = blocks(client.chain);
      const stranger = await createAuthority({ commonName: "CA 2" });
      return { anchors, client: { ...client, chain: [leaf, third, stranger.certificate, first, second].join("") } };
    },
    expected: `its intermediate "CN=CA 3" must come right after the leaf, which it issued${DIFFERS}`,
    openSslDiffers: "it looks for issuers in the whole chain; TLS 1.2 demands the order",
  },
  {
    title: "a client that sends its root along, of which a renewed generation is the anchor",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      const client = await (await root.intermediate()).client();
      return { anchors: [await root.renew()], client: { ...client, chain: client.chain + root.certificate } };
    },
    expected: ["cert_0"],
  },
  {
    title: "a client of an authority of which two generations are anchors, beside another anchor",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      return { anchors: [root, await createAuthority(), await root.renew()], client: await root.client() };
    },
    expected: ["cert_0", "cert_2"],
  },
  {
    title: "a client below an anchor that is an intermediate itself",
    build: async () => {
      const issuing = await (await createAuthority()).intermediate({ commonName: "Issuing CA" });
      return { anchors: [issuing], client: await issuing.client() };
    },
    expected: ["cert_0"],
  },
  {
    title: "a client under RSA, ECDSA and Ed25519 keys in one chain",
    build: async () => {
      const root = await createAuthority({ algorithm: "rsa-2048" });
      const policy = await root.intermediate({ commonName: "Policy CA", algorithm: "ed25519" });
      const issuing = await policy.intermediate({ commonName: "Issuing CA", algorithm: "ecdsa-p256" });
      return { anchors: [root], client: await issuing.client({ algorithm: "rsa-2048" }) };
    },
    expected: ["cert_0"],
  },
  {
    title: "a client whose issuer is cross-certified, once by an expired and once by a valid certificate",
    build: async () => {
      const [old, next] = [await createAuthority({ commonName: "Old" }), await createAuthority({ commonName: "New" })];
      const issuing = await next.intermediate({ commonName: "Issuing CA" });
      const client = await issuing.client();
      const expired = await old.crossSign(issuing, PAST);
      const [leaf, valid] = blocks(client.chain);
      return { anchors: [old, next], client: { ...client, chain: [leaf, expired.certificate, valid].join("") } };
    },
    expected: 'its intermediate "CN=Issuing CA" expired on 2021-06-30',
    openSslDiffers: "it passes over the expired one for the valid one further down; others take what comes first",
  },
  {
    title: "a client whose shorter path is broken and whose longer one is not",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      const bridge = await root.intermediate({ commonName: "Bridge" });
      const issuing = await bridge.intermediate({ commonName: "Issuing CA" });
      const client = await issuing.client();
      const shortcut = await root.crossSign(issuing, PAST);
      return { anchors: [root], client: { ...client, chain: client.chain + shortcut.certificate } };
    },
    expected: ["cert_0"],
  },
];

/** Validity, of every certificate on the path. */
export const dates: ClientScenario[] = [
  { title: "an expired leaf", build: () => below(1, PAST), expected: "the leaf expired on 2021-06-30" },
  { title: "a leaf not valid yet", build: () => below(0, FUTURE), expected: "the leaf is not valid before 2090-02-03" },
  {
    title: "an expired intermediate",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      return { anchors: [root], client: await (await root.intermediate({ commonName: "CA 1", ...PAST })).client() };
    },
    expected: 'its intermediate "CN=CA 1" expired on 2021-06-30',
  },
  {
    title: "an intermediate not valid yet",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      return { anchors: [root], client: await (await root.intermediate({ commonName: "CA 1", ...FUTURE })).client() };
    },
    expected: 'its intermediate "CN=CA 1" is not valid before 2090-02-03',
  },
  {
    title: "an anchor that expired, beside a valid one of another authority",
    build: async () => {
      const root = await createAuthority({ commonName: "Root", ...PAST });
      return { anchors: [root, await createAuthority({ commonName: "Other" })], client: await root.client() };
    },
    expected: "anchor cert_0 expired on 2021-06-30",
  },
  {
    title: "an expired anchor beside its renewed generation",
    build: async () => {
      const root = await createAuthority({ commonName: "Root", ...PAST });
      return { anchors: [root, await root.renew()], client: await root.client() };
    },
    expected: `anchor cert_1 accepts it, but a verifier may pick another active anchor with the same name: anchor cert_0 expired on 2021-06-30${DIFFERS}`,
    openSslDiffers:
      "it prefers the valid one; the vendor's guide says that an error of a selected anchor can fail the request",
  },
  {
    title: "two generations of an anchor, one expired and one not valid yet",
    build: async () => {
      const root = await createAuthority({ commonName: "Root", ...PAST });
      return { anchors: [root, await root.renew(FUTURE)], client: await root.client() };
    },
    expected: "anchor cert_0 expired on 2021-06-30; anchor cert_1 is not valid before 2090-02-03",
  },
];

/** Where no anchor issued the client. */
export const noPaths: ClientScenario[] = [
  {
    title: "a missing intermediate",
    build: async () => {
      const { anchors, client } = await below(2);
      const [leaf, , top] = blocks(client.chain);
      return { anchors, client: { ...client, chain: `${leaf}${top}` } };
    },
    expected:
      'no active anchor issued it: "CN=CA 2", the issuer of "CN=test-client", is neither in its chain (a missing intermediate?) nor the one active anchor',
  },
  {
    title: "an anchor with the name of the right one and another key",
    build: async () => {
      const root = await createAuthority({ commonName: "Root" });
      const others = [await createAuthority({ commonName: "Root" }), await createAuthority({ commonName: "Other" })];
      return { anchors: others, client: await (await root.intermediate({ commonName: "CA 1" })).client() };
    },
    expected:
      'no active anchor issued it: its chain ends at "CN=CA 1", which no active anchor signed (anchor cert_0: the issuer\'s name, but another key)',
  },
  {
    title: "a chain up to a root that is no anchor",
    build: async () => {
      const { anchors, client } = await below(1);
      const others = [await createAuthority({ commonName: "Other" }), await createAuthority({ commonName: "Third" })];
      return { anchors: others, client: { ...client, chain: client.chain + anchors[0].certificate } };
    },
    expected:
      'no active anchor issued it: its chain ends at the root "CN=Root", which is not among the 2 active anchors',
  },
  {
    title: "an intermediate in the chain with the right name and another key",
    build: async () => {
      const { anchors, client } = await below(1);
      const stranger = await (await createAuthority()).intermediate({ commonName: "CA 1" });
      return { anchors, client: { ...client, chain: blocks(client.chain)[0] + stranger.certificate } };
    },
    expected:
      'no active anchor issued it: its chain ends at "CN=test-client", which no active anchor signed (its intermediate "CN=CA 1" in its chain: the issuer\'s name, but another key)',
  },
  {
    title: "two ways up that both lead nowhere, of which one is longer",
    build: async () => {
      const bridge = await (await createAuthority({ commonName: "Old" })).intermediate({ commonName: "Bridge" });
      const issuing = await (await createAuthority({ commonName: "New" })).intermediate({ commonName: "CA 1" });
      const client = await issuing.client();
      const cross = await bridge.crossSign(issuing);
      const anchors = [await createAuthority({ commonName: "Other" })];
      return { anchors, client: { ...client, chain: client.chain + cross.certificate + bridge.certificate } };
    },
    expected:
      'no active anchor issued it: "CN=New", the issuer of "CN=CA 1", is neither in its chain (a missing intermediate?) nor the one active anchor',
  },
  {
    title: "two authorities that certify each other and nobody else",
    build: async () => {
      const roots = [await createAuthority({ commonName: "A" }), await createAuthority({ commonName: "B" })] as const;
      const [a, b] = [await roots[1].crossSign(roots[0]), await roots[0].crossSign(roots[1])];
      const client = await roots[0].client();
      const anchors = [await createAuthority({ commonName: "Other" })];
      return { anchors, client: { ...client, chain: client.chain + a.certificate + b.certificate } };
    },
    expected:
      'no active anchor issued it: "CN=A", the issuer of "CN=B", is neither in its chain (a missing intermediate?) nor the one active anchor',
  },
  {
    title: "a client that is the anchor itself",
    build: async () => {
      const self = await createAuthority({
        commonName: "Pinned",
        omit: ["basicConstraints", "keyUsage"],
        extensions: [{ oid: "2.5.29.37", der: Buffer.from("300a06082b06010505070302", "hex") }],
      });
      return { anchors: [self], client: { certificate: self.certificate, chain: self.certificate, key: self.key } };
    },
    expected: "it is anchor cert_0 itself, and a client has to be issued by an anchor",
    openSslDiffers: "it takes a trusted certificate as it is, without a path",
  },
  {
    title: "no anchors at all",
    build: async () => ({ anchors: [], client: (await below(0)).client }),
    expected: "there is no active anchor that could have issued it",
    openSslDiffers: "an empty list of anchors means its built-in ones",
  },
];
