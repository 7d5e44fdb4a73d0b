import { request } from "node:http";
import fc from "fast-check";
import { type Emulator, startEmulator } from "../../../emulator";
import { anchor, KEY } from "./helpers";

/** Stands for the id of a certificate that is there. */
const KNOWN_ID = "cert_known";
const OPERATIONS = [
  "/v1/organization/certificates",
  "/v1/organization/certificates/activate",
  "/v1/organization/certificates/deactivate",
  `/v1/organization/certificates/${KNOWN_ID}`,
  "/v1/organization/projects",
  "/v1/organization/projects/proj_a",
  "/v1/organization/projects/proj_a/certificates",
  "/v1/organization/projects/proj_a/certificates/activate",
  "/v1/organization/projects/proj_a/certificates/deactivate",
];
const SEGMENTS = ["organization", "certificates", "projects", "activate", "proj_a", "%", "%00", "..", "", "__proto__"];
const mostly = <T>(likely: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary: likely }, { weight: 1, arbitrary: rare });

// What node:http lets a client send in a request's path.
const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const method = mostly(
  fc.constantFrom("GET", "POST", "DELETE"),
  fc.constantFrom("PUT", "PATCH", "OPTIONS", "PROPFIND", "M-SEARCH"),
);
const path = mostly(
  fc.constantFrom(...OPERATIONS),
  fc.oneof(
    printable.map((text) => `/${text}`),
    fc
      .array(mostly(fc.constantFrom(...SEGMENTS), printable), { maxLength: 7 })
      .map((parts) => ["/v1", ...parts].join("/")),
  ),
);
const queryName = fc.constantFrom(
  "limit",
  "after",
  "order",
  "include",
  "include[]",
  "include_archived",
  "__proto__",
  "%",
);
const queryValue = fc.oneof(fc.constantFrom("1", "100", "asc", "content", KNOWN_ID, "true", "%", ""), printable);
const query = fc.array(
  fc.tuple(queryName, queryValue).map((pair) => pair.join("=")),
  { maxLength: 2 },
);
const value = fc.oneof(
  fc.constantFrom(anchor(), [KNOWN_ID], KNOWN_ID, [], null, anchor().slice(0, 300)),
  fc.jsonValue(),
  fc.array(fc.oneof(fc.constant(KNOWN_ID), fc.string()), { maxLength: 12 }),
);
const field = mostly(
  fc.constantFrom<[string, unknown]>(["certificate", anchor()], ["name", "a"], ["certificate_ids", [KNOWN_ID]]),
  fc.tuple(fc.constantFrom("certificate", "name", "certificate_ids", "__proto__", "constructor", "x"), value),
);
const body = mostly(
  fc.array(field, { maxLength: 2 }).map((fields) => Buffer.from(JSON.stringify(Object.fromEntries(fields)))),
  fc.oneof(
    fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  ),
);
const authorization = mostly(fc.constant(`Bearer ${KEY}`), printable);

interface Shot {
  method: string;
  path: string;
  authorization: string;
  body: Buffer;
}

const shots = fc.record<Shot>({
  method,
  path: fc.tuple(path, query).map(([start, pairs]) => [start, ...pairs].join(pairs.length ? "?" : "")),
  authorization,
  body,
});

describe("whatever a client sends", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY, projects: [{ id: "proj_a", name: "A" }] });
  });
  afterEach(() => emulator.close());

  function shoot(shot: Shot): Promise<{ status: number; text: string }> {
    const { method, authorization } = shot;
    const { port } = new URL(emulator.url);
    const id =
      emulator.organization().certificates()[0]?.id ?? emulator.organization().upload({ certificate: anchor() });
    const path = shot.path.replaceAll(KNOWN_ID, id);
    const body = Buffer.from(shot.body.toString("latin1").replaceAll(KNOWN_ID, id), "latin1");
    return new Promise((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: { authorization, "content-length": body.length },
      };
      request(options, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text })).on("error", reject);
      })
        .on("error", reject)
        .end(body);
    });
  }

  it("the emulator answers a success or an error of the API's shape, and never fails", async () => {
    const seen = new Map<number, number>();
    const succeeded = new Set<string>();
    await fc.assert(
      fc.asyncProperty(shots, async (shot) => {
        const { status, text } = await shoot(shot);
        const [pathname = ""] = shot.path.split("?");
        if (status === 200) succeeded.add(`${shot.method} ${pathname}`);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        const answer = JSON.parse(text);
        if (status === 200) {
          expect(answer).toHaveProperty("object");
          return;
        }
        expect([400, 401, 404, 405]).toContain(status);
        expect(Object.keys(answer)).toEqual(["error"]);
        expect(Object.keys(answer.error).sort()).toEqual(["code", "message", "param", "type"]);
        expect(answer.error).toMatchObject({ message: expect.any(String), type: "invalid_request_error" });
        expect(text).not.toMatch(/BEGIN CERTIFICATE|sk-admin/);
      }),
      { numRuns: 3000 },
    );
    // The generator is worth its name: all kinds of answers came up, and every operation succeeded at times.
    expect(succeeded.size).toBe(12);
    expect([...seen.keys()].sort()).toEqual([200, 400, 401, 404, 405]);
    expect(JSON.stringify(emulator.requests)).not.toMatch(/BEGIN CERTIFICATE|sk-admin/);
    expect(emulator.requests).toHaveLength([...seen.values()].reduce((sum, count) => sum + count, 0));
  });
});
