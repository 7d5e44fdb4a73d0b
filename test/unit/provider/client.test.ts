import { createServer } from "node:net";
import { type Count, type Emulator, type Fault, type Match, startEmulator } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY } from "../../support/rig";
import { apiError, caller, deadPort } from "./callers";

const PATH = "/organization/certificates";
const NOW = Date.parse("2026-10-21T07:28:00Z");
const [first = "", second = "", third = ""] = realAnchors(3);

const arm = (fault: Fault, match: Match & Count) => emulator.faults.add(Object.assign({ match }, fault));

type Body = Record<string, unknown>;
const changed = (change: (body: Body) => unknown): Fault => ({ kind: "body", change: (body) => change(body as Body) });

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ adminKey: ADMIN_KEY, maxPageSize: 2 });
});
afterEach(() => emulator.close());

const calls = () => emulator.requests.map(({ method, path }) => `${method} ${path}`);
const open = (config: Record<string, unknown> = {}) => caller(emulator.url, config, new FakeClock(NOW));

describe("a list", () => {
  let ids: string[];
  beforeEach(() => {
    ids = [first, second, third].map((certificate, n) => emulator.organization().upload({ name: `${n}`, certificate }));
  });

  it("is read page by page to its end, newest first, in the largest pages the API has", async () => {
    const listed = await open().api.list();
    expect(listed.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(emulator.requests.map(({ query }) => query)).toEqual([{ limit: "100" }, { limit: "100", after: ids[1] }]);
  });

  it("of projects includes the archived ones, where an anchor may still be active", async () => {
    emulator.organization().addProject({ name: "old", archived: true });
    const projects = await open().api.listProjects();
    expect(projects.map(({ name }) => name)).toEqual(["Default project", "old"]);
    expect(emulator.requests.every(({ query }) => query["include_archived"] === "true")).toBe(true);
  });

  const transient: [string, Fault, number][] = [
    ["429 with Retry-After in seconds", { kind: "status", status: 429, retryAfter: 2 }, 2000],
    [
      "429 with Retry-After as a date",
      { kind: "status", status: 429, retryAfter: "Wed, 21 Oct 2026 07:28:07 GMT" },
      7000,
    ],
    ["429 without Retry-After", { kind: "status", status: 429 }, 375],
    ["408", { kind: "status", status: 408 }, 375],
    ["500", { kind: "status", status: 500 }, 375],
    ["502", { kind: "status", status: 502 }, 375],
    ["503", { kind: "status", status: 503 }, 375],
    ["a 502 page of a gateway", { kind: "garbage", status: 502 }, 375],
    ["a connection dropped before the work", { kind: "drop" }, 375],
    ["a connection dropped after it", { kind: "drop", at: "after" }, 375],
    ["an answer cut short", { kind: "truncate" }, 375],
    ["HTML with status 200", { kind: "garbage" }, 375],
    ["JSON of another shape", { kind: "garbage", body: '{"data": 7}', contentType: "application/json" }, 375],
    ["JSON that is null", { kind: "garbage", body: "null", contentType: "application/json" }, 375],
    ["an empty answer", { kind: "garbage", body: "" }, 375],
    ["a certificate without its state", changed((body) => ({ ...body, data: [{ id: "cert_x" }] })), 375],
    ["has_more left out", changed(({ has_more: _, ...body }) => body), 375],
    ["has_more without a cursor", { kind: "page", page: "no_cursor" }, 375],
    ["an empty page that is not the last", { kind: "page", page: "empty_page" }, 375],
    ["a page without data", { kind: "page", page: "no_data" }, 375],
  ];

  it.each(transient)("is complete after %s, on any page, with one call more", async (_, fault, wait) => {
    for (const skip of [0, 1]) {
      emulator.requests.length = 0;
      arm(fault, { method: "GET", skip });
      const { api, clock } = open();
      const listed = await api.list();
      expect(listed.map(({ id }) => id)).toEqual([...ids].reverse());
      expect(calls()).toEqual(Array(3).fill(`GET ${PATH}`));
      expect(clock.sleeps).toEqual([wait]);
      expect(emulator.faults.pending).toBe(0);
    }
  });

  it("is complete after several 429s, each waited for as it asks", async () => {
    for (const retryAfter of [1, 2, 3]) {
      emulator.faults.add({ kind: "status", status: 429, retryAfter });
    }
    const { api, clock } = open();
    expect(await api.list()).toHaveLength(3);
    expect(clock.sleeps).toEqual([1000, 2000, 3000]);
    expect(calls()).toHaveLength(5);
  });

  it("is complete after more 429s than there are retries, which are for other failures", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 1, match: { times: 6 } });
    emulator.faults.add({ kind: "status", status: 500 });
    const { api, said } = open({ maxRetries: 1 });
    expect(await api.list()).toHaveLength(3);
    expect(calls()).toHaveLength(9);
    expect(said.lines).toEqual([
      `GET ${PATH}: 429 (too many requests); waiting until the API accepts the call, at most 300 s in all`,
      `GET ${PATH}: status 500; attempt 8 follows in 1 s`,
    ]);
  });

  it("that meets 429 forever ends in one error after five minutes", async () => {
    arm({ kind: "status", status: 429 }, { times: Infinity });
    const { api, clock, said } = open();
    const began = clock.now();
    const error = await apiError(api.list());
    expect(error.message).toMatch(
      /^GET \S+: 429 rate_limit_exceeded: .* Gave up after \d+ attempts: one call may take 300 s in all\. Run again later\.$/,
    );
    expect(clock.now() - began).toBeLessThanOrEqual(300_000);
    expect(clock.now() - began).toBeGreaterThan(270_000);
    expect(said.lines).toHaveLength(1);
  });

  it("is complete after an answer that never came", async () => {
    emulator.faults.add({ kind: "hang" });
    const { api, clock } = open({ timeoutSeconds: 2 });
    expect(await api.list()).toHaveLength(3);
    expect(clock.sleeps).toEqual([375]);
    expect(calls()).toHaveLength(3);
  });

  it("is complete after a page that came twice", async () => {
    emulator.faults.add({ kind: "page", page: "repeated_cursor", match: { skip: 1 } });
    expect(await open().api.list()).toHaveLength(3);
    expect(calls()).toHaveLength(3);
  });

  it("waits for an answer that is only late", async () => {
    emulator.faults.add({ kind: "latency", ms: 20 });
    expect(await open().api.list()).toHaveLength(3);
    expect(calls()).toHaveLength(2);
  });

  const permanent: [string, Fault, RegExp][] = [
    [
      "503",
      { kind: "status", status: 503 },
      /: 503 authentication_temporarily_unavailable: Injected fault: HTTP 503\. \(request req_\w+\) Gave up after 6 attempts\. Run again later\.$/,
    ],
    [
      "a gateway's page",
      { kind: "garbage", status: 502 },
      /: 502: an answer that is not the API's, from http:\/\/127\.0\.0\.1:\d+\. \(request req_\w+\) Gave up after 6 attempts\. Run again later\.$/,
    ],
    [
      "dropped connections",
      { kind: "drop" },
      / on http:\/\/127\.0\.0\.1:\d+: the connection broke \(UND_ERR_SOCKET\)\. Gave up after 6 attempts\. Run again later\.$/,
    ],
    [
      "answers cut short",
      { kind: "truncate" },
      /: the connection broke \(\w+\)\. Gave up after 6 attempts\. Run again later\.$/,
    ],
    [
      "HTML with status 200",
      { kind: "garbage" },
      / on http:\/\/127\.0\.0\.1:\d+: 200 the answer is not JSON \(request req_\w+\)\. Gave up after 6 attempts\. Does a proxy answer in the API's place\? Check openai:baseUrl \(or OPENAI_BASE_URL\) and HTTPS_PROXY\.$/,
    ],
    [
      "has_more without a cursor",
      { kind: "page", page: "no_cursor" },
      /: 200 the answer is malformed: has_more is true, but there is no last_id to continue from \(request req_\w+\)\. Gave up after 6 attempts\. Does a proxy answer in the API's place\? Check openai:baseUrl \(or OPENAI_BASE_URL\) and HTTPS_PROXY\.$/,
    ],
    [
      "an empty page that is not the last",
      { kind: "page", page: "empty_page" },
      /has_more is true, but there is no last_id/,
    ],
    [
      "a page without data",
      { kind: "page", page: "no_data" },
      /: 200 the answer is malformed: data is missing \(request/,
    ],
  ];

  it.each(permanent)("that meets %s forever ends in one error after six attempts", async (_, fault, message) => {
    arm(fault, { times: Infinity });
    const { api, clock } = open();
    const error = await apiError(api.list());
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^GET \/organization\/certificates/);
    expect(error.message).not.toContain("\n");
    expect(calls()).toEqual(Array(6).fill(`GET ${PATH}`));
    expect(clock.sleeps).toEqual([375, 750, 1500, 3000, 6000]);
  });

  it("that repeats a page forever ends in one error, not in an endless walk", async () => {
    emulator.faults.add({ kind: "page", page: "repeated_cursor", match: { times: Infinity } });
    expect((await apiError(open().api.list())).message).toMatch(/last_id is the same as on an earlier page/);
    expect(calls()).toHaveLength(7);
  });

  it("that is never answered says for how long it waited, and which setting that is", async () => {
    emulator.faults.add({ kind: "hang", match: { times: Infinity } });
    const error = await apiError(open({ timeoutSeconds: 0.1, maxRetries: 1 }).api.list());
    expect(error.message).toMatch(
      /: no answer within 0\.1 s \(openai:timeoutSeconds\)\. Gave up after 2 attempts\. Run again later\.$/,
    );
    expect(calls()).toHaveLength(2);
  }, 15_000);

  it("is not tried again where openai:maxRetries is 0", async () => {
    emulator.faults.add({ kind: "status", status: 500 });
    expect((await apiError(open({ maxRetries: 0 }).api.list())).message).toMatch(
      /Gave up after 1 attempt\. Run again later\.$/,
    );
    expect(calls()).toHaveLength(1);
  });

  it("stops at once where the API asks for a longer wait than a call may take", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 3600 });
    const { api, clock } = open();
    expect((await apiError(api.list())).message).toMatch(
      /Gave up after 1 attempt: the API asks to wait 3600 s, and one call may take 300 s in all\. Run again later\.$/,
    );
    expect(clock.sleeps).toEqual([]);
    expect(calls()).toHaveLength(1);
  });

  it("does not keep trying beyond five minutes in all", async () => {
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 100, match: { times: Infinity } });
    const { api, clock } = open();
    expect((await apiError(api.list())).message).toMatch(/Gave up after 4 attempts: the API asks to wait 100 s/);
    expect(clock.sleeps).toEqual([100_000, 100_000, 100_000]);
  });

  it("says nothing of one short hiccup, and from the second retry on what it waits for", async () => {
    emulator.faults.add({ kind: "status", status: 500 });
    const { api, said } = open();
    await api.list();
    expect(said.lines).toEqual([]);
    emulator.faults.add({ kind: "status", status: 500 });
    emulator.faults.add({ kind: "drop" });
    emulator.faults.add({ kind: "garbage" });
    await api.list();
    expect(said.lines).toEqual([
      `GET ${PATH}: the connection broke (UND_ERR_SOCKET); attempt 3 follows in 1 s`,
      `GET ${PATH}: the answer is not JSON; attempt 4 follows in 2 s`,
    ]);
  });

  it("says at once what it waits for where the wait is one that a user would notice", async () => {
    emulator.faults.add({ kind: "status", status: 503, retryAfter: 20 });
    const { api, said } = open();
    await api.list();
    expect(said.lines).toEqual([`GET ${PATH}: status 503; attempt 2 follows in 20 s`]);
  });
});

