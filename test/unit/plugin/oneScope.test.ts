import { ScopeClaims } from "../../../provider/activation/oneScope";

const organization = { organization: undefined, projectId: undefined };
const by = (name: string) => ({ key: `urn:${name}`, name });

describe("the activations of a program", () => {
  it("have a scope each: a second one of the same scope is refused, and both are named", () => {
    const claims = new ScopeClaims();
    expect(claims.claim(organization, by("a"))).toBeUndefined();
    expect(claims.claim(organization, by("b"))).toMatch(
      /^"a" and "b" are both activations of the organization, .* Collect all ids in the certificateIds of one/,
    );
    expect(claims.claim({ ...organization, organization: "eu" }, by("b"))).toBeUndefined();
    expect(claims.claim({ ...organization, projectId: "proj_a" }, by("c"))).toBeUndefined();
    expect(claims.claim({ organization: "eu", projectId: "proj_a" }, by("d"))).toBeUndefined();
    expect(claims.claim({ organization: "eu", projectId: "proj_a" }, by("e"))).toMatch(
      /of project proj_a \(organization "eu"\)/,
    );
  });

  it("are told which names lead to one organization", () => {
    const named = (alias: string) => ({ ...organization, alias });
    for (const [first, second] of [
      [organization, named("main")],
      [named("main"), organization],
    ] as const) {
      const claims = new ScopeClaims();
      expect(claims.claim(first, by("a"))).toBeUndefined();
      expect(claims.claim(second, by("b"))).toMatch(
        /of the organization \(the default organization and organization "main" have the same admin key and base URL\), and/,
      );
    }
  });

  it("may claim their scope again, because the engine checks a resource twice when it replaces it", () => {
    const claims = new ScopeClaims();
    expect(claims.claim(organization, by("a"))).toBeUndefined();
    expect(claims.claim(organization, by("a"))).toBeUndefined();
  });
});
