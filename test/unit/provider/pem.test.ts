import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { createAuthority } from "../../../emulator";
import { type ParsedCertificate, parsePem } from "../../../provider/pem";
import { fingerprintOf, realAnchors } from "../../support/anchors";

const [first = "", second = ""] = realAnchors(2);

function certificateOf(text: string): ParsedCertificate {
  const parsed = parsePem(text);
  if ("problem" in parsed) {
    throw new Error(parsed.problem);
  }
  return parsed.certificate;
}

function problemOf(text: string): string {
  const parsed = parsePem(text);
  return "problem" in parsed ? parsed.problem : "no problem";
}

const derOf = (pem: string) => new X509Certificate(pem).raw;
const block = (base64: string, label = "CERTIFICATE") =>
  `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
const wrapped = (base64: string, columns: number) => base64.match(new RegExp(`.{1,${columns}}`, "g"))?.join("\n") ?? "";

describe("a PEM certificate", () => {
  it("is made canonical: LF, 64 columns, nothing around it", () => {
    const { pem } = certificateOf(first);
    expect(pem).toBe(block(wrapped(derOf(first).toString("base64"), 64)));
    expect(certificateOf(pem).pem).toBe(pem);
  });

  it("of Node's own list keeps its bytes, fingerprint and dates, each of them", () => {
    expect(rootCertificates.length).toBeGreaterThan(100);
    for (const pem of rootCertificates) {
      const x509 = new X509Certificate(pem);
      const { pem: canonical, ...parsed } = certificateOf(pem);
      expect(derOf(canonical).equals(x509.raw)).toBe(true);
      expect(parsed).toEqual({
        fingerprint: x509.fingerprint256.replace(/:/g, "").toLowerCase(),
        subject: x509.subject.split("\n").join(", "),
        validAt: new Date(x509.validFrom),
        expiresAt: new Date(x509.validTo),
      });
    }
  });

  it("is the same whatever its line width, line endings, blank lines, trailing spaces and the text around it", () => {
    const base64 = derOf(first).toString("base64");
    const around = fc.string({ maxLength: 40 }).map((text) => text.replace(/-/g, "~"));
    const dressing = fc.record({
      columns: fc.integer({ min: 1, max: 100 }),
      eol: fc.constantFrom("\n", "\r\n", "\n\n", "  \n", "\t\r\n"),
      label: fc.constantFrom("CERTIFICATE", "X509 CERTIFICATE"),
      before: around,
      after: around,
    });
    fc.assert(
      fc.property(dressing, ({ columns, eol, label, before, after }) => {
        const text = `${before}\n${block(wrapped(base64, columns), label)}${after}`.replace(/\n/g, eol);
        expect(certificateOf(text)).toEqual(certificateOf(first));
      }),
    );
  });

  it("keeps its comments out of what is sent and compared", () => {
    const commented = `# Subject: root\n  friendlyName: x\n${first}\n# end\n`;
    expect(certificateOf(commented)).toEqual(certificateOf(first));
  });

  it("tells its subject on one line, and its dates", async () => {
    const notAfter = new Date("2049-12-31T23:59:59Z");
    const authority = await createAuthority({ commonName: "Root", organization: "Corp", notAfter });
    expect(certificateOf(authority.certificate)).toMatchObject({ subject: "O=Corp, CN=Root", expiresAt: notAfter });
  });

  it("may be valid beyond 2049, where X.509 writes its dates in another form", async () => {
    const notAfter = new Date("9999-12-31T23:59:59Z");
    const authority = await createAuthority({ notAfter });
    expect(certificateOf(authority.certificate).expiresAt).toEqual(notAfter);
  });

  it("may be without a subject", async () => {
    const authority = await createAuthority({ commonName: "" });
    expect(certificateOf(authority.certificate)).toMatchObject({
      subject: "",
      fingerprint: fingerprintOf(authority.certificate),
    });
  });
});

