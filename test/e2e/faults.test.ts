import type { Fault, StatusFault } from "../../emulator";
import { lanes } from "../support/lanes";
import { ALL_TWELVE, lossesOf, SITE_KEY, Site, twelve } from "../support/site";
import { mustSucceed } from "../support/stack";
import { TRANSPORTS } from "../support/transports";
import { everywhere, inARow, onPages, onUploads, type Trouble } from "../support/troubles";

const after = { at: "after" } as const;
const status = (code: number): StatusFault => ({ kind: "status", status: code });
const late = (fault: StatusFault): Fault => ({ ...fault, ...after });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
/** A time limit that is long enough for an answer on a busy machine, and short enough to wait for. */
const impatiently = (fault: Fault): Trouble => ({ ...everywhere(fault), settings: { timeoutSeconds: "3" } });
/** Of other faults in a row, the second would end the run. */
const patiently: Trouble = {
  ...everywhere({ kind: "status", status: 429, retryAfter: 1 }, 3),
  settings: { maxRetries: "1" },
};
const wrongShape: Fault = { kind: "body", change: () => ({ object: "list", data: [{ id: 7 }] }) };

const both = "up and destroy";
const rows: [string, "up" | typeof both, Trouble][] = [
  ["429 with Retry-After in seconds", both, everywhere({ kind: "status", status: 429, retryAfter: 1 })],
  ["429 with Retry-After as a date", "up", everywhere({ kind: "status", status: 429, retryAfter: inSeconds(10) })],
  ["429 without Retry-After, on every upload", "up", onUploads(status(429))],
  ["429 three times in a row, which maxRetries does not count", both, patiently],
  ["500, 502 and 503 before the commit, in a row", "up", inARow(...[500, 502, 503].map(status))],
  ["500, 502 and 503 after the commit, in a row", both, inARow(...[500, 502, 503].map(status).map(late))],
  ["a connection dropped before the commit", "up", everywhere({ kind: "drop" })],
  ["a connection dropped after the commit", both, everywhere({ kind: "drop", ...after })],
  ["connections dropped before the commit twice in a row", "up", everywhere({ kind: "drop" }, 2)],
  ["connections dropped after the commit twice in a row", both, everywhere({ kind: "drop", ...after }, 2)],
  ["connections dropped before and after it in a row", "up", inARow({ kind: "drop" }, { kind: "drop", ...after })],
  ["an answer cut short", both, everywhere({ kind: "truncate" })],
  ["HTML with status 200 before the commit", "up", everywhere({ kind: "garbage" })],
  ["HTML with status 200 after the commit", both, everywhere({ kind: "garbage", ...after })],
  ["JSON of the wrong shape", both, everywhere(wrongShape)],
  ["has_more without a cursor", "up", onPages({ kind: "page", page: "no_cursor" })],
  ["a repeated cursor", "up", onPages({ kind: "page", page: "repeated_cursor" })],
  ["a call that never answers, before the commit", "up", impatiently({ kind: "hang" })],
  ["a call that never answers, after the commit", both, impatiently({ kind: "hang", ...after })],
  ["slow answers", "up", everywhere({ kind: "latency", ms: 800 })],
];

/** Retries and recovery are the same code; on the native plugin, the rows that strike every kind of call. */
const cases = TRANSPORTS.flatMap((transport) =>
  rows
    .filter(([, operations]) => transport === "dynamic" || operations === both)
    .map(([name, operations, trouble]) => [name, operations, transport, trouble] as const),
);

const inLane = lanes(3);
/** They are all begun at once and wait for their turns. */
jest.setTimeout(5 * 60 * 1000);
const figures = { struck: 0, duplicates: 0, losses: 0 };

describe("what passes by itself is got through in one go", () => {
  it.concurrent.each(cases)("%s: %s, %s", (_, operations, transport, trouble) =>
    inLane(() => Site.during(transport, trouble.settings ?? {}, (site) => passes(site, trouble, operations === both))),
  );

  afterAll(() => {
    const { struck, duplicates, losses } = figures;
    process.stdout.write(
      `faults that pass: ${cases.length} rows, ${struck} requests struck, ${duplicates} duplicates, ${losses} losses\n`,
    );
  });
});

async function passes(site: Site, trouble: Trouble, destroys: boolean): Promise<void> {
  const { emulator, stack } = site;
  trouble.arm(emulator, "up");
  const up = await stack.up(twelve());
  const tally = site.tally();
  figures.duplicates += tally.duplicates;
  figures.losses += lossesOf(tally);
  mustSucceed(up);
  expect(emulator.faults.pending).toBe(0);
  expect(tally).toEqual(ALL_TWELVE);
  expect(up.output).not.toContain(SITE_KEY);
  if (destroys) {
    await isDestroyed(site, trouble);
  }
  figures.struck += site.struck();
}

async function isDestroyed(site: Site, trouble: Trouble): Promise<void> {
  const { emulator, stack } = site;
  trouble.arm(emulator, "destroy");
  mustSucceed(await stack.destroy());
  expect(emulator.faults.pending).toBe(0);
  expect(site.certificates()).toEqual([]);
  expect(stack.saved()).toEqual({ resources: [], pending: [] });
}
