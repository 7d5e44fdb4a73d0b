import { type Emulator, startEmulator } from "../../emulator";
import { fingerprintOf, realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TestStack } from "../support/stack";

const KEY = "sk-admin-local-e2e";
const [first = "", second = "", third = ""] = realAnchors(3);

const declared: Declared = {
  certificates: { first: { certificate: first }, second: { certificate: second } },
  activations: { org: { certificateIds: ["@first"] } },
};

describe("functions in a program on the real engine, with the key in the stack's configuration alone", () => {
  let emulator: Emulator;
  let stack: TestStack;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    stack = new TestStack({
      env: { OPENAI_ADMIN_KEY: "" },
      config: { "openai:adminKey": { value: KEY, secret: true }, "openai:baseUrl": { value: emulator.url } },
    });
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
  });

  function reads(): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const { method, path } of emulator.requests.splice(0)) {
      if (method === "GET") {
        const call = path.replace("/organization/certificates", "").replace(/cert_\w+/, "{id}") || "/";
        counted[call] = (counted[call] ?? 0) + 1;
      }
    }
    return counted;
  }

  const byOutput: Declared = { ...declared, calls: { byId: ["getCertificateOutput", { id: "@first" }] } };

  it("make no call in a preview in which their arguments are not known", async () => {
    expect((await stack.preview(byOutput)).exitCode).toBe(0);
    // The look that plans the active set is the provider's.
    expect(reads()).toEqual({ "/": 1 });
  });

  it("read what the same run has created, once it is there", async () => {
    const { exitCode, outputs } = await stack.up(byOutput);
    expect(exitCode).toBe(0);
    expect(outputs?.["byId"]).toMatchObject({
      id: outputs?.["first"],
      name: "first",
      fingerprint: fingerprintOf(first),
    });
    expect(reads()["/{id}"]).toBe(1);
  });

  it("read by name, by state or everything, for one list and one content in all; the key goes into no output", async () => {
    const { exitCode, outputs } = await stack.up({
      ...declared,
      calls: {
        byName: ["getCertificate", { name: "second" }],
        all: ["getCertificates", {}],
        active: ["getCertificates", { active: true }],
        inactive: ["getCertificatesOutput", { active: false }],
      },
    });
    expect(exitCode).toBe(0);
    expect(reads()).toEqual({ "/": 1 + 1, "/{id}": 1 });
    const { byName, all, active, inactive } = outputs as Record<string, unknown>;
    expect(byName).toMatchObject({ name: "second", active: false, fingerprint: fingerprintOf(second) });
    expect(all).toHaveLength(2);
    expect(active).toMatchObject([{ name: "first" }]);
    expect(inactive).toMatchObject([{ name: "second" }]);
    expect(JSON.stringify(outputs)).not.toContain(KEY);
  });

  it("wait for what dependsOn names: unknown in a preview that would create it, and then a list that shows it", async () => {
    const later: Declared = {
      ...declared,
      trustAnchors: { more: { anchors: { third }, activate: false } },
      calls: { all: ["getCertificatesOutput", {}, "@more"] },
    };
    reads();
    expect((await stack.preview(later)).exitCode).toBe(0);
    expect(reads()).toEqual({ "/": 1 });
    const { exitCode, outputs } = await stack.up(later);
    expect(exitCode).toBe(0);
    expect(outputs?.["all"]).toEqual(expect.arrayContaining([expect.objectContaining({ name: "third" })]));
  });

  it("end a program with their message alone where they find nothing", async () => {
    const { exitCode, output } = await stack.preview({
      ...declared,
      calls: { none: ["getCertificate", { name: "x" }] },
    });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/getCertificate: the organization has no certificate named "x"; it has cert_\w+ "/);
    expect(output).not.toMatch(/^\s+at /m);
  });
});
