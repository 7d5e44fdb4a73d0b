import fc from "fast-check";
import { ENVIRONMENT_ONLY, isLoopback, resolveSettings } from "../../../provider/settings";
import { problem, settings, usable } from "./configured";

const KEY = "sk-admin-default";

describe("the default organization's settings", () => {
  it("need nothing but a key", () => {
    const { names, ...usual } = usable(settings({ adminKey: KEY }));
    expect(usual).toEqual({
      adminKey: KEY,
      baseUrl: "https://api.openai.com/v1",
      timeoutMs: 30_000,
      maxRetries: 5,
      auditLog: false,
    });
    expect(names).toMatchObject({
      baseUrl: "openai:baseUrl (or OPENAI_BASE_URL)",
      timeoutSeconds: "openai:timeoutSeconds",
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
      expect(problem(settings(config))).toMatch(
        /OPENAI_ADMIN_KEY, or run `pulumi config set --secret openai:adminKey`$/,
      );
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
      /^openai:baseUrl \(or OPENAI_BASE_URL\) is refused: the admin key is sent only over https/,
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

describe("openai:auditLog", () => {
  it.each([
    [true, true],
    ["true", true],
    [" true ", true],
    [false, false],
    ["false", false],
    ["", false],
    [null, false],
    [undefined, false],
  ])("may be %j", (auditLog, expected) => {
    expect(usable(settings({ adminKey: KEY, auditLog })).auditLog).toBe(expected);
  });

  it.each(["yes", "TRUE", 1, 0, [], {}])("cannot be %j", (auditLog) => {
    expect(problem(settings({ adminKey: KEY, auditLog }))).toBe("openai:auditLog must be true or false");
  });

  it("of a named organization is its own, else the default one's", () => {
    const all = settings({
      auditLog: true,
      organizations: { eu: { adminKey: "k" }, us: { adminKey: "k", auditLog: false } },
    });
    expect([usable(all, "eu").auditLog, usable(all, "us").auditLog]).toEqual([true, false]);
  });
});

describe("another namespace", () => {
  const native = (config: Record<string, unknown>) => resolveSettings((key) => config[key], {}, "openai-certificates");

  it("is where the settings are looked up, and what they are called", () => {
    const all = native({ "openai-certificates:adminKey": KEY, "openai:adminKey": "other" });
    expect(usable(all)).toMatchObject({
      adminKey: KEY,
      names: {
        baseUrl: "openai-certificates:baseUrl (or OPENAI_BASE_URL)",
        maxRetries: "openai-certificates:maxRetries",
      },
    });
    expect(all.namespace).toBe("openai-certificates");
  });

  it("is named by every problem", () => {
    const organizations = { eu: { adminKey: "k", timeoutSeconds: 0 }, us: {}, typo: { admin: 1 }, text: "x" };
    const all = native({
      "openai-certificates:adminKey": KEY,
      "openai-certificates:maxRetries": -1,
      "openai-certificates:organizations": organizations,
    });
    const none = native({});
    const unreadable = native({ "openai-certificates:organizations": "[]" });
    const problems = [
      problem(none),
      problem(unreadable),
      ...["", ...Object.keys(organizations)].map((name) => problem(all, name)),
    ];
    for (const one of problems) {
      expect(one).toContain("openai-certificates:");
      expect(one).not.toContain("openai:");
    }
  });
});

describe("the environment alone", () => {
  const alone = (env: Record<string, string>) => resolveSettings(() => "never asked", env, ENVIRONMENT_ONLY);

  it("gives all that can be given, and is what settings are called by", () => {
    expect(usable(alone({ OPENAI_ADMIN_KEY: KEY }))).toMatchObject({
      adminKey: KEY,
      names: { baseUrl: "OPENAI_BASE_URL", clientKey: "OPENAI_MTLS_KEY" },
    });
  });

  it("is what its problems speak of", () => {
    expect(problem(alone({}))).toBe("no admin key is configured: set the environment variable OPENAI_ADMIN_KEY");
    expect(problem(alone({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: "x" }))).toBe("OPENAI_BASE_URL is not a URL");
  });
});

describe("a client certificate", () => {
  it("holds no private key: it is not secret, and may be kept in plain text", () => {
    const clientCertificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----BEGIN PRIVATE KEY-----\nMIIE";
    expect(problem(settings({ adminKey: KEY, clientCertificate, clientKey: "/k.pem" }))).toBe(
      "openai:clientCertificate (or OPENAI_MTLS_CERT_CHAIN) holds a private key: " +
        "give the certificates alone, and the key in openai:clientKey (or OPENAI_MTLS_KEY)",
    );
  });

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
