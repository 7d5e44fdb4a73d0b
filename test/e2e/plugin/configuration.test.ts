import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import type { Transport } from "../../support/program";
import { mustSucceed, type Resource, TestStack } from "../../support/stack";
import { keysFor } from "../../support/transports";

const [OLD_KEY, NEW_KEY] = ["sk-admin-local-old", "sk-admin-local-new"];
const [root = ""] = realAnchors(1);
const declared = {
  certificates: { root: { certificate: root } },
  activations: { org: { certificateIds: ["@root"] } },
};

/** A stack whose configuration changes after its first `up`: another key, at another address. */
class Changing {
  readonly stack: TestStack;
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-configuration-"));
  before!: Emulator;
  after!: Emulator;

  constructor(private readonly transport: Transport) {
    this.stack = new TestStack({ transport, env: { OPENAI_ADMIN_KEY: "", OPENAI_BASE_URL: "" } });
  }

  /** Answers what the first `up` has printed. */
  async start(): Promise<string> {
    const files = ["before.json", "after.json"].map((name) => path.join(this.folder, name)) as [string, string];
    this.before = await startEmulator({ adminKey: OLD_KEY, stateFile: files[0] });
    const up = await this.stack.up(declared, this.configured(OLD_KEY, this.before));
    mustSucceed(up);
    copyFileSync(...files);
    this.after = await startEmulator({ adminKey: NEW_KEY, stateFile: files[1] });
    this.before.requests.length = 0;
    return up.output;
  }

  /** The configuration of today. */
  get changed() {
    return this.configured(NEW_KEY, this.after);
  }

  async end(): Promise<void> {
    this.stack.remove();
    await Promise.all([this.before?.close(), this.after?.close()]);
    rmSync(this.folder, { recursive: true });
  }

  private configured(adminKey: string, { url }: Emulator) {
    const config = { "openai:adminKey": { value: adminKey, secret: true }, "openai:baseUrl": { value: url } };
    return { config: keysFor<{ value: string; secret?: boolean }>(this.transport, config) };
  }
}

describe("the stack's configuration, for the plugin's default provider", () => {
  const changing = new Changing("native");
  const { stack } = changing;
  let firstUp: string;

  beforeAll(async () => {
    firstUp = await changing.start();
  });
  afterAll(() => changing.end());

  it("keeps a key that is encrypted there out of state, and does not call it plain text", async () => {
    const state = (await stack.export()) as { deployment: { resources: Resource[] } };
    expect(JSON.stringify(state)).not.toContain(OLD_KEY);
    expect(firstUp).not.toContain("plain text");
  });

  it.each([
    ["a refresh", () => stack.refresh(changing.changed)],
    ["up --refresh", () => stack.up(declared, { refresh: true, ...changing.changed })],
    ["a destroy", () => stack.destroy(changing.changed)],
  ])("is today's as a whole in %s: no new key goes to an address of before", async (_, operation) => {
    changing.after.requests.length = 0;
    const { output } = await operation();
    expect(changing.before.requests).toEqual([]);
    expect({ output, calls: changing.after.requests.length }).not.toMatchObject({ calls: 0 });
  });
});

describe("the stack's configuration, for the classes", () => {
  const changing = new Changing("dynamic");
  afterEach(() => changing.end());

  it("is that of the last up in a refresh, key and address together, because the engine takes it from state", async () => {
    await changing.start();
    mustSucceed(await changing.stack.refresh(changing.changed));
    expect(changing.before.requests).toMatchObject([{ status: 200 }]);
    expect(changing.after.requests).toEqual([]);
  });
});
