import type { Fault } from "../../../emulator";
import { realAnchors } from "../../support/anchors";
import { apiError, Emulated } from "./callers";

const PATH = "/organization/certificates";
const [first = "", second = "", third = ""] = realAnchors(3);

type Body = Record<string, unknown>;
const changed = (change: (body: Body) => unknown): Fault => ({ kind: "body", change: (body) => change(body as Body) });

const here = new Emulated();

describe("a list", () => {
  let ids: string[];
  beforeEach(() => {
    ids = [first, second, third].map((certificate, n) =>
      here.emulator.organization().upload({ name: `${n}`, certificate }),
    );
  });

  it("is read page by page to its end, newest first, in the largest pages the API has", async () => {
    const listed = await here.open().api.list();
    expect(listed.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(here.emulator.requests.map(({ query }) => query)).toEqual([
      { limit: "100" },
      { limit: "100", after: ids[1] },
    ]);
  });

  it("of projects includes the archived ones, where an anchor may still be active", async () => {
    here.emulator.organization().addProject({ name: "old", archived: true });
    const projects = await here.open().api.listProjects();
    expect(projects.map(({ name }) => name)).toEqual(["Default project", "old"]);
    expect(here.emulator.requests.every(({ query }) => query["include_archived"] === "true")).toBe(true);
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
      here.emulator.requests.length = 0;
      here.arm(fault, { method: "GET", skip });
      const { api, clock } = here.open();
      const listed = await api.list();
      expect(listed.map(({ id }) => id)).toEqual([...ids].reverse());
      expect(here.calls()).toEqual(Array(3).fill(`GET ${PATH}`));
      expect(clock.sleeps).toEqual([wait]);
      expect(here.emulator.faults.pending).toBe(0);
    }
  });

  it("is complete after several 429s, each waited for as it asks", async () => {
    for (const retryAfter of [1, 2, 3]) {
      here.emulator.faults.add({ kind: "status", status: 429, retryAfter });
    }
    const { api, clock } = here.open();
    expect(await api.list()).toHaveLength(3);
    expect(clock.sleeps).toEqual([1000, 2000, 3000]);
    expect(here.calls()).toHaveLength(5);
  });

  it("is complete after more 429s than there are retries, which are for other failures", async () => {
    here.emulator.faults.add({ kind: "status", status: 429, retryAfter: 1, match: { times: 6 } });
    here.emulator.faults.add({ kind: "status", status: 500 });
    const { api, said } = here.open({ maxRetries: 1 });
    expect(await api.list()).toHaveLength(3);
    expect(here.calls()).toHaveLength(9);
    expect(said.lines).toEqual([
      `GET ${PATH}: 429 (too many requests); waiting until the API accepts the call, at most 300 s in all`,
      `GET ${PATH}: status 500; attempt 8 follows in 1 s`,
    ]);
  });

  it("that meets 429 forever ends in one error after five minutes", async () => {
    here.arm({ kind: "status", status: 429 }, { times: Infinity });
    const { api, clock, said } = here.open();
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
    here.emulator.faults.add({ kind: "hang" });
    const { api, clock } = here.open({ timeoutSeconds: 2 });
    expect(await api.list()).toHaveLength(3);
    expect(clock.sleeps).toEqual([375]);
    expect(here.calls()).toHaveLength(3);
  });

  it("is complete after a page that came twice", async () => {
    here.emulator.faults.add({ kind: "page", page: "repeated_cursor", match: { skip: 1 } });
    expect(await here.open().api.list()).toHaveLength(3);
    expect(here.calls()).toHaveLength(3);
  });

  it("waits for an answer that is only late", async () => {
    here.emulator.faults.add({ kind: "latency", ms: 20 });
    expect(await here.open().api.list()).toHaveLength(3);
    expect(here.calls()).toHaveLength(2);
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
    here.arm(fault, { times: Infinity });
    const { api, clock } = here.open();
    const error = await apiError(api.list());
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^GET \/organization\/certificates/);
    expect(error.message).not.toContain("\n");
    expect(here.calls()).toEqual(Array(6).fill(`GET ${PATH}`));
    expect(clock.sleeps).toEqual([375, 750, 1500, 3000, 6000]);
  });

  it("that repeats a page forever ends in one error, not in an endless walk", async () => {
    here.emulator.faults.add({ kind: "page", page: "repeated_cursor", match: { times: Infinity } });
    expect((await apiError(here.open().api.list())).message).toMatch(/last_id is the same as on an earlier page/);
    expect(here.calls()).toHaveLength(7);
  });

  it("that is never answered says for how long it waited, and which setting that is", async () => {
    here.emulator.faults.add({ kind: "hang", match: { times: Infinity } });
    const error = await apiError(here.open({ timeoutSeconds: 0.1, maxRetries: 1 }).api.list());
    expect(error.message).toMatch(
      /: no answer within 0\.1 s \(openai:timeoutSeconds\)\. Gave up after 2 attempts\. Run again later\.$/,
    );
    expect(here.calls()).toHaveLength(2);
  }, 15_000);

  it("is not tried again where openai:maxRetries is 0", async () => {
    here.emulator.faults.add({ kind: "status", status: 500 });
    expect((await apiError(here.open({ maxRetries: 0 }).api.list())).message).toMatch(
      /Gave up after 1 attempt\. Run again later\.$/,
    );
    expect(here.calls()).toHaveLength(1);
  });

  it("stops at once where the API asks for a longer wait than a call may take", async () => {
    here.emulator.faults.add({ kind: "status", status: 429, retryAfter: 3600 });
    const { api, clock } = here.open();
    expect((await apiError(api.list())).message).toMatch(
      /Gave up after 1 attempt: the API asks to wait 3600 s, and one call may take 300 s in all\. Run again later\.$/,
    );
    expect(clock.sleeps).toEqual([]);
    expect(here.calls()).toHaveLength(1);
  });

  it("does not keep trying beyond five minutes in all", async () => {
    here.emulator.faults.add({ kind: "status", status: 429, retryAfter: 100, match: { times: Infinity } });
    const { api, clock } = here.open();
    expect((await apiError(api.list())).message).toMatch(/Gave up after 4 attempts: the API asks to wait 100 s/);
    expect(clock.sleeps).toEqual([100_000, 100_000, 100_000]);
  });

  it("says nothing of one short hiccup, and from the second retry on what it waits for", async () => {
    here.emulator.faults.add({ kind: "status", status: 500 });
    const { api, said } = here.open();
    await api.list();
    expect(said.lines).toEqual([]);
    here.emulator.faults.add({ kind: "status", status: 500 });
    here.emulator.faults.add({ kind: "drop" });
    here.emulator.faults.add({ kind: "garbage" });
    await api.list();
    expect(said.lines).toEqual([
      `GET ${PATH}: the connection broke (UND_ERR_SOCKET); attempt 3 follows in 1 s`,
      `GET ${PATH}: the answer is not JSON; attempt 4 follows in 2 s`,
    ]);
  });

  it("says at once what it waits for where the wait is one that a user would notice", async () => {
    here.emulator.faults.add({ kind: "status", status: 503, retryAfter: 20 });
    const { api, said } = here.open();
    await api.list();
    expect(said.lines).toEqual([`GET ${PATH}: status 503; attempt 2 follows in 20 s`]);
  });
});
