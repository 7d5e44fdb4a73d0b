import fc from "fast-check";
import {
  MalformedAnswer,
  parseCertificate,
  parseCertificatePage,
  parseCertificateWithContent,
  parseDeleted,
  parseProjectPage,
  parseToggle,
} from "../../../provider/api/wire";

const details = { valid_at: 1_700_000_000, expires_at: 1_800_000_000 };
const certificate = {
  object: "certificate",
  id: "cert_a",
  name: "root",
  created_at: 1_750_000_000,
  certificate_details: details,
};
const listed = { ...certificate, object: "organization.certificate", active: true };
const info = { id: "cert_a", name: "root", createdAt: 1_750_000_000, validAt: 1_700_000_000, expiresAt: 1_800_000_000 };
const page = { object: "list", data: [listed], first_id: "cert_a", last_id: "cert_a", has_more: false };

describe("a certificate in an answer", () => {
  it("is read as the API documents it, whatever else is in it", () => {
    expect(parseCertificate({ ...certificate, active: true, more: 1 })).toEqual(info);
    expect(parseCertificate({ ...certificate, name: null })).toEqual({ ...info, name: null });
    const { name: _, ...nameless } = certificate;
    expect(parseCertificate(nameless)).toEqual({ ...info, name: null });
  });

  it("may lack its dates, which the document does not require", () => {
    for (const certificate_details of [
      {},
      { valid_at: null, expires_at: "2030-01-01" },
      { valid_at: -1, expires_at: 1e18 },
    ]) {
      expect(parseCertificate({ ...certificate, certificate_details })).toEqual({
        ...info,
        validAt: undefined,
        expiresAt: undefined,
      });
    }
  });

  it.each([
    ["no object", null, /^the certificate is null instead of an object$/],
    ["an error's body", { error: { message: "x" } }, /certificate_details is missing/],
    ["no id", { ...certificate, id: undefined }, /^the certificate\.id is missing$/],
    ["an empty id", { ...certificate, id: "" }, /\.id is an empty string instead of a string/],
    ["an id that is a number", { ...certificate, id: 7 }, /\.id is a number instead of a string/],
    ["a name that is a number", { ...certificate, name: 7 }, /\.name is a number instead of a string or null/],
    ["no time of creation", { ...certificate, created_at: undefined }, /\.created_at is missing/],
    [
      "a time of creation that is text",
      { ...certificate, created_at: "now" },
      /\.created_at is a string instead of a Unix time in seconds/,
    ],
    [
      "a time of creation that no date can show",
      { ...certificate, created_at: 1e15 },
      /\.created_at is a number out of range instead of a Unix time in seconds/,
    ],
    ["no details", { ...certificate, certificate_details: undefined }, /certificate_details is missing/],
    [
      "details that are a list",
      { ...certificate, certificate_details: [] },
      /certificate_details is a list instead of an object/,
    ],
  ])("with %s is malformed", (_, body, message) => {
    expect(() => parseCertificate(body)).toThrow(MalformedAnswer);
    expect(() => parseCertificate(body)).toThrow(message);
  });

  it("asked for with its content has to have it", () => {
    const body = { ...certificate, certificate_details: { ...details, content: "PEM" } };
    expect(parseCertificateWithContent(body)).toEqual({ ...info, content: "PEM" });
    for (const [content, message] of [
      [undefined, "certificate_details.content is missing"],
      ["", "certificate_details.content is an empty string instead of a string"],
      [null, "certificate_details.content is null instead of a string"],
    ]) {
      const without = { ...certificate, certificate_details: { ...details, content } };
      expect(() => parseCertificateWithContent(without)).toThrow(message as string);
    }
  });

  it("in a list or toggle has to say whether it is active", () => {
    for (const [active, wrong] of [
      [undefined, "is missing"],
      [null, "is null instead of a boolean"],
      ["true", "is a string instead of a boolean"],
      [1, "is a number instead of a boolean"],
    ]) {
      const data = [listed, { ...listed, active }];
      expect(() => parseCertificatePage({ ...page, data })).toThrow(`data[1].active ${wrong}`);
      expect(() => parseToggle({ data })).toThrow(`data[1].active ${wrong}`);
    }
  });
});

