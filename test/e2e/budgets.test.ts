import { X509Certificate } from "node:crypto";
import { type Emulator, startEmulator } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { Gate } from "../support/gate";
import type { Declared } from "../support/program";
import { TestStack } from "../support/stack";

const KEY = "sk-admin-local-budgets";
/** Whose dates no other has: where dates fit, an upload may be a twin, and that costs a look at the other's content. */
const anchors = realAnchors(100)
  .filter((pem, _, all) => all.filter((other) => datesOf(other) === datesOf(pem)).length === 1)
  .slice(0, 55);

function datesOf(pem: string): string {
  const { validFrom, validTo } = new X509Certificate(pem);
  return `${validFrom} ${validTo}`;
}

/** Certificates under the names `root-0` and so on, and one activation of all of them, announced to be destroyed. */
function declare(certificates: readonly string[]): Declared {
  const entries = certificates.map((certificate, index) => [`root-${index}`, { certificate }] as const);
  return {
    certificates: Object.fromEntries(entries),
    activations: { org: { certificateIds: entries.map(([name]) => `@${name}`), deactivateOnDelete: true } },
  };
}

const fifty = declare(anchors.slice(0, 50));
/** The API holds 50, and a rotation with overlap needs a free slot for each anchor that it rotates. */
const fortyFive = declare(anchors.slice(0, 45));
const rotated = declare([...anchors.slice(50, 55), ...anchors.slice(5, 45)]);
const fiftyAgain = declare([...anchors.slice(50, 55), ...anchors.slice(5, 50)]);

describe.each([
  { transport: "dynamic", pageSize: 100, parallel: 16 },
  { transport: "dynamic", pageSize: 7, parallel: 1 },
  { transport: "native", pageSize: 100, parallel: 16 },
] as const)(
  "50 certificates and one activation ($transport), in pages of $pageSize, the engine $parallel wide",
  (given) => {
    const { transport, pageSize, parallel } = given;
    let emulator: Emulator;
    let gate: Gate;
    let stack: TestStack;

    beforeAll(async () => {
      emulator = await startEmulator({ adminKey: KEY, maxPageSize: pageSize });
      gate = await Gate.before(emulator.url);
      stack = new TestStack({ transport, env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: gate.url } });
    });
    afterAll(async () => {
      stack.remove();
      await gate.close();
      await emulator.close();
    });
    beforeEach(() => {
      emulator.requests.length = 0;
      gate.reset();
    });

    /** The calls that one look at `count` certificates takes. */
    const look = (count: number) => Math.max(1, Math.ceil(count / pageSize));

    /** What was called, ids left out, counted. */
    function calls(): Record<string, number> {
      const counted: Record<string, number> = {};
      for (const { method, path } of emulator.requests) {
        const call = `${method} ${path.replace("/organization/certificates", "").replace(/cert_[0-9a-f]+/, "{id}") || "/"}`;
        counted[call] = (counted[call] ?? 0) + 1;
      }
      return counted;
    }

    it("creates with 50 uploads, 5 toggles and 2 looks, as wide as the engine, on as few connections", async () => {
      gate.holdUntil(parallel, "POST", /certificates$/);
      expect(await stack.up(fifty, { parallel })).toMatchObject({ exitCode: 0, changes: { create: 52 } });
      expect(calls()).toEqual({ "POST /": 50, "POST /activate": 5, "GET /": look(0) + look(50) });
      expect(gate.widest).toBe(parallel);
      expect(gate.connections).toBeLessThanOrEqual(parallel);
    });

    it("finds nothing to do for one look, on one connection", async () => {
      expect(await stack.up(fifty, { parallel })).toMatchObject({ exitCode: 0, changes: { same: 52 } });
      expect(calls()).toEqual({ "GET /": look(50) });
      expect(gate.connections).toBe(1);
    });

    it("finds no drift for one look", async () => {
      expect(await stack.preview(fifty, { refresh: true, expectNoChanges: true, parallel })).toMatchObject({
        exitCode: 0,
        changes: { same: 52 },
      });
      expect(calls()).toEqual({ "GET /": look(50) });
    });

    it("refreshes for one look", async () => {
      expect(await stack.refresh({ parallel })).toMatchObject({ exitCode: 0, changes: { same: 52 } });
      expect(calls()).toEqual({ "GET /": look(50) });
    });

    it("makes room with 1 toggle and 5 deletes", async () => {
      expect(await stack.up(fortyFive, { parallel })).toMatchObject({ exitCode: 0, changes: { delete: 5 } });
      expect(calls()).toMatchObject({ "POST /deactivate": 1, "DELETE /{id}": 5 });
    });

    it("rotates 5 with 5 uploads, 2 toggles, 5 deletes and 3 looks", async () => {
      expect(await stack.up(rotated, { parallel })).toMatchObject({ exitCode: 0, changes: { replace: 5, update: 1 } });
      expect(calls()).toEqual({
        "POST /": 5,
        "POST /activate": 1,
        "POST /deactivate": 1,
        "DELETE /{id}": 5,
        "GET /": look(45) + 2 * look(50),
      });
    });

    it("fills up again with 5 uploads, 1 toggle and 2 looks", async () => {
      expect(await stack.up(fiftyAgain, { parallel })).toMatchObject({
        exitCode: 0,
        changes: { create: 5, update: 1 },
      });
      expect(calls()).toEqual({ "POST /": 5, "POST /activate": 1, "GET /": look(45) + look(50) });
    });

    it("keeps in state one short line for all certificates, and little beside the PEM: 6.3 kB each at most", () => {
      const certificates = stack.resources().filter(({ type }) => type.endsWith(":Certificate"));
      expect(certificates).toHaveLength(50);
      const held = certificates.flatMap(({ inputs, outputs }) => [inputs ?? {}, outputs ?? {}]);
      const lines = new Set(held.map(({ __provider = "" }) => String(__provider)));
      expect(lines.size).toBe(1);
      const [line = ""] = lines;
      expect(line.length).toBeLessThan(500);
      expect(line === "").toBe(transport === "native");
      for (const { inputs, outputs } of certificates) {
        const beside = [inputs, outputs].map((properties) => ({ ...properties, __provider: "", certificate: "" }));
        expect(JSON.stringify(beside).length).toBeLessThan(450);
      }
      // The file as the backend writes it; the activation's share is in it.
      expect(stack.stateBytes() / 50).toBeLessThan(6300);
    });

    it("destroys with 5 toggles, 50 deletes and 1 look, as wide as the engine, on as few connections", async () => {
      gate.holdUntil(parallel, "DELETE", /certificates\/cert_/);
      expect(await stack.destroy({ parallel })).toMatchObject({ exitCode: 0, changes: { delete: 52 } });
      expect(calls()).toEqual({ "GET /": look(50), "POST /deactivate": 5, "DELETE /{id}": 50 });
      expect(gate.widest).toBe(parallel);
      expect(gate.connections).toBeLessThanOrEqual(parallel);
      expect(emulator.organization().certificates()).toEqual([]);
    });
  },
);
