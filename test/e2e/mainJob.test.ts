import { type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { TestStack } from "../support/stack";

const KEY = "sk-admin-local-e2e";
const anchors = realAnchors(14);

/** Twelve certificates and one activation of all of them. */
const twelve = declareAnchors(12);

function declareAnchors(count: number, change: (name: string, certificate: string) => object = () => ({})): Declared {
  const entries = anchors
    .slice(0, count)
    .map((certificate, index) => [`root-${index}`, { certificate, ...change(`root-${index}`, certificate) }] as const);
  return {
    certificates: Object.fromEntries(entries),
    activations: { org: { certificateIds: entries.map(([name]) => `@${name}`) } },
  };
}

describe("certificates and the active set on the real engine, with pages of seven", () => {
  let emulator: Emulator;
  let stack: TestStack;
  let ids: Record<string, string>;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY, maxPageSize: 7 });
    stack = new TestStack({ env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
  });

  /** Calls since the last time, ids left out, counted. */
  function calls(): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const { method, path } of emulator.requests.splice(0)) {
      const call = `${method} ${path.replace("/organization/certificates", "").replace(/cert_[0-9a-f]+/, "{id}") || "/"}`;
      counted[call] = (counted[call] ?? 0) + 1;
    }
    return counted;
  }
  const active = () =>
    emulator
      .organization()
      .certificates()
      .filter((one) => one.active)
      .map(({ name }) => name);

  it("previews twelve uploads and the plan of the active set, and writes nothing", async () => {
    const { exitCode, output, changes } = await stack.preview(twelve);
    expect(exitCode).toBe(0);
    expect(changes).toEqual({ create: 14 });
    expect(output).toMatch(/\+ activate "root-11" \(to be created, expires/);
    expect(output).toMatch(/mTLS enforcement turns ON in the organization/);
    expect(calls()).toEqual({ "GET /": 1 });
  });

  it("uploads and activates them: twelve uploads, two toggles, and two looks of one and two pages", async () => {
    const { exitCode, outputs } = await stack.up(twelve);
    expect(exitCode).toBe(0);
    expect(calls()).toEqual({ "POST /": 12, "POST /activate": 2, "GET /": 1 + 2 });
    const { "org:active": set, ...created } = outputs as Record<string, string> & { "org:active": string[] };
    ids = created;
    expect(set).toEqual(Object.values(ids).sort());
    expect(active()).toHaveLength(12);
  });

  it("finds nothing to do in a second run, for the pages of one list", async () => {
    const { exitCode, changes } = await stack.up(twelve, { expectNoChanges: true });
    expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: { same: 14 } });
    expect(calls()).toEqual({ "GET /": 2 });
  });

  it("finds no drift, for the pages of one list", async () => {
    expect((await stack.drift(twelve)).exitCode).toBe(0);
    expect(calls()).toEqual({ "GET /": 2 });
  });

  it("takes white space, line endings and comments in a PEM for no change", async () => {
    const dressed = declareAnchors(12, (_, pem) => ({
      certificate: `# ours\r\n\r\n${pem.replace(/\n/g, "\r\n")}\r\n \r\n`,
    }));
    expect((await stack.up(dressed, { expectNoChanges: true })).exitCode).toBe(0);
    expect(writes(emulator.requests)).toEqual([]);
    calls();
  });

  it("renames in place with one POST", async () => {
    const renamed = declareAnchors(12, (name) => (name === "root-3" ? { name: "third" } : {}));
    expect((await stack.up(renamed)).changes).toEqual({ same: 13, update: 1 });
    expect(calls()).toMatchObject({ "POST /{id}": 1 });
    expect((await stack.up(twelve)).exitCode).toBe(0);
    calls();
  });

  describe("drift is found with exit code 7, and repaired by an up", () => {
    const org = () => emulator.organization();
    let foreign: string;
    // A name is compared with state, so it is a refresh that shows what was renamed by hand.
    it.each<[string, () => void, RegExp, object, { refresh?: boolean }]>([
      [
        "an anchor deactivated: by a plain up",
        () => org().deactivate([ids["root-1"] ?? ""]),
        /activate cert_\w+ "root-1"/,
        { "POST /activate": 1 },
        {},
      ],
      [
        "an anchor renamed: by an up with --refresh",
        () => org().rename(ids["root-2"] ?? "", "hacked"),
        /root-2.*\n?.*~name/,
        { "POST /{id}": 1 },
        { refresh: true },
      ],
      [
        "a foreign anchor activated: by a plain up",
        () => {
          foreign = org().upload({ name: "foreign", certificate: anchors[13] ?? "" });
          org().activate([foreign]);
        },
        /deactivate cert_\w+ "foreign"/,
        { "POST /deactivate": 1 },
        {},
      ],
      [
        "an anchor deleted: by a plain up",
        () => org().remove(ids["root-4"] ?? ""),
        /root-4/,
        { "POST /": 1, "POST /activate": 1 },
        {},
      ],
    ])("%s", async (_, tamper, shown, repair, more) => {
      tamper();
      calls();
      const drift = await stack.drift(twelve);
      expect(drift.exitCode).toBe(7);
      expect(drift.output).toMatch(shown);
      expect(writes(emulator.requests)).toEqual([]);
      calls();
      expect((await stack.up(twelve, more)).exitCode).toBe(0);
      const { "GET /": _pages, "GET /{id}": _confirmation, ...written } = calls();
      expect(written).toMatchObject(repair);
      expect((await stack.drift(twelve)).exitCode).toBe(0);
      calls();
    });

    it("and the foreign anchor was deactivated, never deleted", () => {
      expect(
        org()
          .certificates()
          .find(({ id }) => id === foreign),
      ).toMatchObject({ name: "foreign", active: false });
      expect(active()).toHaveLength(12);
    });
  });

  it("rotates an anchor in place: create, activate, deactivate, delete", async () => {
    const rotated = declareAnchors(12, (name) => (name === "root-5" ? { certificate: anchors[12] ?? "" } : {}));
    const { exitCode, output } = await stack.up(rotated);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/- deactivate cert_\w+ "root-5"/);
    const order = writes(emulator.requests).map(({ method, path }) => `${method} ${path.replace(/cert_\w+/, "{id}")}`);
    expect(order).toEqual([
      "POST /organization/certificates",
      "POST /organization/certificates/activate",
      "POST /organization/certificates/deactivate",
      "DELETE /organization/certificates/{id}",
    ]);
    calls();
    expect((await stack.up(twelve)).exitCode).toBe(0);
    calls();
  });

  it("refreshes without writing, and reads a certificate by its id with Certificate.get", async () => {
    expect((await stack.refresh()).exitCode).toBe(0);
    expect(calls()).toEqual({ "GET /": 2 });
    const read = { ...twelve, get: { read: ids["root-0"] ?? "" } };
    expect((await stack.up(read)).outputs?.["read"]).toMatchObject({ name: "root-0" });
    expect(calls()).toEqual({ "GET /": 2, "GET /{id}": 1 });
    await stack.up(twelve);
    calls();
  });

  it("holds little in state: one constant line for each type, and no key", () => {
    const resources = stack.resources();
    expect(resources).toHaveLength(13);
    const lines = resources.flatMap(({ type, inputs, outputs }) =>
      [inputs, outputs].map((held) => `${type} ${held?.["__provider"]}`),
    );
    expect(new Set(lines).size).toBe(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(600);
    expect(JSON.stringify(resources)).not.toContain(KEY);
  });

  it("keeps the set and says once who holds the certificates, where a destroy was not announced", async () => {
    const { exitCode, output } = await stack.destroy();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/the active set of the organization stays as it is without its activation: cert_\w+/);
    // The engine repeats an error in its progress and its summary; one certificate's has the way to proceed.
    const advised = output.match(/cert_\w+ "[\w-]+" is not deleted: .*set deactivateOnDelete: true on the activation/g);
    expect(new Set(advised).size).toBe(1);
    expect(active()).toHaveLength(12);
    const { "DELETE /{id}": refused, "GET /": looks, ...other } = calls();
    expect(refused).toBeGreaterThanOrEqual(12);
    // Two pages for what stays active, and two for the holders, who may be projects, too.
    expect(looks).toBe(2 + 2);
    expect(Object.keys(other).filter((call) => !call.startsWith("GET /organization/projects"))).toEqual([]);
  });

  it("destroys everything after an up with deactivateOnDelete: the set first, then each certificate", async () => {
    const announced = { ...twelve, activations: { org: { ...twelve.activations?.["org"], deactivateOnDelete: true } } };
    const up = await stack.up(announced as Declared);
    expect(up.exitCode).toBe(0);
    expect(up.output).toMatch(/deactivateOnDelete is set: deleting, renaming or replacing this activation deactivates/);
    expect(writes(emulator.requests)).toEqual([]);
    calls();
    const { exitCode, output } = await stack.destroy();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/nothing is active in the organization any more/);
    expect(calls()).toEqual({ "GET /": 2, "POST /deactivate": 2, "DELETE /{id}": 12 });
    expect(
      emulator
        .organization()
        .certificates()
        .map(({ name }) => name),
    ).toEqual(["foreign"]);
  });
});