describe("a page", () => {
  it("is the last one where has_more is false, whatever its cursor", () => {
    expect(parseCertificatePage(page)).toEqual({ items: [{ ...info, active: true }], next: undefined });
    expect(parseCertificatePage({ ...page, data: [], last_id: null })).toEqual({ items: [], next: undefined });
  });

  it("is followed by the one after last_id", () => {
    expect(parseCertificatePage({ ...page, has_more: true }).next).toBe("cert_a");
  });

  it.each([
    ["data", { ...page, data: undefined }, "data is missing"],
    ["data that is a list", { ...page, data: {} }, "data is an object instead of a list"],
    ["has_more", { ...page, has_more: undefined }, "has_more is missing"],
    ["has_more that is a truth value", { ...page, has_more: "false" }, "has_more is a string instead of a boolean"],
    [
      "a cursor",
      { ...page, has_more: true, last_id: null },
      "has_more is true, but there is no last_id to continue from",
    ],
    ["a cursor that is text", { ...page, has_more: true, last_id: 7 }, "has_more is true, but there is no last_id"],
    ["items before its cursor", { ...page, has_more: true, data: [] }, "has_more is true, but there is no last_id"],
    ["items that are objects", { ...page, data: [null] }, "data[0] is null instead of an object"],
  ])("without %s is malformed, never empty", (_, body, message) => {
    expect(() => parseCertificatePage(body)).toThrow(MalformedAnswer);
    expect(() => parseCertificatePage(body)).toThrow(message);
  });

  it("of projects takes their ids and names", () => {
    const data = [
      { id: "proj_a", name: "A", status: "archived" },
      { id: "proj_b", name: null },
    ];
    expect(parseProjectPage({ data, has_more: true, last_id: "proj_b" })).toEqual({
      items: [
        { id: "proj_a", name: "A" },
        { id: "proj_b", name: null },
      ],
      next: "proj_b",
    });
  });
});

describe("the answer of a toggle", () => {
  it.each(["organization.certificate.activation", "list"])(
    "is read in the shape %s, of today or of older documents",
    (object) => {
      expect(parseToggle({ object, data: [listed] })).toEqual([{ ...info, active: true }]);
    },
  );

  it("without data is malformed", () => {
    expect(() => parseToggle({ object: "list" })).toThrow("data is missing");
  });
});

describe("the answer of a delete", () => {
  it("names what was deleted", () => {
    expect(parseDeleted({ object: "certificate.deleted", id: "cert_a" })).toEqual({ id: "cert_a" });
    expect(() => parseDeleted({ object: "certificate.deleted" })).toThrow("id is missing");
    expect(() => parseDeleted("deleted")).toThrow(MalformedAnswer);
  });
});

describe("any JSON at all", () => {
  it("is either read or malformed, and what was read can be shown", () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(null, "", 0, 1e300, -1, true, [], {}));
    const item = fc.record(
      {
        id: value,
        name: value,
        created_at: value,
        active: value,
        certificate_details: fc.oneof(value, fc.record({ content: value, valid_at: value })),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      value,
      item,
      fc.record({ data: fc.oneof(value, fc.array(fc.oneof(item, value))), has_more: value, last_id: value }),
    );
    const parsers = [
      parseCertificate,
      parseCertificatePage,
      parseCertificateWithContent,
      parseDeleted,
      parseProjectPage,
      parseToggle,
    ];
    fc.assert(
      fc.property(body, fc.constantFrom(...parsers), (json, parse) => {
        try {
          const read = parse(json) as { createdAt?: number };
          expect(new Date((read.createdAt ?? 0) * 1000).toISOString()).toMatch(/^\d{4}-/);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAnswer);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