describe("a host that cannot be reached", () => {
  it("is asked after once more where it is on loopback, then the message asks for the emulator", async () => {
    const port = await deadPort(createServer());
    const { api, clock } = caller(`http://127.0.0.1:${port}/v1`);
    const error = await apiError(api.list());
    expect(error.message).toBe(
      `GET ${PATH}: cannot reach http://127.0.0.1:${port}: ECONNREFUSED. Gave up after 2 attempts. ` +
        "Is the emulator running there? Start it with `openai-certificates emulator`, or correct openai:baseUrl (or OPENAI_BASE_URL).",
    );
    expect(error).toMatchObject({ status: undefined, lost: false });
    expect(clock.sleeps).toEqual([375]);
  });

  it("is waited for like any other host where it has answered before: it may be starting again", async () => {
    const { api, clock } = open();
    await api.list();
    await emulator.close();
    expect((await apiError(api.list())).message).toMatch(
      /: cannot reach \S+: ECONNREFUSED\. Gave up after 6 attempts\. Is openai:baseUrl \(or OPENAI_BASE_URL\) right, and this host reachable from here\?$/,
    );
    expect(clock.sleeps).toHaveLength(5);
  });
});

describe("the organization that answers", () => {
  const named = async (organizationId: string | false) => {
    await emulator.close();
    emulator = await startEmulator({ adminKey: ADMIN_KEY, organizationId });
    return open().api;
  };

  it("is known after the first answer, and not before", async () => {
    const api = await named("org-corp");
    expect(api.organizationId).toBeUndefined();
    await api.list();
    expect(api.organizationId).toBe("org-corp");
  });

  it("is known from an error of the API as well", async () => {
    const api = await named("org-corp");
    await apiError(api.retrieve("cert_x"));
    expect(api.organizationId).toBe("org-corp");
  });

  it("is not known where the API does not say", async () => {
    const api = await named(false);
    await api.list();
    expect(api.organizationId).toBeUndefined();
  });

  it("stays the last one that was said when an answer says nothing", async () => {
    const api = await named("org-corp");
    await api.list();
    emulator.faults.add({ kind: "status", status: 403 });
    await apiError(api.list());
    expect(api.organizationId).toBe("org-corp");
  });
});
