import fc from "fast-check";
import {
  type Environment,
  isLoopback,
  type Resolved,
  resolveSettings,
  type Settings,
} from "../../../provider/settings";

const KEY = "sk-admin-default";

/** Settings as a stack configuration (keys without their namespace) and an environment make them. */
function settings(config: Record<string, unknown>, env: Environment = {}): Settings {
  return resolveSettings((key) => config[key.replace(/^openai:/, "")], env);
}

function resolved(settings: Settings, name = ""): Resolved {
  const found = settings.get(name);
  if (found === undefined) {
    throw new Error(`no organization ${name}`);
  }
  return found;
}

function usable(settings: Settings, name = "") {
  const found = resolved(settings, name);
  if ("problem" in found) {
    throw new Error(found.problem);
  }
  return found.settings;
}

function problem(settings: Settings, name = ""): string {
  const found = resolved(settings, name);
  return "problem" in found ? found.problem : "no problem";
}

describe("the default organization's settings", () => {
  it("need nothing but a key", () => {
    expect(usable(settings({ adminKey: KEY }))).toEqual({
      adminKey: KEY,
      baseUrl: "https://api.openai.com/v1",
      timeoutMs: 30_000,
      maxRetries: 5,
    });
  });

  it("come from the environment where the stack configuration says nothing", () => {
    const env = {
      OPENAI_ADMIN_KEY: "sk-env",
      OPENAI_BASE_URL: "https://env.example/v1",
      OPENAI_MTLS_CERT_CHAIN: "/env/chain.pem",
      OPENAI_MTLS_KEY: "/env/key.pem",
    };
    const fromEnvironment = {
      adminKey: "sk-env",
      baseUrl: "https://env.example/v1",
      clientCertificate: "/env/chain.pem",
      clientKey: "/env/key.pem",
    };
    expect(usable(settings({}, env))).toMatchObject(fromEnvironment);
    const empty = { adminKey: "", baseUrl: " ", clientCertificate: "", clientKey: "" };
    expect(usable(settings(empty, env))).toMatchObject(fromEnvironment);
    const config = {
      adminKey: "sk-config",
      baseUrl: "https://config.example/v1",
      clientCertificate: "/config/chain.pem",
      clientKey: "/config/key.pem",
    };
    expect(usable(settings(config, env))).toMatchObject(config);
  });

  it("without a key say both ways to give one", () => {
    for (const config of [{}, { adminKey: "" }, { adminKey: "  \n" }, { adminKey: 7 }]) {
      expect(problem(settings(config))).toMatch(/pulumi config set --secret openai:adminKey.*OPENAI_ADMIN_KEY/);
    }
  });

  it("take a key as it came out of a file, but none with something inside it that no key has", () => {
    expect(usable(settings({ adminKey: `${KEY}\n` })).adminKey).toBe(KEY);
    for (const inside of [" ", "\n", "\r\nx-evil: 1", "\u0000", "ü"]) {
      expect(problem(settings({ adminKey: `sk-${inside}x` }))).toMatch(/^openai:adminKey .*characters that no key has/);
    }
  });
});

describe("openai:baseUrl", () => {
  const accepted = (baseUrl: string) => usable(settings({ adminKey: KEY, baseUrl })).baseUrl;

  it.each([
    ["https://api.openai.com/v1", "https://api.openai.com/v1"],
    ["https://api.openai.com/v1/", "https://api.openai.com/v1"],
    ["https://api.openai.com/v1//", "https://api.openai.com/v1"],
    [" https://api.openai.com ", "https://api.openai.com"],
    ["https://gateway.example:8443/openai/v1?", "https://gateway.example:8443/openai/v1"],
    ["http://localhost:8080/v1", "http://localhost:8080/v1"],
    ["HTTP://LOCALHOST/v1", "http://localhost/v1"],
    ["http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1"],
    ["http://127.99.3.4/v1", "http://127.99.3.4/v1"],
    ["http://127.1/v1", "http://127.0.0.1/v1"],
    ["http://[::1]:8080/v1", "http://[::1]:8080/v1"],
  ])("%s is called as %s", (given, called) => {
    expect(accepted(given)).toBe(called);
  });

  it.each([
    "http://api.openai.com/v1",
    "http://127.0.0.1.example.com/v1",
    "http://localhost.example.com/v1",
    "http://128.0.0.1/v1",
    "http://10.0.0.1/v1",
    "http://0.0.0.0/v1",
    "http://[::2]/v1",
    "http://[::ffff:10.0.0.1]/v1",
    "ftp://localhost/v1",
    "file:///etc/passwd",
  ])("%s is refused: plain http is for loopback", (baseUrl) => {
    expect(problem(settings({ adminKey: KEY, baseUrl }))).toMatch(
      /^openai:baseUrl \(or OPENAI_BASE_URL\) is refused: the admin key is sent over https only/,
    );
  });

  it.each(["https://user:secret@h/v1", "https://user@h/v1", "https://h/v1?key=secret", "https://h/v1#secret"])(
    "%s is refused for what does not belong there, and not repeated",
    (baseUrl) => {
      const text = problem(settings({ adminKey: KEY, baseUrl }));
      expect(text).toMatch(/must be a plain URL, without credentials, query or fragment/);
      expect(text).not.toMatch(/secret|user/);
    },
  );

  it.each(["api.openai.com/v1", "/v1", "https://", "https://a b/"])("%s is no URL", (baseUrl) => {
    expect(problem(settings({ adminKey: KEY, baseUrl }))).toMatch(/is not a URL$/);
  });

  it("is on loopback for exactly the addresses that never leave the machine", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isLoopback(new URL(`http://${address}`).hostname)).toBe(address.startsWith("127."));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const { hostname } = new URL(`http://[${address}]`);
        expect(isLoopback(hostname)).toBe(hostname === "[::1]");
      }),
    );
    const likely = fc.constantFrom("x127.0.0.1", "127.0.0.1x", "127.0.0", "localhost.", "a.localhost", "::1", "[::1]x");
    fc.assert(
      fc.property(fc.oneof(fc.domain(), likely), (name) => {
        expect(isLoopback(name)).toBe(false);
      }),
    );
  });
});

