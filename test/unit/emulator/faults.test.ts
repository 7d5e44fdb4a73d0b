import { Agent, request } from "undici";
import type { Emulator, Fault } from "../../../emulator";
import { anchor, call, emulators, KEY, uploadAnchors } from "./helpers";

const PATH = "/organization/certificates";

describe("a fault of the emulator", () => {
  const start = emulators();
  const patient = new Agent();
  const impatient = new Agent({ headersTimeout: 500 });
  afterAll(() => Promise.all([patient.destroy(), impatient.destroy()]));

  /** What undici makes of an upload: the status and the text, or the code of its error. */
  async function upload(emulator: Emulator, dispatcher = patient): Promise<string | { status: number; text: string }> {
    try {
      const answer = await request(emulator.url + PATH, {
        dispatcher,
        method: "POST",
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ certificate: anchor() }),
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }
  const uploaded = (emulator: Emulator) => emulator.organization().certificates().length;

  const faults: [Fault, string | number, number][] = [
    [{ kind: "status", status: 503 }, 503, 503],
    [{ kind: "status", status: 401, code: "invalid_api_key" }, 401, 401],
    [{ kind: "garbage" }, 200, 200],
    [{ kind: "garbage", status: 502, body: "Bad Gateway", contentType: "text/plain" }, 502, 502],
    [{ kind: "drop" }, "UND_ERR_SOCKET", 0],
    [{ kind: "hang" }, "UND_ERR_HEADERS_TIMEOUT", 0],
    [{ kind: "latency", ms: 1 }, 200, 200],
  ];

  describe.each(["before", "after"] as const)("%s the commit", (at) => {
    it.each(faults)("%j is seen as %s", async (fault, expected, status) => {
      const emulator = await start();
      emulator.faults.add({ ...fault, at } as Fault);
      const seen = await upload(emulator, fault.kind === "hang" ? impatient : patient);
      expect(typeof seen === "string" ? seen : seen.status).toBe(expected);
      const committed = at === "after" || fault.kind === "latency";
      expect(uploaded(emulator)).toBe(committed ? 1 : 0);
      expect(emulator.requests).toMatchObject([{ method: "POST", fault: fault.kind, status }]);
      expect(emulator.faults.pending).toBe(0);
    });
  });

  it("of kind status has the API's error shape, and Retry-After in seconds or as a date", async () => {
    const emulator = await start();
    const date = "Wed, 21 Oct 2026 07:28:00 GMT";
    emulator.faults.add({ kind: "status", status: 429, retryAfter: 2 });
    emulator.faults.add({ kind: "status", status: 429, code: "slow_down", message: "Easy.", retryAfter: date });
    emulator.faults.add({ kind: "status", status: 500, code: null });
    const [first, second, third] = [
      await call(emulator, "GET", PATH),
      await call(emulator, "GET", PATH),
      await call(emulator, "GET", PATH),
    ];
    expect(first.headers.get("retry-after")).toBe("2");
    expect(first.body.error).toMatchObject({ type: "requests", code: "rate_limit_exceeded", param: null });
    expect(second.headers.get("retry-after")).toBe(date);
    expect(second.body).toEqual({ error: { type: "requests", code: "slow_down", message: "Easy.", param: null } });
    expect(third.headers.get("retry-after")).toBeNull();
    expect(third.body.error).toMatchObject({ type: "server_error", code: null });
    expect(emulator.requests.map(({ code }) => code)).toEqual(["rate_limit_exceeded", "slow_down", undefined]);
  });

  it("of kind garbage is a page of HTML with status 200, or any text", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "garbage" });
    emulator.faults.add({ kind: "garbage", body: '{"data": 7}', contentType: "application/json" });
    expect(await upload(emulator)).toEqual({ status: 200, text: expect.stringContaining("<html>") });
    expect(await upload(emulator)).toEqual({ status: 200, text: '{"data": 7}' });
  });

  it("of kind truncate commits, promises the whole answer and breaks off in the middle of it", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "truncate" });
    expect(await upload(emulator)).toBe("UND_ERR_SOCKET");
    expect(uploaded(emulator)).toBe(1);
    emulator.faults.add({ kind: "truncate" });
    const { headers, body } = await request(emulator.url + PATH, { headers: { authorization: `Bearer ${KEY}` } });
    let received = "";
    await expect(
      (async () => {
        for await (const chunk of body) received += chunk;
      })(),
    ).rejects.toThrow();
    expect(received).toMatch(/^\{"object":"list"/);
    expect(received.length).toBe(Math.floor(Number(headers["content-length"]) / 2));
  });

  it("of kind latency holds the answer back until the time is over", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "latency", ms: 50, match: { path: PATH } });
    const order: string[] = [];
    await Promise.all([
      call(emulator, "GET", PATH).then(() => order.push("slow")),
      call(emulator, "GET", "/organization/projects").then(() => order.push("fast")),
    ]);
    expect(order).toEqual(["fast", "slow"]);
  });

  it("of kind body changes a valid answer in any way", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "body", change: (body) => ({ ...(body as object), has_more: "yes" }) });
    expect((await call(emulator, "GET", PATH)).body).toMatchObject({ object: "list", has_more: "yes" });
  });

  it.each([
    ["no_cursor", { has_more: true, last_id: null }],
    ["empty_page", { has_more: true, data: [], first_id: null, last_id: null }],
    ["no_data", { has_more: true, object: "list" }],
  ] as const)("of kind page breaks a list: %s", async (page, expected) => {
    const emulator = await start();
    uploadAnchors(emulator, 1);
    emulator.faults.add({ kind: "page", page });
    const { body } = await call(emulator, "GET", PATH);
    expect(body).toMatchObject(expected);
    expect("data" in body).toBe(page !== "no_data");
    if (page === "no_cursor") expect(body.data).toHaveLength(1);
  });

  it("of kind page repeats the same page whatever the cursor", async () => {
    const emulator = await start({ maxPageSize: 2 });
    const [oldest = ""] = uploadAnchors(emulator, 3);
    emulator.faults.add({ kind: "page", page: "repeated_cursor", match: { times: Infinity } });
    const first = await call(emulator, "GET", PATH);
    const second = await call(emulator, "GET", `${PATH}?after=${first.body.last_id}`);
    const third = await call(emulator, "GET", `${PATH}?after=${oldest}`);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect(first.body).toMatchObject({ has_more: true, data: [{}, {}] });
    expect(emulator.requests[1]?.query).toEqual({ after: first.body.last_id });
  });

  it("of kind page leaves alone what is not a list", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "page", page: "no_data" });
    expect((await call(emulator, "GET", `${PATH}/cert_x`)).body.error.code).toBe("not_found");
  });
});

