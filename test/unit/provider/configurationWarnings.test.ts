import { configurationWarnings, plainTextKeys, unknownKeys } from "../../../provider/configurationWarnings";
import { CONFIGURATION_KEYS } from "../../../provider/settingNames";

const KEY = "sk-admin-0123456789";
const PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";

describe("a key of the native plugin's namespace", () => {
  const warnings = (values: Record<string, string>) => configurationWarnings({ values, isSecret: () => true });

  it("is warned about where a program declares classes, which would go to the default address without it", () => {
    expect(warnings({ "openai-certificates:baseUrl": "http://127.0.0.1:8787/v1" })).toEqual([
      "openai-certificates:baseUrl is for the native plugin and has no effect on the classes of pulumi-openai-certificates, which read openai:baseUrl",
    ]);
  });

  it("is not, where the classes have the same key: a stack may be on its way to the plugin", () => {
    expect(warnings({ "openai-certificates:baseUrl": "http://a", "openai:baseUrl": "http://b" })).toEqual([]);
  });
});

describe("a key that is not known", () => {
  it.each([
    ["baseurl", "baseUrl"],
    ["base_url", "baseUrl"],
    ["baseURL", "baseUrl"],
    ["bseUrl", "baseUrl"],
    ["adminkey", "adminKey"],
    ["admin-key", "adminKey"],
    ["adminKeyEnv", "adminKey"],
    ["clientCert", "clientCertificate"],
    ["timeout", "timeoutSeconds"],
    ["timeoutSecond", "timeoutSeconds"],
    ["maxRetry", "maxRetries"],
    ["auditLogs", "auditLog"],
    ["organisations", "organizations"],
    ["organization", "organizations"],
  ])("such as %s is warned about with %s, which it resembles", (key, resembled) => {
    expect(unknownKeys([`openai:${key}`])).toEqual([
      `openai:${key} is not a setting of pulumi-openai-certificates and has no effect; did you mean openai:${resembled}?`,
    ]);
  });

  it.each(["apiKey", "model", "x", "é"])(
    "such as %s, which resembles none, is warned about with all of them",
    (key) => {
      expect(unknownKeys([`openai:${key}`])).toEqual([
        expect.stringMatching(/ has no effect; the known ones are adminKey, .*organizations$/),
      ]);
    },
  );

  it("that is an admin key in the wrong place is not repeated", () => {
    expect(unknownKeys([`openai:${KEY}`])[0]).toMatch(/^openai:\[redacted\] is not a setting/);
  });

  it("is one of this namespace only, and none of those that are known", () => {
    const others = [
      "aws:region",
      "baseurl",
      "myopenai:baseurl",
      "openai-certificates:baseurl",
      "project:openai:baseurl",
    ];
    expect(unknownKeys(others)).toEqual([]);
    expect(unknownKeys(CONFIGURATION_KEYS.map((key) => `openai:${key}`))).toEqual([]);
    expect(unknownKeys(["openai-certificates:baseurl", "openai:baseurl"], "openai-certificates")).toEqual([
      expect.stringContaining("did you mean openai-certificates:baseUrl?"),
    ]);
  });
});

describe("a secret in plain text", () => {
  const open = (values: Record<string, string>, secrets: string[] = []) =>
    plainTextKeys({ values, isSecret: (key) => secrets.includes(key) });

  it("is warned about, without repeating it: an admin key, and a private key that is not a path", () => {
    const [admin, client, ...more] = open({ "openai:adminKey": KEY, "openai:clientKey": PEM });
    expect(admin).toMatch(
      /^openai:adminKey is in plain text .*`pulumi config set --secret openai:adminKey`.*OPENAI_ADMIN_KEY/,
    );
    expect(client).toMatch(/^openai:clientKey is in plain text .*`pulumi config set --secret openai:clientKey`/);
    expect(more).toEqual([]);
    expect(`${admin}${client}`).not.toMatch(/0123456789|MIIE/);
    expect(open({ "openai:clientKey": "/etc/key.pem", "openai:adminKey": " " })).toEqual([]);
  });

  it("is none where the configuration keeps it encrypted", () => {
    const values = {
      "openai:adminKey": KEY,
      "openai:clientKey": PEM,
      "openai:organizations": JSON.stringify({ eu: { adminKey: KEY } }),
    };
    expect(open(values, Object.keys(values))).toEqual([]);
  });

  it("is looked for in every organization", () => {
    const organizations = { eu: { adminKey: KEY, clientKey: PEM }, us: { adminKeyEnv: "US_KEY" }, odd: null };
    expect(open({ "openai:organizations": JSON.stringify(organizations) })).toEqual([
      expect.stringMatching(
        /^openai:organizations\.eu\.adminKey is in plain text .*--secret --path openai:organizations\.eu\.adminKey`/,
      ),
      expect.stringMatching(/^openai:organizations\.eu\.clientKey is in plain text/),
    ]);
    for (const text of ["{", "[]", "7"]) {
      expect(open({ "openai:organizations": text })).toEqual([]);
    }
  });

  it("and a mistyped key are both told", () => {
    const values = { "openai:adminKey": KEY, "openai:baseurl": "x" };
    expect(configurationWarnings({ values, isSecret: () => false })).toHaveLength(2);
  });
});
