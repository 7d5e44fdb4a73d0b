import { execFileSync } from "node:child_process";
import path from "node:path";
import { pinnedClosure } from "../../support/release";

const ROOT = path.resolve(__dirname, "../../..");
const TYPES = ["Certificate", "CertificateActivation", "ProjectCertificateActivation"];

/** The closures as the engine's SDK serializes them, from the package as it is built; outside of Jest's sandbox. */
function serialized(): Record<string, string> {
  const script = `
    const { serializeFunction } = require("@pulumi/pulumi/runtime");
    const closures = require("./dist/sdk/closures");
    (async () => {
      const texts = {};
      for (const type of ${JSON.stringify(TYPES)}) {
        const provider = closures[type[0].toLowerCase() + type.slice(1) + "Provider"];
        texts[type] = (await serializeFunction(() => provider, { allowSecrets: true })).text;
      }
      process.stdout.write(JSON.stringify(texts));
    })();`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }));
}

describe("what state holds of a resource's provider", () => {
  const now = serialized();

  // State of users holds these bytes for as long as their resources live. Where this fails, a release would rewrite every
  // resource's state, and one step back to the release before would rewrite it again: change the closures back instead.
  it.each(TYPES)("of a %s: the same bytes as in the first release", (type) => {
    expect(now[type]).toBe(pinnedClosure(type));
  });

  it.each(TYPES)("of a %s: below 2 kB, and nothing named but the package's entry", (type) => {
    const text = now[type] ?? "";
    expect(Buffer.byteLength(text)).toBeLessThan(2048);
    expect([...text.matchAll(/require\(([^)]*)\)/g)].map(([, module]) => module)).toEqual([
      '"pulumi-openai-certificates/provider"',
    ]);
  });
});
