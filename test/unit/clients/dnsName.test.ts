import { isCovered, isDnsBase, isDnsName, mayStandFor } from "../../../provider/clients/dnsName";

/** What webpki's own tables say (rustls/webpki, src/subject_name/dns_name.rs); the other verifiers take more. */
describe("a DNS name as webpki reads it", () => {
  const label63 = "a".repeat(63);
  it.each(["a", "a1", "1.a", "_spiffe.corp.test", "xn--poema-9qae5a.com.br", "*.b.a", "*.co.uk", `${label63}.test`])(
    "may be %s",
    (name) => expect(isDnsName(name)).toBe(true),
  );

  it.each([
    ["", "empty"],
    [".", "no name at all"],
    ["example.com.", "absolute"],
    [".uk", "without a first label"],
    ["a..b", "with an empty label"],
    ["10.0.0.7", "an address"],
    ["host.123", "with digits alone at its end"],
    ["-a.test", "with a label that begins with a hyphen"],
    ["corp-.test", "with a label that ends with a hyphen"],
    [`${label63}a.test`, "with a label of 64 characters"],
    [`${"a.".repeat(126)}aa`, "of 254 characters"],
    ["*", "a wildcard alone"],
    ["*.internal", "a wildcard above one label"],
    ["*.10.1", "a wildcard above an address"],
    ["d.*.b.a", "a wildcard in the middle"],
    ["w*.bar.foo.com", "a part of a wildcard"],
    ["*.*.com", "two wildcards"],
    ["?.bar.foo.com", "another character"],
    ["www.foo.com\0", "with a zero character"],
    ["ä.test", "not ASCII"],
  ])("is not %j: %s", (name) => expect(isDnsName(name)).toBe(false));

  it("is a constraint where it is empty or begins with a dot, too, and never with a wildcard", () => {
    const bases = ["", "internal", "example.com", ".example.com", "corp-", "123", ".", "example.com.", "*.example.com"];
    expect(bases.filter(isDnsBase)).toEqual(["", "internal", "example.com", ".example.com"]);
  });
});

describe("a DNS constraint", () => {
  it.each([
    ["example.com", "", true],
    ["www.example.com", ".example.com", true],
    ["example.com", ".example.com", false],
    ["www.example.com", ".xample.com", false],
    ["badexample.com", "example.com", false],
    ["www.example.com", "example.com", true],
    ["example.com", "www.example.com", false],
    ["*.example.com", ".example.com", true],
    ["*.example.com", "example.com", true],
    ["*.example.com", "www.example.com", false],
    ["*.example.com", ".exampl.com", false],
  ])("on %s by %j: covered %s", (name, base, covered) => expect(isCovered(name, base)).toBe(covered));

  it("may cover what a wildcard stands for", () => {
    expect(mayStandFor("*.example.com", "www.example.com")).toBe(true);
    expect(mayStandFor("*.example.com", "www.other.com")).toBe(false);
    expect(mayStandFor("example.com", "www.example.com")).toBe(false);
  });
});
