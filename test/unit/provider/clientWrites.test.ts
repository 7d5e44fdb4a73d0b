import { createServer } from "node:net";
import { type Emulator, type Fault, startEmulator } from "../../../emulator";
import { isNotFound } from "../../../provider/api/errors";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY } from "../../support/rig";
import { apiError, caller, deadPort, Emulated } from "./callers";

const PATH = "/organization/certificates";
const [first = ""] = realAnchors(1);

type Body = Record<string, unknown>;
const changed = (change: (body: Body) => unknown): Fault => ({ kind: "body", change: (body) => change(body as Body) });

const here = new Emulated();

const uploaded = () => here.emulator.organization().certificates();

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
    here.arm(fault, { method: "POST" });
    const { api, clock } = here.open();
    const error = await apiError(api.upload("root", first));
    expect(error.message).toMatch(/Gave up after 1 attempt: it may have been carried out\.$/);
    expect(error.lost).toBe(true);
    expect(here.calls()).toEqual([`POST ${PATH}`]);
    expect(clock.sleeps).toEqual([]);
  });

  it("is never sent twice: no answer in time", async () => {
    here.emulator.faults.add({ kind: "hang", at: "after" });
    const error = await apiError(here.open({ timeoutSeconds: 0.5 }).api.upload("root", first));
    expect(error).toMatchObject({ lost: true, message: expect.stringMatching(/no answer within 0\.5 s/) });
    expect(here.calls()).toHaveLength(1);
    expect(uploaded()).toHaveLength(1);
  });

  it("is sent again after 429, where nothing was done", async () => {
    here.emulator.faults.add({ kind: "status", status: 429, retryAfter: 1, match: { times: 3 } });
    const { api, clock } = here.open();
    const { id } = await api.upload("root", first);
    expect(uploaded().map((one) => one.id)).toEqual([id]);
    expect(here.calls()).toHaveLength(4);
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
    const error = await apiError(here.open().api.upload("root", "no certificate"));
    expect(error).toMatchObject({ status: 400, code: "mtls_certificate_invalid", lost: false });
    expect(here.calls()).toHaveLength(1);
  });
});

describe("an answer about another certificate than the one asked for", () => {
  const other: Fault = {
    kind: "garbage",
    body: '{"id":"cert_other","deleted":false}',
    contentType: "application/json",
  };

  it("is no deletion: it is asked again, and only then is the certificate gone", async () => {
    const id = here.emulator.organization().upload({ name: "root", certificate: first });
    here.arm(other, { method: "DELETE" });
    await here.open().api.delete(id);
    expect(here.calls()).toEqual([`DELETE ${PATH}/${id}`, `DELETE ${PATH}/${id}`]);
    expect(uploaded()).toEqual([]);
  });

  it("is neither what was read nor what was renamed, and where it comes every time, an error", async () => {
    const id = here.emulator.organization().upload({ name: "root", certificate: first });
    here.emulator.faults.add({ ...changed((body) => ({ ...body, id: "cert_other" })), match: { times: Infinity } });
    const { api } = here.open({ maxRetries: 1 });
    const calls = [() => api.retrieve(id), () => api.retrieveWithContent(id), () => api.rename(id, "other")];
    for (const call of calls) {
      expect(await apiError(call())).toMatchObject({
        lost: true,
        message: expect.stringMatching(
          /malformed: it is about another certificate .*Does a proxy answer in the API's place\?/,
        ),
      });
    }
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
      id = here.emulator.organization().upload({ name: "root", certificate: first });
      here.emulator.faults.add(fault);
    });

    it("is a rename, an activation or a deactivation: sent again, it ends as sent once", async () => {
      const { api } = here.open();
      expect(await api.rename(id, "other")).toMatchObject({ id, name: "other" });
      here.emulator.faults.add(fault);
      expect(await api.activate([id])).toMatchObject([{ id, active: true }]);
      expect(uploaded()).toMatchObject([{ id, name: "other", active: true }]);
      here.emulator.faults.add(fault);
      expect(await api.deactivate([id])).toMatchObject([{ id, active: false }]);
      const [rename, activate, deactivate] = [`POST ${PATH}/${id}`, `POST ${PATH}/activate`, `POST ${PATH}/deactivate`];
      expect(here.calls()).toEqual([rename, rename, activate, activate, deactivate, deactivate]);
    });

    it("is a delete: sent again, it meets the API's own 404", async () => {
      expect(isNotFound(await apiError(here.open().api.delete(id)))).toBe(true);
      expect(here.calls()).toEqual([`DELETE ${PATH}/${id}`, `DELETE ${PATH}/${id}`]);
      expect(uploaded()).toEqual([]);
    });
  });

  describe("that fails for good after an answer was lost", () => {
    beforeEach(() => {
      here.emulator.organization().upload({ name: "root", certificate: first });
      here.emulator.faults.add({ kind: "drop", at: "after" });
    });
    const id = () => uploaded()[0]?.id ?? "";

    it("may have been carried out, whatever the last answer is", async () => {
      here.emulator.faults.add({ kind: "status", status: 403 });
      const error = await apiError(here.open().api.activate([id()]));
      expect(error).toMatchObject({ status: 403, lost: true });
      expect(uploaded()).toMatchObject([{ active: true }]);
    });

    it("may have been carried out where the run was interrupted before the next attempt, and says both", async () => {
      const { api, clock } = here.open();
      clock.sleep = () => Promise.reject(new Error("interrupted"));
      const error = await apiError(api.activate([id()]));
      expect(error.lost).toBe(true);
      expect(error.message).toMatch(
        /^POST \/organization\/certificates\/activate .*the connection broke .* Gave up after 1 attempt: the run was interrupted\. Run again later\.$/,
      );
    });
  });
});
