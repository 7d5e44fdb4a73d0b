import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const NAMES = ["certificateProvider", "certificateActivationProvider", "projectCertificateActivationProvider"];

/** The closures as the engine's SDK serializes them, from the package as it is built; outside of Jest's sandbox. */
function serialized(): Record<string, string> {
  const script = `
    const { serializeFunction } = require("@pulumi/pulumi/runtime");
    const closures = require("./dist/sdk/closures");
    (async () => {
      const texts = {};
      for (const name of ${JSON.stringify(NAMES)}) {
        const provider = closures[name];
        texts[name] = (await serializeFunction(() => provider, { allowSecrets: true })).text;
      }
      process.stdout.write(JSON.stringify(texts));
    })();`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }));
}

describe("what state holds of a resource's provider", () => {
  const now = serialized();

  // State of users holds these bytes for as long as their resources live. Where this fails, a release would rewrite every
  // resource's state, and one step back to the release before would rewrite it again: change the closures back instead.
  it.each(NAMES)("%s has the same bytes as in the first release", (name) => {
    const pinned = readFileSync(path.join(ROOT, "test/fixtures/release-0.1.0/closures", `${name}.txt`), "utf8");
    expect(now[name]).toBe(pinned);
  });

  it.each(NAMES)("%s is below 2 kB, and names nothing but the package's entry", (name) => {
    const text = now[name] ?? "";
    expect(Buffer.byteLength(text)).toBeLessThan(2048);
    expect([...text.matchAll(/require\(([^)]*)\)/g)].map(([, module]) => module)).toEqual([
      '"pulumi-openai-certificates/provider"',
    ]);
  });
});