describe("which requests a fault strikes", () => {
  const start = emulators();

  async function statuses(emulator: Emulator, ...requests: string[]): Promise<number[]> {
    const seen: number[] = [];
    for (const one of requests) {
      const [method = "", path = ""] = one.split(" ");
      seen.push((await call(emulator, method, path)).status);
    }
    return seen;
  }
  const list = `GET ${PATH}`;
  const teapot = { kind: "status", status: 418 } as const;

  it("once by default, then no more", async () => {
    const emulator = await start();
    emulator.faults.add(teapot);
    expect(emulator.faults.pending).toBe(1);
    expect(await statuses(emulator, list, list)).toEqual([418, 200]);
    expect(emulator.faults.pending).toBe(0);
  });

  it("as often as `times` says, after as many as `skip` says", async () => {
    const emulator = await start();
    emulator.faults.add({ ...teapot, match: { skip: 1, times: 2 } });
    expect(await statuses(emulator, list, list)).toEqual([200, 418]);
    expect(emulator.faults.pending).toBe(1);
    expect(await statuses(emulator, list, list)).toEqual([418, 200]);
    expect(emulator.faults.pending).toBe(0);
  });

  it("by method, by path and by expression, a global one too", async () => {
    const emulator = await start();
    emulator.faults.add({ ...teapot, match: { method: "delete" } });
    emulator.faults.add({ ...teapot, match: { path: "/organization/projects" } });
    emulator.faults.add({ ...teapot, match: { path: /certificates\/cert_/g, times: 2 } });
    const one = `GET ${PATH}/cert_x`;
    const seen = await statuses(emulator, list, "GET /organization/projects", one, one, one, `DELETE ${PATH}/cert_x`);
    expect(seen).toEqual([200, 418, 418, 418, 404, 418]);
  });

  it("in the order they were added, one at a time", async () => {
    const emulator = await start();
    emulator.faults.add({ kind: "status", status: 500 });
    emulator.faults.add({ kind: "status", status: 502 });
    expect(await statuses(emulator, list, list, list)).toEqual([500, 502, 200]);
  });

  it("forever with Infinity, until they are cleared", async () => {
    const emulator = await start();
    emulator.faults.add({ ...teapot, match: { times: Infinity } });
    expect(emulator.faults.pending).toBe(1);
    expect(await statuses(emulator, list, list, list)).toEqual([418, 418, 418]);
    expect(emulator.faults.pending).toBe(0);
    emulator.faults.clear();
    expect(await statuses(emulator, list)).toEqual([200]);
  });

  it("at random, the same ones for the same seed, about as many as the rate says", async () => {
    const run = async (seed: number, rate: number) => {
      const emulator = await start();
      emulator.faults.random({
        rate,
        seed,
        kinds: [teapot, { kind: "status", status: 500 }],
        match: { method: "GET" },
      });
      const seen = await statuses(emulator, ...Array<string>(30).fill(list), `DELETE ${PATH}/cert_x`);
      emulator.faults.clear();
      expect(await statuses(emulator, list)).toEqual([200]);
      return seen;
    };
    const [one, same, other, none, all] = await Promise.all([
      run(7, 0.5),
      run(7, 0.5),
      run(8, 0.5),
      run(7, 0),
      run(7, 1),
    ]);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(new Set(one)).toEqual(new Set([200, 418, 500, 404]));
    expect(none).toEqual([...Array(30).fill(200), 404]);
    expect(all).not.toContain(200);
  });
});
