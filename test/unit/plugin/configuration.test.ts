import {
  argumentProblem,
  argumentWarnings,
  keptArguments,
  settingsOf,
  stackConfiguration,
} from "../../../plugin/configuration";
import { UNKNOWN } from "../../../provider/unknown";
import { DEFAULT_PROVIDER, secret } from "../../support/pluginServer";

const KEY = "sk-admin-of-the-stack";
const explicit = (name: string) => `urn:pulumi:test::project::pulumi:providers:openai-certificates::${name}`;
const EXPLICIT = explicit("eu");
const configuration = { adminKey: KEY, baseUrl: "https://api.example.test/v1" };

/** The default organization's settings, or what is wrong with it. */
const resolved = (...args: Parameters<typeof settingsOf>) => settingsOf(...args).get("");

describe("the arguments of the default provider, which are the stack's configuration", () => {
  it("go into state without what is secret", () => {
    expect(keptArguments(DEFAULT_PROVIDER, configuration, configuration)).toEqual({ baseUrl: configuration.baseUrl });
  });

  it("are read from the configuration as it is today, whatever state says: no new key goes to an address of before", () => {
    const kept = { baseUrl: "https://before.example.test/v1", clientCertificate: "/before.pem", maxRetries: 1 };
    const found = resolved(DEFAULT_PROVIDER, kept, configuration, {});
    expect(found).toMatchObject({ settings: { adminKey: KEY, baseUrl: configuration.baseUrl, maxRetries: 5 } });
    expect(found).not.toHaveProperty("settings.clientCertificate");
    expect(resolved(DEFAULT_PROVIDER, kept, {}, { OPENAI_ADMIN_KEY: KEY })).toMatchObject({
      settings: { baseUrl: "https://api.openai.com/v1" },
    });
  });

  it("are all there is where the engine gives no configuration", () => {
    expect(keptArguments(DEFAULT_PROVIDER, configuration, undefined)).toEqual(configuration);
    expect(resolved(DEFAULT_PROVIDER, configuration, undefined, {})).toMatchObject({ settings: configuration });
  });

  it("win over the environment", () => {
    const env = { OPENAI_ADMIN_KEY: "sk-admin-of-the-shell" };
    expect(resolved(DEFAULT_PROVIDER, {}, configuration, env)).toMatchObject({ settings: { adminKey: KEY } });
    expect(resolved(DEFAULT_PROVIDER, {}, {}, env)).toMatchObject({ settings: { adminKey: "sk-admin-of-the-shell" } });
  });
});

describe("what is said about arguments", () => {
  it("names a mistyped key, and calls nothing plain text: the engine does not tell what is encrypted", () => {
    const given = { baseurl: "https://api.example.test/v1", adminKey: KEY, version: "0.1.0" };
    expect(argumentWarnings(given)).toEqual([
      expect.stringMatching(
        /^openai-certificates:baseurl is not a setting .*did you mean openai-certificates:baseUrl\?/,
      ),
    ]);
  });

  it("refuses a secret in an argument that is kept in plain text, without repeating it", () => {
    const [url, pem] = [
      argumentProblem({ baseUrl: "https://user:password@h/v1" }),
      argumentProblem({ clientCertificate: "-----BEGIN EC PRIVATE KEY-----\nMIIE" }),
    ];
    expect(url).toMatch(/^openai-certificates:baseUrl .* must be a plain URL, without credentials/);
    expect(pem).toMatch(/^openai-certificates:clientCertificate .* holds a private key/);
    expect(`${url}${pem}`).not.toMatch(/password|MIIE/);
    expect(argumentProblem({ ...configuration, clientCertificate: "/chain.pem" })).toBeUndefined();
    expect(argumentProblem({ baseUrl: UNKNOWN, clientCertificate: UNKNOWN })).toBeUndefined();
  });
});

describe("the arguments of an explicit provider", () => {
  it.each(["eu", "default_eu", "defaults", "default-0", "my_default"])(
    "stay as they are, if its name is %s",
    (name) => {
      expect(keptArguments(explicit(name), configuration, configuration)).toEqual(configuration);
      // The key of the stack's configuration may belong to another organization.
      const own = { baseUrl: "https://eu.example.test/v1" };
      expect(resolved(explicit(name), own, configuration, {})).toHaveProperty("problem");
    },
  );

  it.each([
    "default",
    "default_0_1_0",
    "default_0_1_0_alpha_1",
    "default_github_/api.github.com/owner",
    "default_1_2_3_https_/host",
  ])("are not meant where the engine has made the provider, which it calls %s", (name) => {
    expect(resolved(explicit(name), {}, configuration, {})).toMatchObject({ settings: { adminKey: KEY } });
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

  it("may have secrets marked inside JSON text, as SDKs for .NET and Java send them", () => {
    const given = {
      timeoutSeconds: JSON.stringify(secret(7)),
      organizations: JSON.stringify({ eu: { adminKey: secret("sk-eu") } }),
    };
    const settings = settingsOf(EXPLICIT, given, {}, {});
    expect(settings.get("eu")).toMatchObject({ settings: { adminKey: "sk-eu", timeoutMs: 7000 } });
  });
});

it("the stack's configuration is what the engine gives in PULUMI_CONFIG", () => {
  expect(stackConfiguration({ PULUMI_CONFIG: '{"adminKey":"a"}' })).toEqual({ adminKey: "a" });
  expect(stackConfiguration({ PULUMI_CONFIG: "{}" })).toEqual({});
  expect(stackConfiguration({})).toBeUndefined();
});
