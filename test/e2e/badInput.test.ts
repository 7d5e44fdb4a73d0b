import { createAuthority, type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { type StackOptions, TestStack } from "../support/stack";

const KEY = "sk-admin-local-e2e";
const anchors = realAnchors(51);
const [first = "", second = ""] = anchors;
const one = (certificate: string, more = {}): Declared => ({ certificates: { root: { certificate, ...more } } });

describe("bad input on the real engine", () => {
  let emulator: Emulator;
  const stacks: TestStack[] = [];

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
  });
  afterAll(async () => {
    for (const stack of stacks) {
      stack.remove();
    }
    await emulator.close();
  });

  async function preview(declared: Declared, env: Record<string, string> = {}, config: StackOptions["config"] = {}) {
    const stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url, ...env }, config });
    stacks.push(stack);
    emulator.requests.length = 0;
    const { exitCode, output, error = "" } = await stack.preview(declared);
    return { failed: exitCode !== 0, shown: output + error, calls: emulator.requests.length };
  }

  it.each<[string, () => Promise<Declared>, RegExp]>([
    [
      "a private key",
      async () => one((await createAuthority()).key),
      /resource 'root' has a problem: certificate holds a private key/,
    ],
    ["no certificate", async () => one("hello"), /certificate holds no PEM certificate/],
    ["a bundle", async () => one(first + second), /certificate holds 2 certificates/],
    [
      "an expired certificate",
      async () => one((await createAuthority({ notAfter: new Date(Date.now() - 1000) })).certificate),
      /certificate expired on/,
    ],
    [
      "a required client that is a private key",
      async () => ({ activations: { org: { certificateIds: [], requiredClients: [(await createAuthority()).key] } } }),
      /requiredClients\[0\] holds a private key/,
    ],
    [
      "an organization that is not configured",
      async () => one(first, { organization: "eu" }),
      /organization "eu" is not configured/,
    ],
  ])(
    "refuses %s in preview: the property named, nothing sent, no content, no stack trace",
    async (_, declared, message) => {
      const program = await declared();
      const { failed, shown, calls } = await preview(program);
      expect(failed).toBe(true);
      expect(shown).toMatch(message);
      expect(calls).toBe(0);
      expect(shown).not.toMatch(/-----BEGIN|^\s+at /m);
    },
  );

  it("says both ways to give a key where there is none", async () => {
    const { shown } = await preview(one(first), { OPENAI_ADMIN_KEY: "" });
    expect(shown).toMatch(/OPENAI_ADMIN_KEY.*openai:adminKey/);
  });

  it("shows the API's status, code and request id for a wrong key, and never the key", async () => {
    const { shown, calls } = await preview(
      { activations: { org: { certificateIds: [] } } },
      { OPENAI_ADMIN_KEY: "sk-wrong-key" },
    );
    expect(shown).toMatch(/GET \/organization\/certificates: 401 invalid_api_key: .*\(request req_\w+\)/);
    expect(shown).not.toMatch(/sk-wrong-key|^\s+at /m);
    expect(calls).toBe(1);
  });

  it("refuses plain http to anything but loopback at once", async () => {
    const { shown } = await preview(one(first), { OPENAI_BASE_URL: "http://api.example.test/v1" });
    expect(shown).toMatch(/openai:baseUrl \(or OPENAI_BASE_URL\) is refused: the admin key is sent only over https/);
  });

  it("says which host cannot be reached", async () => {
    const gone = await startEmulator({ adminKey: KEY });
    await gone.close();
    const { shown } = await preview(
      { activations: { org: { certificateIds: [] } } },
      { OPENAI_BASE_URL: gone.url },
      { "openai:maxRetries": { value: "0" } },
    );
    expect(shown).toMatch(new RegExp(`cannot reach ${new URL(gone.url).origin}: ECONNREFUSED`));
    expect(shown).not.toMatch(/^\s+at /m);
  });

  it("refuses the 51st certificate before it is sent, in preview and in the run, and keeps the others in state", async () => {
    const stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
    stacks.push(stack);
    const all = Object.fromEntries(anchors.map((certificate, index) => [`root-${index}`, { certificate }]));
    const tooMany =
      /"root-\d+" would be one upload too many: the organization has 0 certificates and may hold 50, and this run would upload 51/;
    emulator.requests.length = 0;
    const previewed = await stack.preview({ certificates: all });
    expect(previewed.exitCode).not.toBe(0);
    expect(previewed.output).toMatch(tooMany);
    expect(writes(emulator.requests)).toEqual([]);
    const { exitCode, output } = await stack.up({ certificates: all });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(tooMany);
    const created = emulator.organization().certificates();
    expect(writes(emulator.requests)).toHaveLength(created.length);
    expect(created.length).toBeLessThanOrEqual(50);
    expect(
      stack
        .resources()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(created.map(({ id }) => id).sort());
  });

  it("refuses a second activation of one scope when the program runs, whatever its kind", async () => {
    const { failed, shown, calls } = await preview({
      activations: { one: { certificateIds: [] }, two: { certificateIds: [], exclusive: false } },
    });
    expect(failed).toBe(true);
    expect(shown).toMatch(/"one" and "two" are both activations of the organization, and a program may have only one/);
    expect(shown).toMatch(/Collect all ids in the certificateIds of one/);
    expect(shown).not.toMatch(/^\s+at /m);
    expect(calls).toBeLessThanOrEqual(1);
  });

  it("reads the key from the stack's configuration before the environment, as a secret", async () => {
    const { failed, calls } = await preview(
      { activations: { org: { certificateIds: [] } } },
      { OPENAI_ADMIN_KEY: "sk-wrong" },
      { "openai:adminKey": { value: KEY, secret: true } },
    );
    expect({ failed, calls }).toEqual({ failed: false, calls: 1 });
  });
});
