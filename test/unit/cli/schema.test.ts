import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { buildReport } from "../../../cli/report/build";
import { createAuthority } from "../../../emulator";
import { anchorPem, certificate, daysFromNow, NOW, observation, project } from "./observations";

const schema = require("../../../docs/report.schema.json") as {
  $defs: { finding: { properties: { code: { enum: string[] } } } };
};
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);
const describesProbe = ajv.compile(require("../../../docs/probe.schema.json"));

describe("docs/report.schema.json", () => {
  it("describes a report with every kind of anchor, set and finding", async () => {
    const [lasting, soon, expired] = await Promise.all([anchorPem(400), anchorPem(10), anchorPem(-3)]);
    const next = await createAuthority({ notBefore: daysFromNow(5), notAfter: daysFromNow(400) });
    const [mute, namesake] = [
      await createAuthority({ commonName: "Twin", omit: ["basicConstraints"], notAfter: daysFromNow(400) }),
      await createAuthority({ commonName: "Twin", notAfter: daysFromNow(400) }),
    ];
    const many = Array.from({ length: 50 }, (_, index) => certificate(`cert_idle${index}`, null, "hello"));
    const anchors = [
      certificate("cert_1", "root", lasting),
      certificate("cert_2", "twin", lasting),
      certificate("cert_3", null, soon + lasting),
      certificate("cert_4", "old", expired),
      certificate("cert_5", "next", next.certificate),
      certificate("cert_6", "mute", mute.certificate),
      certificate("cert_7", "namesake", namesake.certificate),
      ...many,
    ];
    const projects = [
      project("proj_a", "A", ["cert_3"]),
      project("proj_b", null, ["cert_4"]),
      project("proj_c", "C", undefined),
      project("proj_d", "D", ["cert_5", "cert_6", "cert_7"]),
      project("proj_e", "E", ["cert_5"]),
    ];
    const report = buildReport(observation(anchors, [], projects), NOW, 30);
    const codes = new Set(report.findings.map(({ code }) => code));
    expect([...codes].sort()).toEqual(schema.$defs.finding.properties.code.enum.toSorted());
    expect(validate(JSON.parse(JSON.stringify(report))) || validate.errors).toBe(true);
  });

  it("describes the report of an empty organization", () => {
    expect(validate(buildReport(observation([]), NOW, 30)) || validate.errors).toBe(true);
  });

  it("describes nothing else", () => {
    const report = buildReport(observation([]), NOW, 30);
    expect(validate({ ...report, extra: 1 })).toBe(false);
    expect(validate({ ...report, generatedAt: "yesterday" })).toBe(false);
    const { findings: _, ...rest } = report;
    expect(validate(rest)).toBe(false);
  });
});

describe("docs/probe.schema.json", () => {
  it("describes nothing but a probe's results, with their clients", () => {
    const outcome = { result: "accepted", status: 200, code: null, requestId: "req_1", reason: null, check: null };
    const one = { name: "gateway", subject: "CN=gateway", expiresAt: "2030-01-01T00:00:00Z", expected: "accepted" };
    const scope = { organization: null, project: null };
    const times = { schemaVersion: 1, probedAt: "2026-01-01T00:00:00Z" };
    const report = {
      ...times,
      url: "https://mtls.api.openai.com/v1/models",
      ...scope,
      clients: [{ ...one, ...outcome }],
    };
    expect(describesProbe(report)).toBe(true);
    expect(describesProbe({ ...report, clients: [] })).toBe(false);
    expect(describesProbe({ ...report, extra: 1 })).toBe(false);
    expect(describesProbe({ ...report, clients: [{ ...one, ...outcome, result: "unknown" }] })).toBe(false);
    expect(describesProbe({ ...report, clients: [one] })).toBe(false);
  });
});