describe("numbers", () => {
  it.each([
    [30, 30_000],
    ["30", 30_000],
    [" 0.5 ", 500],
    [1.001, 1001],
    [3600, 3_600_000],
    ["", 30_000],
    [null, 30_000],
  ])("openai:timeoutSeconds may be %j", (timeoutSeconds, timeoutMs) => {
    expect(usable(settings({ adminKey: KEY, timeoutSeconds })).timeoutMs).toBe(timeoutMs);
  });

  it("openai:timeoutSeconds is always whole milliseconds, as a timer needs", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 3600, noNaN: true }), (timeoutSeconds) => {
        const { timeoutMs } = usable(settings({ adminKey: KEY, timeoutSeconds }));
        expect(AbortSignal.timeout(timeoutMs)).toBeInstanceOf(AbortSignal);
        expect(timeoutMs).toBeGreaterThan(0);
      }),
    );
  });

  it.each([0, -1, "0", 3601, "soon", " ", "Infinity", Number.NaN, true, [5], {}])(
    "openai:timeoutSeconds cannot be %j",
    (timeoutSeconds) => {
      expect(problem(settings({ adminKey: KEY, timeoutSeconds }))).toBe(
        "openai:timeoutSeconds must be a number above 0 and up to 3600",
      );
    },
  );

  it.each([
    [0, 0],
    ["0", 0],
    ["7", 7],
    [100, 100],
  ])("openai:maxRetries may be %j", (maxRetries, expected) => {
    expect(usable(settings({ adminKey: KEY, maxRetries })).maxRetries).toBe(expected);
  });

  it.each([-1, 1.5, 101, "many", true, []])("openai:maxRetries cannot be %j", (maxRetries) => {
    expect(problem(settings({ adminKey: KEY, maxRetries }))).toBe(
      "openai:maxRetries must be a whole number from 0 to 100",
    );
  });
});

describe("a client certificate", () => {
  it("needs its key, and a key its certificate", () => {
    expect(problem(settings({ adminKey: KEY, clientCertificate: "/a.pem" }))).toMatch(
      /^openai:clientCertificate .*is given without clientKey; a client certificate needs both/,
    );
    expect(problem(settings({ adminKey: KEY }, { OPENAI_MTLS_KEY: "/k.pem" }))).toMatch(
      /^openai:clientKey \(or OPENAI_MTLS_KEY\) is given without clientCertificate/,
    );
  });

  it("of a named organization is never completed with half of the default one", () => {
    const organizations = {
      own: { adminKey: "k1", clientCertificate: "/own.pem", clientKey: "/own.key" },
      half: { adminKey: "k2", clientCertificate: "/own.pem" },
      none: { adminKey: "k3" },
    };
    const all = settings({ adminKey: KEY, clientCertificate: "/a.pem", clientKey: "/a.key", organizations });
    expect(usable(all, "own")).toMatchObject({ clientCertificate: "/own.pem", clientKey: "/own.key" });
    expect(problem(all, "half")).toMatch(/^openai:organizations\.half\.clientCertificate is given without clientKey/);
    expect(usable(all, "none")).toMatchObject({ clientCertificate: "/a.pem", clientKey: "/a.key" });
  });
});

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

  it("need no default key", () => {
    const all = settings({ organizations });
    expect(usable(all, "eu").adminKey).toBe("sk-eu");
    expect(problem(all)).toMatch(/no admin key is configured/);
  });

  it.each([
    ["no key at all", {}, /openai:organizations\.eu has no admin key: run .*--path openai:organizations\.eu\.adminKey/],
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
      /^openai:organizations\.typo has an unknown key "adminkey"; known are adminKey,/,
    );
    expect(problem(all, "url")).toMatch(/^openai:organizations\.url\.baseUrl is refused/);
    expect(problem(all, "number")).toMatch(/^openai:organizations\.number\.maxRetries must be/);
    for (const name of ["text", "list", "nothing"]) {
      expect(problem(all, name)).toBe(
        `openai:organizations.${name} is not an object with keys like adminKey or baseUrl`,
      );
    }
  });

  it("name the default's setting where they take over a wrong one", () => {
    const all = settings({ adminKey: KEY, baseUrl: "http://h", organizations: { eu: { adminKey: "sk-eu" } } });
    expect(problem(all, "eu")).toMatch(/^openai:baseUrl \(or OPENAI_BASE_URL\) is refused/);
  });

  it.each([
    ["{", "is not a JSON object"],
    ["null", "is not an object from names to settings"],
    ["[]", "is not an object from names to settings"],
    ['"eu"', "is not an object from names to settings"],
    [7, "is not an object from names to settings"],
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
      .string({ minLength: 12, maxLength: 40, unit: fc.constantFrom(..."abcdefABCDEF0123456789-_") })
      .map((text) => `sk-${text}`);
    const place = fc.constantFrom(
      ...["adminKey", "adminKeyEnv", "baseUrl", "clientCertificate", "clientKey", "timeoutSeconds", "maxRetries"],
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
