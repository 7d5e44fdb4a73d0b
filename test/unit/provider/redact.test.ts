import fc from "fast-check";
import { redact, redactName } from "../../../provider/redact";

const key = fc.string({ minLength: 8, maxLength: 80, unit: fc.constantFrom(..."abcXYZ0189-_+/=.$^*(") });

describe("text from outside, made fit for a message", () => {
  it("holds no known secret, wherever and however often it stood there", () => {
    fc.assert(
      fc.property(key, fc.array(fc.string()), (secret, around) => {
        expect(redact(around.join(secret), [secret])).not.toContain(secret);
      }),
    );
  });

  it.each([
    [
      "a whole key",
      "Incorrect API key provided: sk-admin-AbC_123. See docs.",
      "Incorrect API key provided: [redacted] See docs.",
    ],
    ["the parts of a key that the API shows", "provided: sk-admi*****************wxyz", "provided: [redacted]"],
    ["a bearer token", 'got "authorization: bearer abc.def" here', 'got "authorization: Bearer [redacted] here'],
  ])("masks %s it was not told of", (_, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    ["whole", "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"],
    ["without its end", "-----BEGIN PRIVATE KEY-----\nMIIEvQ"],
    ["on one line", "-----BEGIN EC PRIVATE KEY-----\\nMIIEvQ\\n-----END EC PRIVATE KEY-----"],
  ])("masks a PEM block, %s", (_, pem) => {
    expect(redact(`invalid: ${pem}`)).toBe("invalid: [redacted PEM]");
  });

  it("is one line without control characters, of bounded length", () => {
    expect(redact("one\r\ntwo\u001b[31mred\u009b2K\u2028three\u202e")).toBe("one two [31mred 2K three");
    expect(redact("a".repeat(10_000))).toBe(`${"a".repeat(400)}…`);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(redact(text)).toMatch(/^[^\n\r\u2028\u2029]{0,401}$/);
      }),
    );
  });

  it("leaves a name that people have chosen, unless it can be a key", () => {
    for (const name of ["sk-prod", "sk-telecom", "acme-sk-prod-europe-and-america", "sk"]) {
      expect(redactName(name)).toBe(name);
    }
    for (const name of ["sk-admin-AbC_123-defGHI456jkl", "eu sk-admi*****wxyz"]) {
      expect(redactName(name)).toMatch(/^(eu )?\[redacted\]$/);
    }
    expect(redactName("eu sk-short", ["sk-short"])).toBe("eu [redacted]");
  });

  it("ignores an empty secret", () => {
    expect(redact("as it is", [""])).toBe("as it is");
  });
});
