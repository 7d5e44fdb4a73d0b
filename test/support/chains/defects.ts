import { der, distinguishedName } from "../../../emulator/x509";
import type { ChainDraft } from "./generate";
import { certificate, SEQUENCE, time } from "./maker";

import {
  add,
  anchor,
  any,
  authority,
  constrain,
  constraints,
  copy,
  custom,
  dns,
  drop,
  email,
  expire,
  hex,
  issuer,
  leaf,
  markCritical,
  names,
  put,
  rekey,
  selfIssued,
  trustOnly,
  uri,
  withSerial,
} from "./spoil";

/** One way to spoil a chain, or to build it in a way that some verifiers trip over. */
export interface Defect {
  readonly title: string;
  spoil(chain: ChainDraft): void;
}

const DAY = 24 * 60 * 60 * 1000;

export const DEFECTS: readonly Defect[] = [
  { title: "an expired leaf", spoil: (chain) => expire(leaf(chain), chain) },
  { title: "an expired authority", spoil: (chain) => expire(authority(chain), chain) },
  { title: "an expired anchor", spoil: (chain) => expire(anchor(chain), chain) },
  {
    title: "not valid yet",
    spoil: (chain) => Object.assign(any(chain), { notBefore: time(new Date(chain.now.getTime() + DAY)) }),
  },
  { title: "valid from this second", spoil: (chain) => Object.assign(any(chain), { notBefore: time(chain.now) }) },
  { title: "valid until this second", spoil: (chain) => Object.assign(any(chain), { notAfter: time(chain.now) }) },
  { title: "SHA-1", spoil: (chain) => Object.assign(any(chain), { digest: "sha1" }) },
  { title: "MD5", spoil: (chain) => Object.assign(any(chain), { digest: "md5" }) },
  { title: "SHA-384", spoil: (chain) => Object.assign(any(chain), { digest: "sha384" }) },
  { title: "SHA-512", spoil: (chain) => Object.assign(any(chain), { digest: "sha512" }) },
  {
    title: "two algorithms for one signature",
    spoil: (chain) => Object.assign(leaf(chain), { outerDigest: "sha384" }),
  },
  {
    title: "an RSA key of 1024 bits in the leaf",
    spoil: (chain) => Object.assign(leaf(chain), { key: chain.key("rsa1024") }),
  },
  { title: "an authority whose key is secp256k1", spoil: (chain) => rekey(chain, "secp256k1") },
  { title: "an authority whose key is RSA of 1024 bits", spoil: (chain) => rekey(chain, "rsa1024") },
  { title: "a signature by another key", spoil: (chain) => Object.assign(any(chain), { signer: chain.key("p256") }) },
  { title: "CA:FALSE in an authority", spoil: (chain) => put(authority(chain), 19, "3000") },
  { title: "an authority without Basic Constraints", spoil: (chain) => drop(authority(chain), 19) },
  { title: "Basic Constraints that are not critical", spoil: (chain) => markCritical(authority(chain), 19, false) },
  { title: "Basic Constraints that are not DER", spoil: (chain) => put(authority(chain), 19, "3003010101") },
  { title: "CA:TRUE in the leaf", spoil: (chain) => put(leaf(chain), 19, "30030101ff") },
  { title: "CA:FALSE in the leaf", spoil: (chain) => put(leaf(chain), 19, "3000") },
  { title: "a path length in the leaf", spoil: (chain) => put(leaf(chain), 19, "3003020100") },
  { title: "a path length of 0", spoil: (chain) => put(authority(chain), 19, "30060101ff020100") },
  { title: "a path length of 1", spoil: (chain) => put(anchor(chain), 19, "30060101ff020101") },
  { title: "a negative path length", spoil: (chain) => put(authority(chain), 19, "30060101ff0201ff") },
  { title: "a Key Usage without keyCertSign", spoil: (chain) => put(authority(chain), 15, "03020780") },
  { title: "an authority without Key Usage", spoil: (chain) => drop(authority(chain), 15) },
  { title: "a leaf without Key Usage", spoil: (chain) => drop(leaf(chain), 15) },
  { title: "a leaf with keyCertSign", spoil: (chain) => put(leaf(chain), 15, "03020284") },
  { title: "a leaf that may not sign", spoil: (chain) => put(leaf(chain), 15, "03020520") },
  { title: "a leaf without Extended Key Usage", spoil: (chain) => drop(leaf(chain), 37) },
  { title: "a leaf for servers", spoil: (chain) => put(leaf(chain), 37, "300a06082b06010505070301", false) },
  { title: "an authority for servers", spoil: (chain) => put(authority(chain), 37, "300a06082b06010505070301", false) },
  { title: "an authority for clients", spoil: (chain) => put(authority(chain), 37, "300a06082b06010505070302", false) },
  { title: "an authority for any purpose", spoil: (chain) => put(authority(chain), 37, "30060604551d2500", false) },
  { title: "no Authority Key Identifier", spoil: (chain) => drop(any(chain), 35) },
  {
    title: "another Authority Key Identifier",
    spoil: (chain) => put(any(chain), 35, `30168014${"07".repeat(20)}`, false),
  },
  { title: "an Authority Key Identifier with a serial", spoil: (chain) => withSerial(chain, issuer(chain).serial) },
  { title: "an Authority Key Identifier with a wrong serial", spoil: (chain) => withSerial(chain, Buffer.of(0x05)) },
  { title: "no Subject Key Identifier", spoil: (chain) => drop(authority(chain), 14) },
  { title: "critical key identifiers", spoil: (chain) => markCritical(any(chain), [14, 35][chain.random(2)]!, true) },
  { title: "an unknown critical extension", spoil: (chain) => void add(any(chain), custom(true, 1)) },
  { title: "an unknown extension", spoil: (chain) => void add(any(chain), custom(false, 1)) },
  { title: "an extension twice", spoil: (chain) => void add(any(chain), custom(false, 2), custom(false, 2)) },
  { title: "critical policies", spoil: (chain) => put(any(chain), 32, "3006300406022a03") },
  { title: "policies", spoil: (chain) => put(any(chain), 32, "3006300406022a03", false) },
  { title: "a policy twice", spoil: (chain) => put(any(chain), 32, "300c300406022a03300406022a03", false) },
  { title: "a Key Usage with a bit in its padding", spoil: (chain) => put(leaf(chain), 15, "030207a0") },
  { title: "a place of revocation lists that is none", spoil: (chain) => put(any(chain), 31, "30023000", false) },
  { title: "an authority that demands policies", spoil: (chain) => put(authority(chain), 36, "3003800100", false) },
  {
    title: "a permitted DNS name",
    spoil: (chain) => constrain(chain, constraints([dns("corp.test")]), dns("api.corp.test")),
  },
  {
    title: "a DNS name that is not permitted",
    spoil: (chain) => constrain(chain, constraints([dns("corp.test")]), dns("api.evil.test")),
  },
  {
    title: "an excluded DNS name",
    spoil: (chain) => constrain(chain, constraints([], [dns("corp.test")]), dns("API.corp.test")),
  },
  {
    title: "a wildcard over an excluded name",
    spoil: (chain) => constrain(chain, constraints([], [dns("a.corp.test")]), dns("*.corp.test")),
  },
  {
    title: "a wildcard below a DNS constraint with a leading dot",
    spoil: (chain) => constrain(chain, constraints([dns(".corp.test")]), dns("*.corp.test")),
  },
  {
    title: "a DNS constraint with a leading dot",
    spoil: (chain) => constrain(chain, constraints([dns(".corp.test")]), dns("corp.test")),
  },
  {
    title: "a DNS constraint that is not a host",
    spoil: (chain) => constrain(chain, constraints([dns("corp..test")]), dns("corp..test")),
  },
  {
    title: "a permitted trust domain",
    spoil: (chain) => constrain(chain, constraints([uri("corp.test")]), uri("spiffe://corp.test/a")),
  },
  {
    title: "a trust domain that is not permitted",
    spoil: (chain) => constrain(chain, constraints([uri("corp.test")]), uri("spiffe://evil.test/a")),
  },
  {
    title: "a name that Go cannot parse, below constraints on another form",
    spoil: (chain) =>
      constrain(
        chain,
        constraints([dns("corp.test")]),
        [uri("urn:corp:a"), uri("https://10.1.2.3/a"), uri("https://[::1]/a"), email("a b@corp.test")][
          chain.random(4)
        ]!,
      ),
  },
  {
    title: "a permitted mail host",
    spoil: (chain) => constrain(chain, constraints([email("corp.test")]), email("a@corp.test")),
  },
  {
    title: "a permitted address range",
    spoil: (chain) => constrain(chain, constraints([der(0x87, hex("0a000000ff000000"))]), der(0x87, hex("0a010203"))),
  },
  {
    title: "an address outside of the range",
    spoil: (chain) => constrain(chain, constraints([der(0x87, hex("0a000000ff000000"))]), der(0x87, hex("0b010203"))),
  },
  {
    title: "an address range with holes",
    spoil: (chain) => constrain(chain, constraints([der(0x87, hex("0a000000ff00ff00"))]), der(0x87, hex("0a010003"))),
  },
  {
    title: "a permitted directory",
    spoil: (chain) => constrain(chain, constraints([der(0xa4, distinguishedName("", "Example"))])),
  },
  { title: "empty name constraints", spoil: (chain) => constrain(chain, constraints([])) },
  {
    title: "name constraints on a form that nobody has",
    spoil: (chain) => constrain(chain, constraints([dns("corp.test")])),
  },
  {
    title: "a common name that is a host outside of the constraints",
    spoil: (chain) => {
      constrain(chain, constraints([dns("corp.test")]));
      leaf(chain).subject = distinguishedName("api.evil.test");
    },
  },
  { title: "an empty Subject Alternative Name", spoil: (chain) => void add(any(chain), names()) },
  {
    title: "an alternative address of 5 bytes",
    spoil: (chain) => void add(leaf(chain), names(der(0x87, hex("0a01020304")))),
  },
  {
    title: "an alternative name that is not ASCII",
    spoil: (chain) => void add(leaf(chain), names(dns("ü.corp.test"))),
  },
  { title: "a URI that cannot be read", spoil: (chain) => void add(leaf(chain), names(uri("spiffe://a..b/%zz"))) },
  { title: "a URI with a tab", spoil: (chain) => void add(leaf(chain), names(uri("spiffe://corp.test/a\tb"))) },
  { title: "a SPIFFE id", spoil: (chain) => void add(leaf(chain), names(uri("spiffe://corp.test/ns/a"))) },
  {
    title: "a critical Subject Alternative Name of an odd form",
    spoil: (chain) => void add(leaf(chain), { ...names(der(0x88, hex("2a03"))), critical: true }),
  },
  { title: "a leaf without a name", spoil: (chain) => Object.assign(leaf(chain), { subject: hex("3000") }) },
  {
    title: "a leaf with alternative names only",
    spoil: (chain) => {
      leaf(chain).subject = hex("3000");
      add(leaf(chain), { ...names(dns("a.test")), critical: chain.random(2) === 0 });
    },
  },
  {
    title: "an issuer's name in other letters",
    spoil: (chain) =>
      Object.assign(leaf(chain), {
        issuer: Buffer.from(
          issuer(chain)
            .subject.toString("latin1")
            .replace(/CA|Root/, (name) => (name === "CA" ? "Ca" : "ROOT")),
          "latin1",
        ),
      }),
  },
  {
    title: "a PrintableString with an @",
    spoil: (chain) =>
      Object.assign(leaf(chain), {
        subject: der(SEQUENCE, der(0x31, der(SEQUENCE, hex("0603550403"), der(0x13, Buffer.from("a@b"))))),
      }),
  },
  { title: "a negative serial number", spoil: (chain) => Object.assign(any(chain), { serial: Buffer.of(0x85) }) },
  { title: "a padded serial number", spoil: (chain) => Object.assign(any(chain), { serial: Buffer.of(0, 5) }) },
  { title: "the serial number 0", spoil: (chain) => Object.assign(any(chain), { serial: Buffer.of(0) }) },
  {
    title: "a serial number of 21 bytes",
    spoil: (chain) => Object.assign(any(chain), { serial: Buffer.alloc(21, 5) }),
  },
  { title: "version 1", spoil: (chain) => Object.assign(any(chain), { version: 1 }) },
  {
    title: "version 1 without extensions",
    spoil: (chain) => Object.assign(authority(chain), { version: 1, extensions: [] }),
  },
  {
    title: "a time without seconds",
    spoil: (chain) => Object.assign(any(chain), { notAfter: der(0x17, Buffer.from("4001010000Z")) }),
  },
  {
    title: "a GeneralizedTime before 2050",
    spoil: (chain) => Object.assign(any(chain), { notAfter: der(0x18, Buffer.from("20400101000000Z")) }),
  },
  {
    title: "a time with an offset",
    spoil: (chain) => Object.assign(any(chain), { notAfter: der(0x17, Buffer.from("400101000000+0000")) }),
  },
  {
    title: "a Netscape type for servers",
    spoil: (chain) =>
      void add(leaf(chain), { oid: hex("06096086480186f8420101"), critical: false, value: hex("03020640") }),
  },
  { title: "the chain in reverse", spoil: (chain) => void chain.presented.reverse() },
  { title: "a missing intermediate", spoil: (chain) => void chain.presented.splice(chain.random(3), 1) },
  {
    title: "a stranger in the chain",
    spoil: (chain) =>
      void chain.presented.splice(
        chain.random(3),
        0,
        certificate(distinguishedName("Stranger"), chain.key(), undefined, true, chain.now),
      ),
  },
  { title: "the root presented too", spoil: (chain) => void chain.presented.push(anchor(chain)) },
  {
    title: "a certificate presented twice",
    spoil: (chain) => void chain.presented.push(...chain.presented.slice(0, 1)),
  },
  { title: "an intermediate for an anchor", spoil: (chain) => trustOnly(chain, issuer(chain)) },
  { title: "an intermediate for an anchor, and the root", spoil: (chain) => void chain.anchors.push(issuer(chain)) },
  { title: "another generation of the anchor", spoil: (chain) => void chain.anchors.unshift(copy(anchor(chain))) },
  {
    title: "an expired generation of the anchor beside it",
    spoil: (chain) => {
      const old = copy(anchor(chain));
      expire(old, chain);
      chain.anchors.splice(chain.random(2), 0, old);
    },
  },
  {
    title: "an anchor of the same name with a new key",
    spoil: (chain) =>
      void chain.anchors.splice(
        chain.random(2),
        0,
        certificate(anchor(chain).subject, chain.key(), undefined, true, chain.now),
      ),
  },
  {
    title: "an anchor of the same name with a new key and no key identifiers",
    spoil: (chain) => {
      const namesake = certificate(anchor(chain).subject, chain.key(), undefined, true, chain.now);
      for (const last of [14, 35]) drop(namesake, last);
      chain.anchors.splice(chain.random(2), 0, namesake);
    },
  },
  {
    title: "a cross-certificate whose issuer is nowhere, before the good one or behind it",
    spoil: (chain) => {
      const [first] = chain.presented;
      if (!first) return;
      const other = certificate(distinguishedName("Elsewhere"), chain.key(), undefined, true, chain.now);
      const crossed = copy(first, { issuer: other.subject, signer: other.key });
      put(crossed, 35, der(SEQUENCE, der(0x80, other.key.identifier)).toString("hex"), false);
      chain.presented.splice(chain.random(2), 0, crossed);
    },
  },
  {
    title: "an anchor that did not issue it",
    spoil: (chain) =>
      trustOnly(chain, certificate(distinguishedName("Other"), chain.key(), undefined, true, chain.now)),
  },
  { title: "an intermediate of its issuer's name", spoil: (chain) => selfIssued(chain) },
];
