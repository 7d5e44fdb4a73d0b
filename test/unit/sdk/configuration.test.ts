import * as pulumi from "@pulumi/pulumi";
import { warnAboutConfiguration } from "../../../sdk/configuration";

const KEY = "sk-admin-0123456789";
/** The second argument is not in the SDK's types. */
const setAllConfig = pulumi.runtime.setAllConfig as (values: Record<string, string>, secretKeys: string[]) => void;

describe("a program's configuration", () => {
  let warned: string[];
  beforeEach(async () => {
    warned = [];
    jest.spyOn(pulumi.log, "warn").mockImplementation(async (line) => void warned.push(line));
    await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
  });
  afterEach(() => jest.restoreAllMocks());

  const run = (program: () => void) => pulumi.runtime.runInPulumiStack(async () => program());

  it("that is mistyped, or holds a key in plain text, is warned about once in a run", async () => {
    setAllConfig({ "openai:baseurl": "x", "openai:adminKey": KEY, "openai:clientKey": "-----BEGIN X" }, [
      "openai:clientKey",
    ]);
    for (const times of [1, 2]) {
      await run(() => {
        warnAboutConfiguration();
        warnAboutConfiguration();
      });
      expect(warned).toHaveLength(2 * times);
    }
    expect(warned[0]).toMatch(/^openai:baseurl is not a setting .* did you mean openai:baseUrl\?$/);
    expect(warned[1]).toMatch(/^openai:adminKey is in plain text/);
    expect(warned.join()).not.toContain(KEY);
  });

  it("that is right is not warned about, nor is any outside of a run", async () => {
    warnAboutConfiguration();
    setAllConfig({ "openai:baseUrl": "x", "openai:adminKey": KEY, "aws:region": "eu" }, ["openai:adminKey"]);
    await run(warnAboutConfiguration);
    expect(warned).toEqual([]);
  });
});
