import { argumentWarnings, keptArguments, settingsOf, stackConfiguration } from "../../../plugin/configuration";
import { DEFAULT_PROVIDER } from "../../support/pluginServer";

const KEY = "sk-admin-of-the-stack";
const EXPLICIT = "urn:pulumi:test::project::pulumi:providers:openai-certificates::eu";
const configuration = { adminKey: KEY, baseUrl: "https://api.example.test/v1" };

/** The default organization's settings, or what is wrong with it. */
const resolved = (...args: Parameters<typeof settingsOf>) => settingsOf(...args).get("");

describe("the arguments of the default provider, which are the stack's configuration", () => {
  it("go into state without what is secret", () => {
    expect(keptArguments(DEFAULT_PROVIDER, configuration, configuration)).toEqual({ baseUrl: configuration.baseUrl });
  });

  it("get it back from the configuration", () => {
    const kept = keptArguments(DEFAULT_PROVIDER, configuration, configuration);
    expect(resolved(DEFAULT_PROVIDER, kept, configuration, {})).toMatchObject({
      settings: { adminKey: KEY, baseUrl: configuration.baseUrl },
    });
  });

  it("keep a secret that the configuration does not have, since it could not be found again", () => {
    expect(keptArguments(DEFAULT_PROVIDER, { adminKey: "sk-other" }, configuration)).toEqual({ adminKey: "sk-other" });
  });

  it("win over the environment", () => {
    const env = { OPENAI_ADMIN_KEY: "sk-admin-of-the-shell" };
    expect(resolved(DEFAULT_PROVIDER, {}, configuration, env)).toMatchObject({ settings: { adminKey: KEY } });
    expect(resolved(DEFAULT_PROVIDER, {}, {}, env)).toMatchObject({ settings: { adminKey: "sk-admin-of-the-shell" } });
  });
});

describe("warnings about arguments", () => {
  it("name a mistyped key of the stack's configuration, and a key in plain text there", () => {
    const given = { baseurl: "https://api.example.test/v1", adminKey: KEY, version: "0.1.0" };
    expect(argumentWarnings(DEFAULT_PROVIDER, given, new Set())).toEqual([
      expect.stringMatching(
        /^openai-certificates:baseurl is not a setting .*did you mean openai-certificates:baseUrl\?/,
      ),
      expect.stringMatching(/^openai-certificates:adminKey is in plain text in the stack's configuration/),
    ]);
  });

  it("are silent about a secret, and about a program's own arguments, which are in no file of the stack", () => {
    expect(argumentWarnings(DEFAULT_PROVIDER, { adminKey: KEY }, new Set(["adminKey"]))).toEqual([]);
    expect(argumentWarnings(EXPLICIT, { adminKey: KEY }, new Set())).toEqual([]);
  });
});

describe("the arguments of an explicit provider", () => {
  it("stay as they are", () => {
    expect(keptArguments(EXPLICIT, configuration, configuration)).toEqual(configuration);
  });

  it("never take the key out of the stack's configuration, which may belong to another organization", () => {
    expect(resolved(EXPLICIT, { baseUrl: "https://eu.example.test/v1" }, configuration, {})).toHaveProperty("problem");
  });

  it("take the key from the environment, so that the engine can map another variable to it", () => {
    const env = { OPENAI_ADMIN_KEY: "sk-admin-eu" };
    expect(resolved(EXPLICIT, {}, configuration, env)).toMatchObject({ settings: { adminKey: "sk-admin-eu" } });
  });

  it("may be JSON text where they are not text, as SDKs send them", () => {
    const given = { adminKey: KEY, timeoutSeconds: "7", organizations: JSON.stringify({ eu: { adminKey: "sk-eu" } }) };
    const settings = settingsOf(EXPLICIT, given, {}, {});
    expect(settings.get("")).toMatchObject({ settings: { timeoutMs: 7000 } });
    expect(settings.get("eu")).toMatchObject({ settings: { adminKey: "sk-eu", timeoutMs: 7000 } });
  });
});

it("the stack's configuration is what the engine gives in PULUMI_CONFIG", () => {
  expect(stackConfiguration({ PULUMI_CONFIG: '{"adminKey":"a"}' })).toEqual({ adminKey: "a" });
  expect(stackConfiguration({})).toEqual({});
});
