import type { Fault } from "../../emulator";
import { lanes } from "../support/lanes";
import { ALL_TWELVE, lossesOf, SITE_KEY, Site, twelve } from "../support/site";
import { mustSucceed } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const CERTIFICATES = "/organization/certificates";
const UPLOADS = { method: "POST", path: CERTIFICATES };
const LISTS = { method: "GET", path: CERTIFICATES };
const REQUEST = String.raw`\(request req_\w+\)`;

interface Row {
  readonly fault: Fault;
  /** Struck forever, after `skip` calls of this kind went well. */
  readonly on: { readonly method?: string; readonly path?: string | RegExp; readonly skip: number };
  /** All that the user is told, but for the request's id. */
  readonly message: string;
  /** What the message says to do before the next run, where that is more than to fix the cause. */
  readonly next?: { readonly adopt: true };
}

const rows: [string, Row][] = [
  [
    "401 in the middle of the uploads",
    {
      fault: { kind: "status", status: 401, code: "invalid_api_key" },
      on: { ...UPLOADS, skip: 5 },
      message: `POST ${CERTIFICATES}: 401 invalid_api_key: .* ${REQUEST} Check the admin key in openai(-certificates)?:adminKey`,
    },
  ],
  [
    "429 with a Retry-After that is far too long",
    {
      fault: { kind: "status", status: 429, retryAfter: 86400 },
      on: { ...UPLOADS, skip: 5 },
      message: `POST ${CERTIFICATES}: 429 rate_limit_exceeded: .* ${REQUEST} Gave up after 1 attempt: the API asks to wait 86400 s, and one call may take 300 s in all. Run again later`,
    },
  ],
  [
    "has_more without a cursor on every list",
    {
      fault: { kind: "page", page: "no_cursor" },
      on: { ...LISTS, skip: 1 },
      message: `GET ${CERTIFICATES} on http://[^ ]+: 200 the answer is malformed: has_more is true, but there is no last_id to continue from ${REQUEST}. Gave up after 2 attempts. Does a proxy answer in the API's place.`,
    },
  ],
  [
    "the same cursor on every list",
    {
      fault: { kind: "page", page: "repeated_cursor" },
      on: { ...LISTS, skip: 1 },
      message: `GET ${CERTIFICATES} on http://[^ ]+: 200 the answer is malformed: last_id is the same as on an earlier page, so the list would never end ${REQUEST}. Gave up after 2 attempts. Does a proxy answer in the API's place.`,
    },
  ],
  [
    "HTML with status 200 on every call",
    {
      fault: { kind: "garbage" },
      on: { skip: 6 },
      message: `it may have been uploaded, but the answer was lost, and listing the certificates failed. .* 200 the answer is not JSON ${REQUEST}.* Set adopt: true on this certificate before the next run`,
      next: { adopt: true },
    },
  ],
  [
    "JSON of the wrong shape on every call",
    {
      fault: { kind: "body", change: () => ({ object: "list", data: [{ id: 7 }] }) },
      on: { skip: 6 },
      message: `it may have been uploaded, but the answer was lost, and listing the certificates failed. .* 200 the answer is malformed: .* ${REQUEST}.* Set adopt: true on this certificate before the next run`,
      next: { adopt: true },
    },
  ],
  [
    "every answer lost",
    {
      fault: { kind: "drop", at: "after" },
      on: { skip: 6 },
      message:
        "it may have been uploaded, but the answer was lost, and listing the certificates failed. .* the connection broke.* Set adopt: true on this certificate before the next run",
      next: { adopt: true },
    },
  ],
];

const cases = TRANSPORTS.flatMap((transport) => rows.map(([name, row]) => [name, transport, row] as const));

const inLane = lanes(3);
/** They are all begun at once and wait for their turns. */
jest.setTimeout(5 * 60 * 1000);
const figures = { struck: 0, duplicates: 0, losses: 0 };

describe("what does not pass ends with one clear message, and the next up goes on from there", () => {
  it.concurrent.each(cases)("%s, %s", (_, transport, row) =>
    inLane(() => Site.during(transport, { maxRetries: "1" }, (site) => stops(site, row))),
  );
});

async function stops(site: Site, { fault, on, message, next }: Row): Promise<void> {
  const { emulator, stack } = site;
  emulator.faults.add({ ...fault, match: { ...on, times: Number.POSITIVE_INFINITY } });
  // One wide, so that one call is the first to fail and nothing else is on its way.
  const failed = await stack.up(twelve(), { parallel: 1 });
  figures.struck += site.struck();
  expect(failed).toMatchObject({ exitCode: 1 });
  const [, diagnostics = ""] = failed.output.split("Diagnostics:");
  const errors = diagnostics.match(/error: (?!update failed)(1 error occurred:\s+\* )?.*/g) ?? [];
  expect(errors).toEqual([expect.stringMatching(new RegExp(message))]);
  expect(diagnostics.match(new RegExp(message, "g"))).toHaveLength(1);
  expect(failed.output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(failed.output).not.toContain(SITE_KEY);

  emulator.faults.clear();
  const repaired = await stack.up(twelve(next));
  const tally = site.tally();
  figures.duplicates += tally.duplicates;
  figures.losses += lossesOf(tally);
  mustSucceed(repaired);
  expect(tally).toEqual(ALL_TWELVE);
}

afterAll(() => {
  const { struck, duplicates, losses } = figures;
  process.stdout.write(
    `faults that do not pass: ${cases.length} rows, ${struck} requests struck, ${duplicates} duplicates, ${losses} losses\n`,
  );
});
