import fc from "fast-check";
import type { Outcome } from "../../../provider/api/outcome";
import { type Attempted, backoffMs, type Decision, decide, retryAfterMs } from "../../../provider/api/retry";

const NOW = Date.parse("2026-10-21T07:28:00Z");
const LIMITS = { maxRetries: 5, overallMs: 300_000 };
const answer = (status: number, retryAfter?: string): Outcome => ({
  kind: "answer",
  status,
  body: undefined,
  meta: retryAfter === undefined ? {} : { retryAfter },
});
const unsent: Outcome = { kind: "unsent", reason: "ECONNREFUSED" };
const untrusted: Outcome = { kind: "unsent", reason: "CERT_HAS_EXPIRED", permanent: true };
const lost: Outcome = { kind: "lost", reason: "the connection broke" };
const malformed: Outcome = { kind: "lost", status: 200, reason: "the answer is not JSON" };

function decided(outcome: Outcome, given: Partial<Attempted> = {}, limits = LIMITS): Decision {
  const attempted: Attempted = {
    outcome,
    repeat: "always",
    attempt: 1,
    throttled: 0,
    elapsedMs: 0,
    now: NOW,
    random: 0.5,
    ...given,
  };
  return decide(attempted, limits);
}

describe("what follows an attempt", () => {
  const carried = { next: "give-up", because: "it may have been carried out" };
  const waits = { next: "wait", ms: 375 };
  const done = { next: "done" };
  const table: [string, Outcome, object, object][] = [
    ...[400, 401, 403, 404, 405, 413, 422].map((status): [string, Outcome, object, object] => [
      `status ${status}`,
      answer(status),
      done,
      done,
    ]),
    ...[301, 302, 307, 308].map((status): [string, Outcome, object, object] => [
      `the redirect ${status}`,
      answer(status),
      done,
      done,
    ]),
    ...[408, 500, 502, 503, 504, 529].map((status): [string, Outcome, object, object] => [
      `status ${status}`,
      answer(status),
      waits,
      carried,
    ]),
    ["status 429", answer(429), waits, waits],
    ["no connection", unsent, waits, waits],
    ["a host that is not trusted", untrusted, done, done],
    ["a lost answer", lost, waits, carried],
    ["an answer that cannot be read", malformed, waits, carried],
  ];

  it.each(table)(
    "%s: a call that may always be repeated, and one that must not be when its answer is lost",
    (...row) => {
      const [, outcome, always, unlessLost] = row;
      expect(decided(outcome, { repeat: "always" })).toEqual(always);
      expect(decided(outcome, { repeat: "unless-lost" })).toEqual(unlessLost);
    },
  );

  it("is the end after as many retries as are allowed, none where none is", () => {
    expect(decided(lost, { attempt: 5 })).toMatchObject({ next: "wait" });
    expect(decided(lost, { attempt: 6 })).toEqual({ next: "give-up" });
    expect(decided(unsent, {}, { ...LIMITS, maxRetries: 0 })).toEqual({ next: "give-up" });
  });

  it("is another wait after any number of 429s, which are limited by time alone", () => {
    const none = { ...LIMITS, maxRetries: 0 };
    expect(decided(answer(429, "1"), {}, none)).toEqual({ next: "wait", ms: 1000 });
    expect(decided(answer(429), { attempt: 40, throttled: 39, elapsedMs: 270_000 }, none)).toEqual({
      next: "wait",
      ms: 22_500,
    });
    expect(decided(answer(429), { attempt: 41, throttled: 40, elapsedMs: 290_000 }, none)).toMatchObject({
      next: "give-up",
    });
  });

  it("is not brought nearer by 429s in between: they use up no retry, and lengthen no other wait", () => {
    expect(decided(lost, { attempt: 15, throttled: 10 })).toEqual({ next: "wait", ms: 6000 });
    expect(decided(lost, { attempt: 16, throttled: 10 })).toEqual({ next: "give-up" });
    expect(decided(answer(429), { attempt: 6, throttled: 0 })).toEqual({ next: "wait", ms: 375 });
  });

  it("is one retry where more promise little, and none where none is allowed", () => {
    const nobody: Outcome = { ...unsent, mostRetries: 1 };
    expect(decided(nobody)).toEqual(waits);
    expect(decided(nobody, { attempt: 2 })).toEqual({ next: "give-up" });
    expect(decided(nobody, {}, { ...LIMITS, maxRetries: 0 })).toEqual({ next: "give-up" });
  });

  it("is the end where the wait would pass the limit of the whole call, and not a moment earlier", () => {
    const limited = { next: "give-up", because: "one call may take 300 s in all" };
    expect(decided(lost, { elapsedMs: 300_000 - 375 })).toEqual(waits);
    expect(decided(lost, { elapsedMs: 300_000 - 374 })).toEqual(limited);
  });
});

describe("Retry-After", () => {
  it.each([
    ["2", { next: "wait", ms: 2000 }],
    [" 2 ", { next: "wait", ms: 2000 }],
    ["1.5", { next: "wait", ms: 1500 }],
    ["Wed, 21 Oct 2026 07:28:07 GMT", { next: "wait", ms: 7000 }],
    ["Wednesday, 21-Oct-26 07:28:07 GMT", { next: "wait", ms: 7000 }],
  ])("%s is waited for", (header, expected) => {
    expect(decided(answer(429, header), { repeat: "unless-lost" })).toEqual(expected);
    expect(decided(answer(503, header))).toEqual(expected);
    expect(decided({ kind: "lost", reason: "garbled", meta: { retryAfter: header } })).toEqual(expected);
  });

  it.each([
    "0",
    "0.1",
    "Wed, 21 Oct 2026 07:27:00 GMT",
    "",
    "soon",
    "soon 3",
    "-5",
    "1e3",
    "0x10",
    "Infinity",
    "2030-01-01",
  ])("%j does not shorten the usual wait, nor lengthen it", (header) => {
    expect(decided(answer(429, header))).toEqual({ next: "wait", ms: 375 });
  });

  it.each([
    ["3600", 3600],
    ["301", 301],
    ["Wed, 21 Oct 2026 08:28:00 GMT", 3600],
  ])("%s is too long to wait for: stops at once and says how long the API asks to wait", (header, seconds) => {
    expect(decided(answer(429, header))).toEqual({
      next: "give-up",
      because: `the API asks to wait ${seconds} s, and one call may take 300 s in all`,
    });
  });

  it("never throws and never asks for a negative wait, whatever it says", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), (header) => {
        const ms = retryAfterMs(answer(429, header), NOW);
        expect(ms === undefined || ms >= 0).toBe(true);
      }),
    );
  });
});

describe("the wait between attempts", () => {
  it("doubles from half a second up to half a minute", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => backoffMs(attempt, 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("is jittered over its upper half", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const longest = backoffMs(attempt, 1);
        const ms = backoffMs(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(longest / 2);
        expect(ms).toBeLessThanOrEqual(longest);
        expect(Number.isInteger(ms)).toBe(true);
      }),
    );
    expect(backoffMs(1, 0)).toBe(250);
    expect(backoffMs(1, 0.25)).not.toBe(backoffMs(1, 0.75));
  });
});
