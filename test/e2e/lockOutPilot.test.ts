import { writeFileSync } from "node:fs";
import path from "node:path";
import { createAuthority, type Emulator, type Issued, startEmulator, writes } from "../../emulator";
import { mustSucceed, TestStack } from "../support/stack";
import { ask } from "../support/traffic";

const KEY = "sk-admin-local-pilot";
const projects = [
  { id: "proj_pilot", name: "Pilot" },
  { id: "proj_rest", name: "Everything else" },
];

describe("the example pilot on the real engine", () => {
  let emulator: Emulator;
  let stack: TestStack;
  let gateway: Issued;
  let stranger: Issued;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY, mtlsPort: 0, projects });
    stack = new TestStack({
      example: "pilot",
      env: { OPENAI_ADMIN_KEY: KEY },
      config: { "openai:baseUrl": { value: emulator.url } },
    });
    // An anchor whose key is at hand, in the place of the example's.
    const root = await createAuthority({ commonName: "Corp Root" });
    gateway = await root.client({ commonName: "gateway" });
    stranger = await (await createAuthority({ commonName: "Nobody's" })).client({ commonName: "stranger" });
    writeFileSync(path.join(stack.workDir, "anchors/corp-root-2026.pem"), root.certificate);
    requireClient(gateway);
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
  });

  function requireClient({ chain }: Issued): void {
    writeFileSync(path.join(stack.workDir, "clients/gateway.pem"), chain);
  }

  function configure(wholeOrganization: boolean, more: Readonly<Record<string, string>> = {}) {
    const config = { pilotProject: "proj_pilot", wholeOrganization: String(wholeOrganization), ...more };
    const values = Object.entries(config).map(([key, value]) => [`openai-certificates-pilot:${key}`, { value }]);
    return {
      project: "openai-certificates-pilot",
      config: { "openai:baseUrl": { value: emulator.url }, ...Object.fromEntries(values) },
    };
  }

  /** What the gateway and a stranger are answered, in the pilot project and in another. */
  async function doors() {
    const [pilot, rest] = [[], []] as [string[], string[]];
    for (const client of [gateway, stranger]) {
      pilot.push(await ask(emulator, client, "proj_pilot"));
      rest.push(await ask(emulator, client, "proj_rest"));
    }
    return { pilot, rest };
  }
  const REFUSED = "certificate_verification_failed";

  it("enforces in the pilot project alone first, then everywhere, and goes the same way back", async () => {
    requireClient(stranger);
    const refused = await stack.preview({}, configure(true));
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/required client CN=stranger .*would be locked out of project proj_pilot/);
    expect(writes(emulator.requests)).toEqual([]);
    requireClient(gateway);

    const first = await stack.up({}, configure(false));
    expect(first).toMatchObject({ exitCode: 0, changes: { create: 4 }, outputs: { activeInOrganization: [] } });
    expect(first.output).toMatch(
      /mTLS enforcement by the project's own anchors turns ON in project proj_pilot: .*checked before the organization's/,
    );
    expect(await doors()).toEqual({ pilot: ["ok", REFUSED], rest: ["ok", "ok"] });

    const then = await stack.up({}, configure(true));
    expect(then.output).toMatch(/mTLS enforcement turns ON in the organization/);
    expect(then.outputs?.["activeInOrganization"]).toEqual(then.outputs?.["activeInPilot"]);
    expect(await doors()).toEqual({ pilot: ["ok", REFUSED], rest: ["ok", REFUSED] });

    const back = await stack.up({}, configure(false));
    expect(back.output).toMatch(/mTLS enforcement turns OFF in the organization: no client certificate is asked for/);
    expect(await doors()).toEqual({ pilot: ["ok", REFUSED], rest: ["ok", "ok"] });

    const throwAway = configure(false, { deactivateOnDelete: "true" });
    mustSucceed(await stack.up({}, throwAway));
    mustSucceed(await stack.destroy(throwAway));
    expect(await doors()).toEqual({ pilot: ["ok", "ok"], rest: ["ok", "ok"] });
    expect(emulator.organization().certificates()).toEqual([]);
  });
});