describe("what is refused as a certificate", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const encrypted = { format: "pem", cipher: "aes-256-cbc", passphrase: "x" } as const;
  const keys: [string, string][] = [
    ["PKCS#8", String(rsa.export({ type: "pkcs8", format: "pem" }))],
    ["RSA", String(rsa.export({ type: "pkcs1", format: "pem" }))],
    ["EC", String(ec.export({ type: "sec1", format: "pem" }))],
    ["ENCRYPTED", String(ec.export({ type: "pkcs8", ...encrypted }))],
    ["OPENSSH", block("b3BlbnNzaC1rZXktdjEAAAAA", "OPENSSH PRIVATE KEY")],
  ];

  describe.each(keys)("a private key (%s)", (_, key) => {
    const body = key.split("\n").filter((line) => line !== "" && !line.startsWith("-"));
    const [begin = "", end = ""] = key.split("\n").filter((line) => line.startsWith("-"));

    it.each([
      ["alone", key],
      ["before a certificate", `${key}${first}`],
      ["behind a certificate", `${first}${key}`],
      ["behind a certificate, CRLF", `${first}${key}`.replace(/\n/g, "\r\n")],
      ["without its END line", `${first}${key.replace(end, "")}`],
      ["without its BEGIN line", `${key.replace(begin, "")}${first}`],
      ["in UTF-16", Buffer.from(`${key}${first}`, "utf16le").toString("latin1")],
      ["with the two characters \\n for its line breaks", `${key}${first}`.replaceAll("\n", "\\n")],
      ["in lower case", `${key.replace(begin, begin.toLowerCase()).replace(end, end.toLowerCase())}${first}`],
    ])("%s, without repeating any of it", (_where, text) => {
      const problem = problemOf(text);
      expect(problem).toMatch(/^holds a private key; give only the certificate/);
      for (const line of body) {
        expect(problem).not.toContain(line);
      }
    });
  });

  const der = derOf(first);
  it.each([
    ["nothing", "", /^holds no PEM certificate/],
    ["other text", "hello", /^holds no PEM certificate/],
    ["the path of a file", "./anchors/corp-root.pem", /^is the name of a file, not its text: read the file/],
    ["the address of a file", "https://pki.example/root.CRT\n", /^is the name of a file, not its text/],
    ["a PEM text in base64", Buffer.from(first).toString("base64"), /^is base64 around a PEM text: decode it first/],
    ["a DER file read as Latin-1", der.toString("latin1"), /^is DER, the binary form: .*`openssl x509 -inform der /],
    ["a DER file read as UTF-8", der.toString("utf8"), /^is DER, the binary form/],
    [
      "OpenSSL's own form of a certificate",
      block(der.toString("base64"), "TRUSTED CERTIFICATE"),
      /^holds a TRUSTED CERTIFICATE, .*`openssl x509 -in FILE -out anchor\.pem`/,
    ],
    [
      "UTF-16 read as UTF-8",
      Buffer.from(`\ufeff${first}`, "utf16le").toString("utf8"),
      /^is UTF-16 text.*save it as UTF-8$/,
    ],
    ["big-endian UTF-16", Buffer.from(first, "utf16le").swap16().toString("latin1"), /^is UTF-16 text/],
    [
      "line breaks that became two characters",
      first.replaceAll("\n", "\\n"),
      /^has the two characters \\n where its line breaks should be/,
    ],
    ["some line breaks that became two characters", first.replace(/\n(?=\w)/, "\\n"), /^has the two characters \\n/],
    [
      "base64 without its lines",
      der.toString("base64"),
      /^is base64 without its lines BEGIN CERTIFICATE and END CERTIFICATE/,
    ],
    [
      "a certificate request",
      block(der.toString("base64"), "CERTIFICATE REQUEST"),
      /^holds a certificate request, not/,
    ],
    [
      "a PKCS #7 bundle",
      block(der.toString("base64"), "PKCS7"),
      /^holds a PKCS #7 bundle, .*`openssl pkcs7 -print_certs`/,
    ],
    ["a public key", block(der.toString("base64"), "PUBLIC KEY"), /^holds a public key, not a certificate$/],
    ["another kind of PEM", block(der.toString("base64"), "ATTRIBUTE CERTIFICATE"), /^holds no PEM certificate/],
    ["a bundle", `${first}${second}`, /^holds 2 certificates; the API would take the first/],
    ["one certificate twice", `${first}${first}`, /^holds 2 certificates/],
    ["base64 that is garbage", block("AAAA!!"), /holds more than base64/],
    ["base64 in the URL alphabet", block(`${der.toString("base64url")}-_`), /no END line, or holds more than base64/],
    ["base64 of something else", block(Buffer.from("hello").toString("base64")), /does not decode to X\.509/],
    ["base64 of a PEM text", block(Buffer.from(first).toString("base64")), /^is not a readable certificate/],
    ["an empty block", block(""), /holds more than base64/],
    ["a truncated DER", block(der.subarray(0, -1).toString("base64")), /does not decode to X\.509/],
    ["bytes behind the DER", block(Buffer.concat([der, Buffer.of(0)]).toString("base64")), /bytes follow/],
    ["a second DER behind the DER", block(Buffer.concat([der, derOf(second)]).toString("base64")), /bytes follow/],
    ["a block without its END line", first.replace(/-----END.*/, ""), /has no END line/],
    ["an unfinished block before a whole one", `${first.slice(0, 200)}\n${first}`, /^holds 2 certificates/],
    ["a comment inside the block", first.replace("\n", "\n# comment\n"), /holds more than base64/],
  ])("%s", (_, text, problem) => {
    expect(problemOf(text)).toMatch(problem);
  });

  it("one of 16 kB, which the API does not take, and not one of less", async () => {
    const alternatives = (count: number) =>
      Array.from({ length: count }, (_, n) => `host-${n}.${"a".repeat(50)}.example`);
    const sized = async (count: number) =>
      (await createAuthority({ commonName: "Big", organization: alternatives(count).join() })).certificate;
    const [small, big] = [await sized(80), await sized(250)];
    expect(small.length).toBeLessThan(16 * 1024);
    expect(certificateOf(small).fingerprint).toBe(fingerprintOf(small));
    expect(big.length).toBeGreaterThan(16 * 1024);
    expect(problemOf(big)).toMatch(/^is \d+\.\d kB as PEM; the API takes less than 16 kB$/);
  });

  it("any text at all, without an exception and without repeating any of it", () => {
    const secret = fc.string({ minLength: 12, maxLength: 60, unit: fc.constantFrom(..."ABCDEFabcdef0123456789+/") });
    const fragment = fc.oneof(
      fc
        .constantFrom("CERTIFICATE", "X509 CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", "PUBLIC KEY")
        .chain((label) => fc.constantFrom(`-----BEGIN ${label}-----`, `-----END ${label}-----`, `----BEGIN ${label}-`)),
      fc.string(),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => block(Buffer.from(bytes).toString("base64"))),
      fc.nat({ max: der.length - 1 }).map((length) => block(der.subarray(0, length).toString("base64"))),
      fc.tuple(fc.nat({ max: der.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
        const changed = Buffer.from(der);
        changed[at] = byte;
        return block(changed.toString("base64"));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fragment, secret)), fc.array(secret), (parts, secrets) => {
        const parsed = parsePem([...parts, ...secrets].join("\n"));
        if ("problem" in parsed) {
          for (const text of [...parts, ...secrets].filter(({ length }) => length >= 12)) {
            expect(parsed.problem).not.toContain(text);
          }
        } else {
          expect(parsed.certificate.fingerprint).toBe(fingerprintOf(parsed.certificate.pem));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("a megabyte of BEGIN lines, as quickly as any other text", () => {
    expect(problemOf("-----BEGIN CERTIFICATE-----\n".repeat(40_000))).toMatch(/^holds 40000 certificates/);
    expect(problemOf(`-----BEGIN ${"A".repeat(1_000_000)}`)).toMatch(/^holds no PEM certificate/);
    expect(problemOf("-".repeat(1_000_000))).toMatch(/^holds no PEM certificate/);
  });
});
