import { createServer } from "node:net";
import { type Count, type Emulator, type Fault, type Match, startEmulator } from "../../../emulator";
import { isNotFound } from "../../../provider/api/errors";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY } from "../../support/rig";
import { apiError, caller, deadPort } from "./callers";

const PATH = "/organization/certificates";
const NOW = Date.parse("2026-10-21T07:28:00Z");
const [first = ""] = realAnchors(1);

const arm = (fault: Fault, match: Match & Count) => emulator.faults.add(Object.assign({ match }, fault));

type Body = Record<string, unknown>;
const changed = (change: (body: Body) => unknown): Fault => ({ kind: "body", change: (body) => change(body as Body) });

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ adminKey: ADMIN_KEY, maxPageSize: 2 });
});
afterEach(() => emulator.close());

const calls = () => emulator.requests.map(({ method, path }) => `${method} ${path}`);
const uploaded = () => emulator.organization().certificates();
const open = (config: Record<string, unknown> = {}) => caller(emulator.url, config, new FakeClock(NOW));

describe("an upload", () => {
  const lost: [string, Fault][] = [
    ["dropped before the work", { kind: "drop" }],
    ["dropped after the work", { kind: "drop", at: "after" }],
    ["408", { kind: "status", status: 408 }],
    ["500 before the work", { kind: "status", status: 500 }],
    ["500 after the work", { kind: "status", status: 500, at: "after" }],
    ["502", { kind: "garbage", status: 502 }],
    ["503", { kind: "status", status: 503 }],
    ["cut short", { kind: "truncate" }],
    ["HTML with status 200", { kind: "garbage", at: "after" }],
    ["JSON without an id", changed(({ id: _, ...body }) => body)],
  ];

  it.each(lost)("is never sent twice: %s", async (_, fault) => {
    arm(fault, { method: "POST" });
    const { api, clock } = open();
    const error = await apiError(api.upload("root", first));
    expect(error.message).toMatch(/Gave up after 1 attempt: it may have been carried out\.$/);
    expect(error.lost).toBe(true);
    expect(calls()).toEqual([`POST ${PATH}`]);
    expect(clock.sleeps).toEqual([]);
  });

  it("is never sent twice: no answer in time", async () => {
    emulator.faults.add({ kind: "hang", at: "after" });
    const error = await apiError(open({ timeoutSeconds: 0.5 }).api.upload("root", first));
    expect(error).toMatchObject({ lost: true, message: expect.stringMatching(/no answer within 0\.5 s/) });
    expect(calls()).toHaveLength(1);
    expect(uploaded()).toHaveLength(1);
  });

  it("is sent again after 429, where nothing was done", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 1, match: { times: 3 } });
    const { api, clock } = open();
    const { id } = await api.upload("root", first);
    expect(uploaded().map((one) => one.id)).toEqual([id]);
    expect(calls()).toHaveLength(4);
    expect(clock.sleeps).toEqual([1000, 1000, 2000 * 0.75]);
  });

  it("is sent again where there was no connection", async () => {
    const port = await deadPort(createServer());
    let late: Emulator | undefined;
    class Impatient extends FakeClock {
      override async sleep(ms: number): Promise<void> {
        await super.sleep(ms);
        late ??= await startEmulator({ adminKey: ADMIN_KEY, port });
      }
    }
    const { api } = caller(`http://127.0.0.1:${port}/v1`, {}, new Impatient());
    try {
      const { id } = await api.upload("root", first);
      expect(late?.requests).toHaveLength(1);
      expect(late?.organization().certificates()).toMatchObject([{ id, name: "root" }]);
    } finally {
      await late?.close();
    }
  });

  it("that the API refuses is final and not lost", async () => {
    const error = await apiError(open().api.upload("root", "no certificate"));
    expect(error).toMatchObject({ status: 400, code: "mtls_certificate_invalid", lost: false });
    expect(calls()).toHaveLength(1);
  });
});

describe("a write that may be repeated", () => {
  const faults: [string, Fault][] = [
    ["dropped after the work", { kind: "drop", at: "after" }],
    ["500 after the work", { kind: "status", status: 500, at: "after" }],
    ["cut short", { kind: "truncate" }],
    ["HTML with status 200", { kind: "garbage", at: "after" }],
  ];

  describe.each(faults)("whose answer is lost (%s)", (_, fault) => {
    let id: string;
    beforeEach(() => {
      id = emulator.organization().upload({ name: "root", certificate: first });
      emulator.faults.add(fault);
    });

    it("is a rename, an activation or a deactivation: sent again, it ends as sent once", async () => {
      const { api } = open();
      expect(await api.rename(id, "other")).toMatchObject({ id, name: "other" });
      emulator.faults.add(fault);
      expect(await api.activate([id])).toMatchObject([{ id, active: true }]);
      expect(uploaded()).toMatchObject([{ id, name: "other", active: true }]);
      emulator.faults.add(fault);
      expect(await api.deactivate([id])).toMatchObject([{ id, active: false }]);
      const [rename, activate, deactivate] = [`POST ${PATH}/${id}`, `POST ${PATH}/activate`, `POST ${PATH}/deactivate`];
      expect(calls()).toEqual([rename, rename, activate, activate, deactivate, deactivate]);
    });

    it("is a delete: sent again, it meets the API's own 404", async () => {
      expect(isNotFound(await apiError(open().api.delete(id)))).toBe(true);
      expect(calls()).toEqual([`DELETE ${PATH}/${id}`, `DELETE ${PATH}/${id}`]);
      expect(uploaded()).toEqual([]);
    });
  });
});
