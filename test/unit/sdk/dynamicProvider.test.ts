import { type Export, providerText } from "../../../sdk/dynamicProvider";
import { pinnedProvider, resourcesOf } from "../../support/release";

const TYPES: readonly [string, Export][] = [
  ["Certificate", "certificate"],
  ["CertificateActivation", "certificateActivation"],
  ["ProjectCertificateActivation", "projectCertificateActivation"],
];

/** The provider that the process of the engine gets out of a text: it evaluates it, and calls `handler`. */
function evaluate(text: string, require: (module: string) => unknown): unknown {
  const exports: { handler?: () => unknown } = {};
  new Function("exports", "require", text)(exports, require);
  return exports.handler?.();
}

describe("what state holds of a resource's provider", () => {
  // State of users holds these bytes for as long as their resources live. Where this fails, a release would rewrite every
  // resource's state, and one step back to the release before would rewrite it again: change the text back instead.
  it.each(TYPES)("of a %s: the same bytes as in the first release", (type, name) => {
    expect(providerText(name)).toBe(pinnedProvider(type));
  });

  it("is the same in every copy of a release's state", () => {
    const held = resourcesOf("release-0.1.0").filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    expect(held.length).toBeGreaterThanOrEqual(TYPES.length);
    for (const { type, inputs, outputs } of held) {
      const text = pinnedProvider(type.split(":").at(-1) ?? "");
      expect([inputs?.["__provider"], outputs?.["__provider"]]).toEqual([text, text]);
    }
  });

  it.each(TYPES)("of a %s: one line below 500 bytes that names nothing but the package's entry", (_, name) => {
    const text = providerText(name);
    expect(text).not.toContain("\n");
    expect(Buffer.byteLength(text)).toBeLessThan(500);
    expect([...text.matchAll(/require\(([^)]*)\)/g)].map(([, module]) => module)).toEqual([
      '"pulumi-openai-certificates/provider"',
    ]);
  });

  it.each(TYPES)("of a %s: leads to the lifecycle that the entry exports", (_, name) => {
    const entry = require("../../../provider") as Record<string, unknown>;
    expect(entry[name]).toEqual(expect.objectContaining({ check: expect.any(Function), diff: expect.any(Function) }));
    expect(evaluate(providerText(name), () => entry)).toBe(entry[name]);
  });

  it("says in one line which package cannot be loaded, why, and what to do", () => {
    const cause = () => {
      throw new Error("Cannot find module 'undici'\nRequire stack:\n- /program/index.js");
    };
    let thrown: Error | undefined;
    try {
      evaluate(providerText("certificate"), cause);
    } catch (error) {
      thrown = error as Error;
    }
    expect(`${thrown}: ${thrown?.stack}`).toBe(
      "pulumi-openai-certificates: cannot load the package pulumi-openai-certificates: Cannot find module 'undici'. " +
        "Add it to the dependencies in the package.json of this Pulumi program, and install them",
    );
  });
});
