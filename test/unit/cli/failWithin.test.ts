import { buildReport } from "../../../cli/report/build";
import { failWithin } from "../../../cli/report/failWithin";
import { createAuthority } from "../../../emulator";
import { anchorPem, certificate, daysFromNow, NOW, observation, project } from "./observations";

let lasting: string;
let soon: string;
let expired: string;

beforeAll(async () => {
  [lasting, soon, expired] = await Promise.all([anchorPem(400), anchorPem(10), anchorPem(-3)]);
});

describe("what --fail-within fails for", () => {
  const said = (active: string[], inProject: string[], limit: number) => {
    const anchors = [
      certificate("cert_soon", null, soon),
      certificate("cert_old", null, expired),
      certificate("cert_1", null, lasting),
    ];
    const report = buildReport(observation(anchors, active, [project("proj_a", "A", inProject)]), NOW, limit);
    return failWithin(report);
  };

  it("is active anchors that expire within the limit or have expired, in the organization or in a project", () => {
    expect(said(["cert_soon", "cert_1"], ["cert_old"], 30)).toEqual({
      exitCode: 3,
      lines: ["active and expired, or expiring within 30 days: cert_old, cert_soon"],
    });
    expect(said(["cert_soon", "cert_1"], [], 9)).toEqual({ exitCode: 0, lines: [] });
  });

  it("is a set of which no anchor is valid yet", async () => {
    const { certificate: pem } = await createAuthority({ notBefore: daysFromNow(10), notAfter: daysFromNow(400) });
    const report = buildReport(observation([certificate("cert_1", null, pem)], ["cert_1"]), NOW, 7);
    expect(failWithin(report)).toEqual({
      exitCode: 3,
      lines: [
        "No active anchor of the organization is valid now, the next one from 2030-06-25 on: all of its clients are refused",
      ],
    });
  });

  describe("where something is not known", () => {
    const unreadable = () => certificate("cert_x", "root", "hello");
    const judged = (anchors: ReturnType<typeof certificate>[], active: string[], projects = [project("p", "A", [])]) =>
      failWithin(buildReport(observation(anchors, active, projects), NOW, 30));

    it("is an active anchor whose end nothing tells, and it is named", () => {
      expect(judged([unreadable(), certificate("cert_1", null, lasting)], ["cert_x", "cert_1"])).toEqual({
        exitCode: 1,
        lines: [
          '--fail-within: not known when cert_x "root" expires, which is active: its content cannot be read; check what was uploaded',
        ],
      });
    });

    it("is a project that the API does not find, and it is named", () => {
      const gone = [project("proj_gone", "C", undefined)];
      expect(judged([certificate("cert_1", null, lasting)], ["cert_1"], gone)).toEqual({
        exitCode: 1,
        lines: [
          '--fail-within: not known what is active in project proj_gone "C", which the API lists but does not find: run the report again',
        ],
      });
    });

    it("is said beside what is known to expire, which counts", () => {
      const { exitCode, lines } = judged([unreadable(), certificate("cert_soon", null, soon)], ["cert_x", "cert_soon"]);
      expect(exitCode).toBe(3);
      expect(lines.map((line) => line.slice(0, 22))).toEqual(["active and expired, or", "--fail-within: not kno"]);
    });

    it("is nothing where the anchor is active nowhere, or the list tells its dates", () => {
      const end = NOW.getTime() / 1000 + 90 * 24 * 60 * 60;
      const dated = { ...unreadable(), validAt: 0, expiresAt: end };
      expect(judged([unreadable()], [])).toEqual({ exitCode: 0, lines: [] });
      expect(judged([dated], ["cert_x"])).toEqual({ exitCode: 0, lines: [] });
    });
  });

  it("is never what is active nowhere", () => {
    expect(said(["cert_1"], [], 30)).toEqual({ exitCode: 0, lines: [] });
  });
});
