import fc from "fast-check";
import { oneName } from "../../../provider/settings";
import { problem, settings, usable } from "./configured";

const KEY = "sk-admin-default";

describe("openai:organizations", () => {
  const organizations = {
    eu: { adminKey: "sk-eu", baseUrl: "https://eu.example/v1/" },
    us: { adminKeyEnv: "US_KEY", timeoutSeconds: 5, maxRetries: 0 },
  };

  it.each([
    ["an object", organizations],
    ["the JSON text that the engine hands over", JSON.stringify(organizations)],
  ])("may be %s", (_, given) => {
    const all = settings({ adminKey: KEY, timeoutSeconds: 9, organizations: given }, { US_KEY: "sk-us" });
    expect([...all.keys()]).toEqual(["", "eu", "us"]);
    expect(usable(all)).toMatchObject({ adminKey: KEY });
    expect(usable(all, "eu")).toMatchObject({ adminKey: "sk-eu", baseUrl: "https://eu.example/v1", timeoutMs: 9000 });
    expect(usable(all, "us")).toMatchObject({ adminKey: "sk-us", timeoutMs: 5000, maxRetries: 0 });
  });

  it("are one where the same key reaches the same host, whatever their names", () => {
    const same = { adminKey: KEY };
    const all = settings({ adminKey: KEY, organizations: { ...organizations, main: same, spare: organizations.eu } });
    const names = ["eu", "main", "spare", "us", "nowhere", undefined].map((name) => oneName(all, name));
    expect(names).toEqual([
      { organization: "eu", alias: undefined },
      { organization: undefined, alias: "main" },
      { organization: "eu", alias: "spare" },
      { organization: "us", alias: undefined },
      { organization: "nowhere", alias: undefined },
      { organization: undefined, alias: undefined },
    ]);
  });

  it("need no default key", () => {
    const all = settings({ organizations });
    expect(usable(all, "eu").adminKey).toBe("sk-eu");
    expect(problem(all)).toMatch(/no admin key is configured/);
  });

  it.each([
    [
      "no key at all",
      {},
      /^openai:organizations\.eu has no admin key: name an environment variable in openai:organizations\.eu\.adminKeyEnv, or run .*--path openai:organizations\.eu\.adminKey` \(a map in the stack.s configuration replaces the one in Pulumi\.yaml/,
    ],
    ["an empty key", { adminKey: "" }, /has no admin key/],
    [
      "a variable that is not set",
      { adminKeyEnv: "EU_KEY" },
      /environment variable EU_KEY, named by adminKeyEnv, is not set/,
    ],
    ["a variable that is empty", { adminKeyEnv: "EMPTY" }, /environment variable EMPTY, .* is not set/],
  ])("never fall back to the default key: %s", (_, eu, text) => {
    const all = settings({ adminKey: KEY, organizations: { eu } }, { OPENAI_ADMIN_KEY: "sk-env", EMPTY: "" });
    expect(problem(all, "eu")).toMatch(text);
    expect(usable(all).adminKey).toBe(KEY);
  });

  it.each(["plain-key-0123456789", "two words", "", 7, null])(
    "have no variable called %j, which may be the key itself and is not repeated",
    (adminKeyEnv) => {
      expect(problem(settings({ organizations: { eu: { adminKeyEnv } } }), "eu")).toBe(
        "openai:organizations.eu.adminKeyEnv is not the name of an environment variable",
      );
    },
  );

  it("carry their problems one by one", () => {
    const all = settings({
      adminKey: KEY,
      organizations: {
        good: { adminKey: "sk-good" },
        typo: { adminKey: "sk-typo", adminkey: "x" },
        url: { adminKey: "sk-url", baseUrl: "http://eu.example" },
        number: { adminKey: "sk-n", maxRetries: "x" },
        text: "sk-text",
        list: [],
        nothing: null,
      },
    });
    expect(usable(all).adminKey).toBe(KEY);
    expect(usable(all, "good").adminKey).toBe("sk-good");
    expect(problem(all, "typo")).toMatch(
      /^openai:organizations\.typo has an unknown key "adminkey"; the known ones are adminKey,/,
    );
    expect(problem(all, "url")).toMatch(/^openai:organizations\.url\.baseUrl is refused/);
    expect(problem(all, "number")).toMatch(/^openai:organizations\.number\.maxRetries must be/);
    for (const name of ["text", "list", "nothing"]) {
      expect(problem(all, name)).toBe(
        `openai:organizations.${name} is not an object with keys such as adminKey or baseUrl`,
      );
    }
  });

  it.each(["", " ", null])(
    "take what they leave empty (%j) from the defaults: no key goes to another host",
    (empty) => {
      const eu = {
        adminKey: empty,
        adminKeyEnv: "EU_KEY",
        baseUrl: empty,
        clientCertificate: empty,
        clientKey: empty,
        timeoutSeconds: empty,
        auditLog: empty,
      };
      const defaults = {
        baseUrl: "https://gateway.example/v1",
        clientCertificate: "/a.pem",
        clientKey: "/a.key",
        timeoutSeconds: 7,
        auditLog: true,
      };
      expect(usable(settings({ ...defaults, organizations: { eu } }, { EU_KEY: "sk-eu" }), "eu")).toMatchObject({
        adminKey: "sk-eu",
        baseUrl: "https://gateway.example/v1",
        clientCertificate: "/a.pem",
        clientKey: "/a.key",
        timeoutMs: 7000,
        auditLog: true,
      });
    },
  );

  it.each([7, ["https://eu.example/v1"], {}])("have no base URL like %j, which is not passed over", (baseUrl) => {
    const all = settings({ organizations: { eu: { adminKey: "sk-eu", baseUrl } } });
    expect(problem(all, "eu")).toBe("openai:organizations.eu.baseUrl is not a URL");
  });

  it("are named in their problems, also where a name begins like a key", () => {
    expect(problem(settings({ organizations: { "sk-prod": {} } }), "sk-prod")).toMatch(
      /^openai:organizations\.sk-prod has no admin key: name an environment variable in openai:organizations\.sk-prod\.adminKeyEnv/,
    );
  });

  it("name the default's setting where they take over a wrong one", () => {
    const all = settings({ adminKey: KEY, baseUrl: "http://h", organizations: { eu: { adminKey: "sk-eu" } } });
    expect(problem(all, "eu")).toMatch(/^openai:baseUrl \(or OPENAI_BASE_URL\) is refused/);
  });

  it.each([
    ["{", "is not a JSON object"],
    ["null", "is not an object that maps names to settings"],
    ["[]", "is not an object that maps names to settings"],
    ['"eu"', "is not an object that maps names to settings"],
    [7, "is not an object that maps names to settings"],
    ['{"": {"adminKey": "k"}}', "has an organization without a name"],
  ])("as %j are refused, whichever organization a program names", (given, text) => {
    const all = settings({ adminKey: KEY, organizations: given });
    expect(problem(all)).toBe(`openai:organizations ${text}`);
    expect(problem(all, "eu")).toBe(`openai:organizations ${text}`);
  });

  it("may have a name that every object has", () => {
    const all = settings({ organizations: '{"__proto__": {"adminKey": "k1"}, "constructor": {"adminKey": "k2"}}' });
    expect(usable(all, "__proto__").adminKey).toBe("k1");
    expect(usable(all, "constructor").adminKey).toBe("k2");
    expect(all.get("toString")).toBeUndefined();
    expect(({} as { adminKey?: string }).adminKey).toBeUndefined();
  });
});

describe("a problem of the settings", () => {
  it("never holds a key, wherever that was put by mistake", () => {
    const secret = fc
      .string({ minLength: 20, maxLength: 40, unit: fc.constantFrom(..."abcdefABCDEF0123456789-_") })
      .filter((text) => /[A-Z0-9]/.test(text))
      .map((text) => `sk-${text}`);
    const place = fc.constantFrom(
      ...[
        "adminKey",
        "adminKeyEnv",
        "baseUrl",
        "clientCertificate",
        "clientKey",
        "timeoutSeconds",
        "maxRetries",
        "auditLog",
      ],
    );
    const around = fc.constantFrom(
      "%",
      "%%",
      "% %",
      "\n%\n.",
      "http://%",
      "https://%@h",
      "%://h",
      "%:x",
      '{"%',
      "Bearer %",
    );
    const misplaced = fc.dictionary(place, fc.tuple(around, secret));
    const named = fc.oneof(
      misplaced,
      secret.map((text) => ({ [text]: ["%", text] as [string, string] })),
    );
    const filled = (raw: Record<string, [string, string]>) =>
      Object.fromEntries(Object.entries(raw).map(([name, [pattern, text]]) => [name, pattern.replace(/%/g, text)]));
    fc.assert(
      fc.property(misplaced, named, secret, fc.boolean(), (own, other, name, asText) => {
        const organizations = { [name]: filled(other), other: filled(other), text: name };
        const all = settings({ ...filled(own), organizations: asText ? JSON.stringify(organizations) : organizations });
        const secrets = [name, ...Object.values({ ...own, ...other }).map(([, text]) => text), ...Object.keys(other)];
        for (const found of all.values()) {
          for (const text of secrets.filter((candidate) => candidate.startsWith("sk-"))) {
            expect("problem" in found ? found.problem.toLowerCase() : "").not.toContain(text.toLowerCase());
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
