import { type Emulator, startEmulator } from "../../../emulator";
import { httpTransport } from "../../../provider/api/transport";
import { ProviderError } from "../../../provider/errors";
import { Session } from "../../../provider/session";
import { resolveSettings } from "../../../provider/settings";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { Said } from "../../support/rig";

const [first = "", second = ""] = realAnchors(2);

describe("a session", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: { main: "sk-main", eu: "sk-eu" } });
    emulator.organization("main").upload({ name: "main", certificate: first });
    emulator.organization("eu").upload({ name: "eu", certificate: second });
  });
  afterAll(() => emulator.close());

  const session = (config: Record<string, unknown>, env = {}) => {
    const given: Record<string, unknown> = { baseUrl: emulator.url, ...config };
    const settings = resolveSettings((key) => given[key.replace("openai:", "")], env);
    return new Session(settings, { clock: new FakeClock(), log: new Said(), transport: httpTransport });
  };

  it("opens each organization once, with its own key", async () => {
    const open = session({ adminKey: "sk-main", organizations: { eu: { adminKeyEnv: "EU" } } }, { EU: "sk-eu" });
    const [main, eu] = [open.organization(undefined), open.organization("eu")];
    expect([main.name, eu.name]).toEqual([undefined, "eu"]);
    expect(open.organization(undefined)).toBe(main);
    expect(open.organization("eu")).toBe(eu);
    expect((await main.look()).map(({ name }) => name)).toEqual(["main"]);
    expect((await eu.look()).map(({ name }) => name)).toEqual(["eu"]);
  });

  it("takes names with one key for one organization only where host and client certificate are the same, too", () => {
    const organizations = {
      same: { adminKey: "sk-main" },
      elsewhere: { adminKey: "sk-main", baseUrl: "http://127.0.0.1:1/v1" },
      presenting: { adminKey: "sk-main", clientCertificate: "client.pem", clientKey: "client.key" },
    };
    const open = session({ adminKey: "sk-main", organizations });
    const [main, ...others] = [undefined, ...Object.keys(organizations)].map((name) => open.organization(name));
    expect(others[0]).toBe(main);
    expect(new Set(others).size).toBe(3);
  });

  it("makes no call before it is asked to", () => {
    emulator.requests.length = 0;
    session({ adminKey: "sk-main" }).organization(undefined);
    expect(emulator.requests).toEqual([]);
  });

  it.each([
    ["none so far", { adminKey: "sk-main" }],
    ["configured: eu, us", { organizations: { eu: { adminKey: "a" }, us: {} } }],
  ])("names the organizations there are where a program names another: %s", (names, config) => {
    const problem = `organization "asia" is not configured: add it to openai:organizations (${names})`;
    const open = session(config);
    expect(open.problem("asia")).toBe(problem);
    expect(() => open.organization("asia")).toThrow(new ProviderError(problem));
  });

  it("tells an organization's own problem, and none where it can be used", () => {
    const open = session({ organizations: { eu: { adminKey: "sk-eu" }, us: {} } });
    expect(open.problem("eu")).toBeUndefined();
    expect(open.problem(undefined)).toMatch(/^no admin key is configured/);
    expect(open.problem("us")).toMatch(/^openai:organizations\.us has no admin key/);
    expect(() => open.organization("us")).toThrow(/^openai:organizations\.us has no admin key/);
  });

  it("blames openai:organizations where that cannot be read, not the name in the program", () => {
    const open = session({ adminKey: "sk-main", organizations: "{" });
    expect(open.problem("eu")).toBe("openai:organizations is not a JSON object");
    expect(open.problem(undefined)).toBe("openai:organizations is not a JSON object");
    expect(() => open.organization("eu")).toThrow("openai:organizations is not a JSON object");
  });

  it.each([
    ["https://api.openai.com/v1", undefined],
    ["https://eu.api.openai.com/v1", undefined],
    ["https://mtls-us.api.openai.com/v1", undefined],
    ["http://127.0.0.1:1/v1", undefined],
    ["https://api-openai.example/v1", "api-openai.example"],
    ["https://api.openai.com.example:8443/v1", "api.openai.com.example:8443"],
    ["https://notapi.openai.com/v1", "notapi.openai.com"],
  ])("says once where the key goes, unless that is the vendor or this machine: %s", (baseUrl, host) => {
    const said = new Said();
    const given: Record<string, unknown> = {
      adminKey: "sk-main",
      organizations: { eu: { adminKey: "sk-eu", baseUrl } },
    };
    const settings = resolveSettings((key) => given[key.replace("openai:", "")], {});
    const open = new Session(settings, { clock: new FakeClock(), log: said, transport: httpTransport });
    for (const name of ["eu", undefined, "eu"]) {
      open.organization(name);
    }
    const line = `the admin key is sent to ${host}, which is not a host of OpenAI, because openai:organizations.eu.baseUrl says so`;
    expect(said.lines).toEqual(host === undefined ? [] : [line]);
  });

  it("repeats no key that was given as a name", () => {
    const open = session({ organizations: { "sk-admin-Configured-0123456789": {}, "sk-prod": {} } });
    expect(open.problem("sk-admin-Named-0123456789")).toMatch(
      /^organization "\[redacted\]" is not configured.*\(configured: \[redacted\], sk-prod\)$/,
    );
  });
});
