import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Authority, createAuthority } from "../../../emulator/authority";
import { tlsVerdict } from "../../support/mutualTls";

const DAY = 24 * 60 * 60 * 1000;
const days = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / DAY);
const parse = (pem: string) => new X509Certificate(pem);
const pemCount = (text: string) => text.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;

describe("createAuthority", () => {
  it("makes a self-signed certificate authority that is valid for ten years and has been since yesterday", async () => {
    const authority = await createAuthority({ commonName: "Corp Root 2026", organization: "Example Corp" });
    const root = parse(authority.certificate);
    expect(root.subject).toBe("O=Example Corp\nCN=Corp Root 2026");
    expect(root.issuer).toBe(root.subject);
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(days(new Date(root.validFrom), new Date(root.validTo))).toBe(3651);
    expect(authority.commonName).toBe("Corp Root 2026");
    expect(root.checkPrivateKey(createPrivateKey(authority.key))).toBe(true);
  });

  it.each(["ecdsa-p256", "rsa-2048"] as const)("signs with %s keys what OpenSSL accepts", async (algorithm) => {
    const root = await createAuthority({ algorithm });
    const issuing = await root.intermediate({ algorithm });
    const client = await issuing.client({ commonName: "billing", algorithm });
    const [anchor, middle, leaf] = [root.certificate, issuing.certificate, client.certificate].map(parse);
    expect(middle!.checkIssued(anchor!)).toBe(true);
    expect(middle!.verify(anchor!.publicKey)).toBe(true);
    expect(leaf!.checkIssued(middle!)).toBe(true);
    expect(leaf!.verify(middle!.publicKey)).toBe(true);
    expect([middle!.ca, leaf!.ca]).toEqual([true, false]);
    expect(leaf!.checkPrivateKey(createPrivateKey(client.key))).toBe(true);
    expect(leaf!.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(days(new Date(leaf!.validFrom), new Date(leaf!.validTo))).toBe(366);
  });

  it("gives every certificate a serial of its own, or the one that was asked for", async () => {
    const root = await createAuthority();
    const [first, second] = [await root.client(), await root.client()].map(
      (one) => parse(one.certificate).serialNumber,
    );
    expect(first).toMatch(/^[0-9A-F]{32}$/);
    expect(first).not.toBe(second);
    const asked = await Promise.all(["0", "7f", "80", "00ff", "abc"].map((serial) => root.client({ serial })));
    expect(asked.map((one) => parse(one.certificate).serialNumber)).toEqual(["0", "7F", "80", "FF", "0ABC"]);
    await expect(root.client({ serial: "no hex" })).rejects.toThrow('hexadecimal digits, not "no hex"');
  });

  it("chains a client from the leaf through every intermediate, without the root", async () => {
    const root = await createAuthority();
    const issuing = await (await root.intermediate({ commonName: "Policy CA" })).intermediate({
      commonName: "Issuing",
    });
    const client = await issuing.client({ commonName: "batch" });
    const chain = client.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
    expect(chain.map((pem) => parse(pem).subject)).toEqual(["CN=batch", "CN=Issuing", "CN=Policy CA"]);
    expect(pemCount((await root.client()).chain)).toBe(1);
  });

  it("writes PEM as other tools do: 64 columns, line feeds, a PKCS#8 key", async () => {
    const client = await (await createAuthority()).client();
    const lines = client.certificate.split("\n");
    expect(lines[0]).toBe("-----BEGIN CERTIFICATE-----");
    expect(new Set(lines.slice(1, -3).map((line) => line.length))).toEqual(new Set([64]));
    expect(client.certificate.endsWith("\n-----END CERTIFICATE-----\n")).toBe(true);
    expect(client.certificate).not.toContain("\r");
    expect(client.key.startsWith("-----BEGIN PRIVATE KEY-----\n")).toBe(true);
  });

  it("renews an authority: same subject and key, another certificate, and what was issued before still verifies", async () => {
    const root = await createAuthority({ commonName: "Corp Root" });
    const client = parse((await root.client()).certificate);
    const notAfter = new Date("2051-06-01T00:00:00Z");
    const next = await root.renew({ notAfter });
    const [before, after] = [parse(root.certificate), parse(next.certificate)];
    expect(after.fingerprint256).not.toBe(before.fingerprint256);
    expect(after.subject).toBe(before.subject);
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect(new Date(after.validTo)).toEqual(notAfter); // a GeneralizedTime: from 2050 on, UTCTime ends
    expect(client.checkIssued(after) && client.verify(after.publicKey)).toBe(true);
  });

  it("renews an intermediate below the authority that signed it", async () => {
    const root = await createAuthority();
    const issuing = await root.intermediate({ commonName: "Issuing CA" });
    const next = await issuing.renew();
    const [anchor, renewed] = [parse(root.certificate), parse(next.certificate)];
    expect(renewed.checkIssued(anchor) && renewed.verify(anchor.publicKey)).toBe(true);
    expect((await next.client()).chain).toContain(next.certificate);
  });

  it("takes dates, so that tests can have expired and future certificates", async () => {
    const root = await createAuthority({
      notBefore: new Date("2001-01-01T00:00:00Z"),
      notAfter: new Date("2002-03-04T05:06:07Z"),
    });
    expect(parse(root.certificate).validFrom).toBe("Jan  1 00:00:00 2001 GMT");
    expect(parse(root.certificate).validTo).toBe("Mar  4 05:06:07 2002 GMT");
  });

  it("leaves out the extensions it is told to leave out, and only those", async () => {
    const root = await createAuthority();
    const complete = parse((await root.client()).certificate).raw.length;
    const sizes = new Map<string, number>();
    for (const omit of ["authorityKeyIdentifier", "extendedKeyUsage", "keyUsage", "subjectKeyIdentifier"] as const) {
      const leaf = parse((await root.client({ omit: [omit] })).certificate);
      expect(leaf.verify(parse(root.certificate).publicKey)).toBe(true);
      sizes.set(omit, complete - leaf.raw.length);
    }
    // Sizes of the encoded extensions; an ECDSA signature varies by a few bytes.
    for (const [name, size] of [
      ["authorityKeyIdentifier", 33],
      ["extendedKeyUsage", 21],
      ["keyUsage", 16],
      ["subjectKeyIdentifier", 31],
    ] as const) {
      expect(Math.abs(sizes.get(name)! - size)).toBeLessThanOrEqual(4);
    }
    expect(parse((await root.intermediate({ omit: ["basicConstraints"] })).certificate).ca).toBe(false);
    expect(parse((await root.client({ extendedKeyUsage: [] })).certificate).keyUsage).toBeUndefined();
  });

  it("names servers by DNS name and by IPv4 and IPv6 address", async () => {
    const root = await createAuthority();
    const server = await root.server({
      names: ["localhost", "api.example.test"],
      ips: ["127.0.0.1", "::1", "::ffff:10.0.0.1"],
    });
    const certificate = parse(server.certificate);
    expect(certificate.subjectAltName).toBe(
      "DNS:localhost, DNS:api.example.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:0:0:0:0:0:FFFF:A00:1",
    );
    expect(certificate.checkHost("api.example.test")).toBe("api.example.test");
    expect(certificate.checkIP("::1")).toBe("::1");
    await expect(root.server({ names: [], ips: ["not-an-address"] })).rejects.toThrow();
  });
});

describe("a TLS server that demands client certificates", () => {
  let host: Authority;
  beforeAll(async () => {
    host = await createAuthority({ commonName: "Server Root" });
  });

  it.each(["ecdsa-p256", "rsa-2048"] as const)("lets in a %s client that chains to its anchor", async (algorithm) => {
    const clients = await createAuthority({ commonName: "Client Root", algorithm });
    const client = await (await clients.intermediate({ algorithm })).client({ commonName: "billing", algorithm });
    expect(await tlsVerdict(host, [clients.certificate], client)).toEqual({ accepted: true, commonName: "billing" });
  });

  it("turns away a client of another authority with the same name", async () => {
    const [trusted, other] = [await createAuthority(), await createAuthority()];
    expect(await tlsVerdict(host, [trusted.certificate], await other.client())).toEqual({ accepted: false });
  });
});
