import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Emulator, startEmulator, writes } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import type { Declared } from "../../support/program";
import { mustSucceed, type Resource, TestStack } from "../../support/stack";

const [US_KEY, EU_KEY] = ["sk-admin-local-us", "sk-admin-local-eu"];
const [us = "", eu = ""] = realAnchors(2);

describe("two organizations in one program, each with an explicit provider of its own", () => {
  let usa: Emulator;
  let europe: Emulator;
  let stack: TestStack;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-providers-"));
    usa = await startEmulator({ adminKey: US_KEY, stateFile: path.join(folder, "usa.json") });
    europe = await startEmulator({ adminKey: EU_KEY, stateFile: path.join(folder, "europe.json") });
    stack = new TestStack({ transport: "native", env: { OPENAI_ADMIN_KEY: "", ADMIN_KEY_OF_EUROPE: EU_KEY } });
  });
  afterAll(async () => {
    stack.remove();
    await Promise.all([usa.close(), europe.close()]);
    rmSync(folder, { recursive: true });
  });

  const program = (argsOfUs: object): Declared => ({
    providers: {
      us: { args: { baseUrl: usa.url, ...argsOfUs } },
      // The engine gives the provider's process this variable under another name.
      eu: { args: { baseUrl: europe.url }, envVarMappings: { ADMIN_KEY_OF_EUROPE: "OPENAI_ADMIN_KEY" } },
    },
    certificates: { "root-us": { certificate: us }, "root-eu": { certificate: eu } },
    activations: { us: { certificateIds: ["@root-us"] }, eu: { certificateIds: ["@root-eu"] } },
    each: {
      "root-us": { provider: "us" },
      "root-eu": { provider: "eu" },
      us: { provider: "us" },
      eu: { provider: "eu" },
    },
  });
  const active = (emulator: Emulator) =>
    emulator
      .organization()
      .certificates()
      .filter((one) => one.active)
      .map(({ name }) => name);

  it("uploads and activates in each, one scope claimed in each", async () => {
    mustSucceed(await stack.up(program({ adminKey: US_KEY })));
    expect(active(usa)).toEqual(["root-us"]);
    expect(active(europe)).toEqual(["root-eu"]);
  });

  it("keeps a key that is an argument in state encrypted, and one that is mapped nowhere", async () => {
    // The Automation API exports with the secrets shown; what is a secret there is encrypted in the backend.
    const state = (await stack.export()) as { deployment: { resources: Resource[] } };
    const us = state.deployment.resources.find(({ urn }) => urn.endsWith("openai-certificates::us"));
    const encrypted = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    expect(us?.inputs?.["adminKey"]).toMatchObject(encrypted);
    expect(us?.outputs?.["adminKey"]).toMatchObject(encrypted);
    expect(JSON.stringify(state)).not.toContain(EU_KEY);
  });

  it("takes another argument of a provider for a change of the provider alone, never for a replacement", async () => {
    usa.requests.length = 0;
    const { changes, exitCode } = await stack.up(program({ adminKey: US_KEY, maxRetries: 2 }));
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { same: 6, update: 1 } });
    expect(writes(usa.requests)).toEqual([]);
  });

  it("takes a new key of the same organization likewise, as an argument and by its variable", async () => {
    const keys = { us: "sk-admin-local-us-2", eu: "sk-admin-local-eu-2" };
    await Promise.all([usa.close(), europe.close()]);
    [usa, europe] = await Promise.all([again("usa", keys.us, usa), again("europe", keys.eu, europe)]);
    stack.env = { ADMIN_KEY_OF_EUROPE: keys.eu };
    const { changes, exitCode } = await stack.up(program({ adminKey: keys.us, maxRetries: 2 }));
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { same: 6, update: 1 } });
    expect([...writes(usa.requests), ...writes(europe.requests)]).toEqual([]);
    expect([active(usa), active(europe)]).toEqual([["root-us"], ["root-eu"]]);
  });

  /** The same organization at the same address, after its admin key was replaced. */
  function again(name: string, adminKey: string, { url }: Emulator): Promise<Emulator> {
    return startEmulator({ adminKey, port: Number(new URL(url).port), stateFile: path.join(folder, `${name}.json`) });
  }
});
