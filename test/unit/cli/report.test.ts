import { X509Certificate } from "node:crypto";
import { buildReport } from "../../../cli/report/build";
import type { FindingCode, Report } from "../../../cli/report/model";
import { createAuthority } from "../../../emulator";
import { distinguishedName } from "../../../emulator/x509";
import { certificate as makeCertificate, makeKey, pemOf } from "../../support/chains/maker";
import { anchorPem, certificate, daysFromNow, NOW, observation, project } from "./observations";

const at = (report: Report, id: string) => report.anchors.find((anchor) => anchor.id === id);
const codes = ({ findings }: Report) => findings.map(({ level, code }) => `${level} ${code}`);
const finding = (report: Report, code: FindingCode) => report.findings.find((one) => one.code === code);

let lasting: string;
let other: string;
let soon: string;
let expired: string;

beforeAll(async () => {
  lasting = await anchorPem(400, { commonName: "Lasting Root", organization: "Example Corp" });
  other = await anchorPem(500);
  soon = await anchorPem(10);
  expired = await anchorPem(-3);
});

describe("what a report says of an anchor", () => {
  it("is who stands behind it, its fingerprint, its dates and the whole days left, read from the content", () => {
    const report = buildReport(observation([certificate("cert_1", "root", lasting)]), NOW, 30);
    expect(at(report, "cert_1")).toEqual({
      id: "cert_1",
      name: "root",
      fingerprint: new X509Certificate(lasting).fingerprint256.replaceAll(":", "").toLowerCase(),
      authority: "Lasting Root",
      subject: "O=Example Corp, CN=Lasting Root",
      issuer: "O=Example Corp, CN=Lasting Root",
      createdAt: "2030-06-15T11:00:00Z",
      validAt: "2030-03-07T12:00:00Z",
      expiresAt: "2031-07-20T12:00:00Z",
      status: "valid",
      daysLeft: 400,
      activeIn: { organization: false, projects: [] },
      duplicates: [],
    });
  });

  it("is where it is active: in the organization and in each project by itself", () => {
    const projects = [
      project("proj_a", "A", ["cert_1"]),
      project("proj_b", "B", []),
      project("proj_c", null, ["cert_1"]),
    ];
    const report = buildReport(observation([certificate("cert_1", "root", lasting)], ["cert_1"], projects), NOW, 30);
    expect(at(report, "cert_1")?.activeIn).toEqual({ organization: true, projects: ["proj_a", "proj_c"] });
  });

  it.each([
    [29.9, 30, "expiring", 29],
    [30, 30, "expiring", 30],
    [31, 30, "valid", 31],
    [31, 90, "expiring", 31],
    [0.5, 0, "valid", 0],
    [-0.5, 30, "expired", -1],
  ])("%d days before its end with a limit of %d days it is %s", async (left, limit, status, daysLeft) => {
    const report = buildReport(observation([certificate("cert_1", "root", await anchorPem(left))]), NOW, limit);
    expect(at(report, "cert_1")).toMatchObject({ status, daysLeft });
  });

  it("is that it is not valid yet", async () => {
    const { certificate: pem } = await createAuthority({ notBefore: daysFromNow(5), notAfter: daysFromNow(100) });
    const report = buildReport(observation([certificate("cert_1", "root", pem)], ["cert_1"]), NOW, 30);
    expect(at(report, "cert_1")).toMatchObject({ status: "not yet valid", daysLeft: 100 });
    expect(finding(report, "not-yet-valid")?.message).toContain("but not valid before 2030-06-20");
  });

  it("names the issuer of one that somebody else issued", async () => {
    const root = await createAuthority({ commonName: "Root" });
    const { certificate: pem } = await root.intermediate({ commonName: "Issuing", notAfter: daysFromNow(90) });
    const report = buildReport(observation([certificate("cert_1", "root", pem)]), NOW, 30);
    expect(at(report, "cert_1")).toMatchObject({ authority: "Issuing", subject: "CN=Issuing", issuer: "CN=Root" });
  });

  it("takes the dates of the list where the content cannot be read, and says that it cannot", () => {
    const unreadable = { ...certificate("cert_1", "root", "hello"), validAt: 0, expiresAt: NOW.getTime() / 1000 + 60 };
    const report = buildReport(observation([unreadable], ["cert_1"]), NOW, 30);
    expect(at(report, "cert_1")).toMatchObject({ fingerprint: null, authority: null, status: "expiring", daysLeft: 0 });
    expect(finding(report, "unreadable")?.message).toContain("it holds no PEM certificate");
  });

  it("is unknown where there are no dates at all, and then the set's end is unknown too", () => {
    const anchors = [certificate("cert_1", "root", "hello"), certificate("cert_2", "good", lasting)];
    const report = buildReport(observation(anchors, ["cert_1", "cert_2"]), NOW, 30);
    expect(at(report, "cert_1")).toMatchObject({ status: "unknown", daysLeft: null, expiresAt: null });
    expect(report.organization.lastExpiresAt).toBeNull();
  });

  it("never holds a private key that was uploaded by mistake", async () => {
    const { key } = await createAuthority();
    const report = buildReport(observation([certificate("cert_1", "root", key)]), NOW, 30);
    expect(JSON.stringify(report)).not.toContain("PRIVATE KEY-----");
    expect(finding(report, "unreadable")?.message).toContain("it holds a private key");
  });
});

describe("the order of a report", () => {
  it("has active anchors first, and the next to expire before the others", () => {
    const anchors = [
      certificate("cert_idle", null, expired),
      certificate("cert_late", null, other),
      certificate("cert_early", null, soon),
      certificate("cert_mid", null, lasting),
    ];
    const projects = [project("proj_a", "A", ["cert_mid"])];
    const report = buildReport(observation(anchors, ["cert_late", "cert_early"], projects), NOW, 30);
    expect(report.anchors.map(({ id }) => id)).toEqual(["cert_early", "cert_mid", "cert_late", "cert_idle"]);
  });
});

describe("who decides about a project", () => {
  const anchors = () => [certificate("cert_1", "root", lasting)];
  const projects = [
    project("proj_own", "A", ["cert_1"]),
    project("proj_none", "B", []),
    project("proj_gone", "C", undefined),
  ];

  it("is its own set, else the organization's; unknown where it could not be read", () => {
    const { projects: sets, findings } = buildReport(observation(anchors(), ["cert_1"], projects), NOW, 30);
    expect(sets.map(({ decidedBy }) => decidedBy)).toEqual(["project", "organization", null]);
    expect(findings).toMatchObject([{ code: "project-unreadable", scope: "proj_gone" }]);
  });

  it("is nobody where the organization has nothing active either", () => {
    const { projects: sets } = buildReport(observation(anchors(), [], projects), NOW, 30);
    expect(sets.map(({ decidedBy }) => decidedBy)).toEqual(["project", "nobody", null]);
  });
});

describe("findings", () => {
  it("are none for an organization in good order", () => {
    const report = buildReport(observation([certificate("cert_1", "root", lasting)], ["cert_1"]), NOW, 30);
    expect(report.findings).toEqual([]);
  });

  it("say that nothing is enforced where the organization's set is empty, and except where", () => {
    const anchors = [certificate("cert_1", "root", lasting)];
    expect(codes(buildReport(observation([]), NOW, 30))).toEqual(["warning not-enforced"]);
    const report = buildReport(observation(anchors, [], [project("proj_a", "A", ["cert_1"])]), NOW, 30);
    expect(finding(report, "not-enforced")?.message).toContain("except in one project that has its own set");
  });

  it("put first that the last anchor of a set expires soon, whatever else the organization has", () => {
    const anchors = [certificate("cert_1", "old", soon), certificate("cert_2", "new", lasting)];
    const report = buildReport(
      observation(anchors, ["cert_1", "cert_2"], [project("proj_a", "A", ["cert_1"])]),
      NOW,
      30,
    );
    expect(codes(report)).toEqual(["problem set-expiring", "warning expiring"]);
    expect(report.findings[0]).toMatchObject({
      scope: "proj_a",
      anchorIds: ["cert_1"],
      message:
        'The last active anchor of project proj_a "A" expires on 2030-06-25, in 10 days: then all of its clients are refused',
    });
  });

  it("call a set without any valid anchor, and each expired anchor that is active, a problem", () => {
    const report = buildReport(observation([certificate("cert_1", "old", expired)], ["cert_1"]), NOW, 30);
    expect(codes(report)).toEqual(["problem set-expired", "problem expired"]);
  });

  it("call a set a problem whose anchors are not valid yet, or leave a gap: then nobody is accepted", async () => {
    const next = (from: number) => createAuthority({ notBefore: daysFromNow(from), notAfter: daysFromNow(400) });
    const said = (...pems: string[]) => {
      const anchors = pems.map((pem, index) => certificate(`cert_${index}`, null, pem));
      const ids = anchors.map(({ id }) => id);
      const { findings } = buildReport(observation(anchors, ids), NOW, 30);
      return findings.filter(({ scope }) => scope !== null).map(({ level, code, message }) => [level, code, message]);
    };
    const [later, tooLate, inTime] = await Promise.all([next(5), next(20), next(9)]);
    const refused = [
      "problem",
      "set-not-yet-valid",
      expect.stringContaining("is valid now, the next one from 2030-06-20 on"),
    ];
    expect(said(later.certificate)).toEqual([refused]);
    expect(said(expired, later.certificate)).toEqual([refused]);
    expect(said(soon, tooLate.certificate)).toEqual([
      ["problem", "set-expiring", expect.stringContaining("is valid from 2030-06-25, in 10 days, to 2030-07-05")],
    ]);
    expect(said(soon, inTime.certificate)).toEqual([]);
    expect(said(lasting, later.certificate)).toEqual([]);
  });

  it("name duplicates once, keep the one that is active in most places, and say where it is missing", () => {
    const anchors = ["cert_1", "cert_2", "cert_3"].map((id) => certificate(id, id, lasting));
    const projects = [project("proj_a", "A", ["cert_2"]), project("proj_b", "B", ["cert_2", "cert_3"])];
    const report = buildReport(observation(anchors, ["cert_1"], projects), NOW, 30);
    expect(at(report, "cert_1")?.duplicates).toEqual(["cert_2", "cert_3"]);
    expect(codes(report)).toEqual(["warning duplicate"]);
    expect(finding(report, "duplicate")?.advice).toBe(
      "Keep cert_2, activate it in the organization too; deactivate and delete cert_1 and cert_3.",
    );
  });

  it("list what is active nowhere in one note", () => {
    const anchors = [
      certificate("cert_1", "root", lasting),
      certificate("cert_2", null, other),
      certificate("cert_3", "x", expired),
    ];
    const report = buildReport(observation(anchors, ["cert_1"]), NOW, 30);
    expect(codes(report)).toEqual(["note unused"]);
    expect(finding(report, "unused")?.message).toBe('2 certificates are active nowhere: cert_3 "x" (expired), cert_2');
  });

  it("say that only the first certificate of a bundle counts", () => {
    const report = buildReport(observation([certificate("cert_1", "b", lasting + other)], ["cert_1"]), NOW, 30);
    expect(at(report, "cert_1")?.authority).toBe("Lasting Root");
    expect(finding(report, "bundle")?.message).toContain("a bundle of 2 certificates");
  });

  it("warn when all 50 places are taken", () => {
    const anchors = Array.from({ length: 50 }, (_, index) => certificate(`cert_${index}`, null, index ? "x" : lasting));
    expect(finding(buildReport(observation(anchors, ["cert_0"]), NOW, 30), "no-free-slot")).toBeDefined();
    expect(finding(buildReport(observation(anchors.slice(1), ["cert_1"]), NOW, 30), "no-free-slot")).toBeUndefined();
  });
});

describe("anchors that may accept nobody", () => {
  it("are found, with the reason, and what to do where they are active", async () => {
    const leaf = (await (await createAuthority()).client()).certificate;
    const anchors = [certificate("cert_1", "leaf", leaf), certificate("cert_2", "root", lasting)];
    const found = (active: readonly string[]) =>
      buildReport(observation(anchors, active), new Date(), 30).findings.filter(
        ({ code }) => code === "accepts-nobody",
      );
    expect(found(["cert_1", "cert_2"])[0]).toMatchObject({
      level: "warning",
      anchorIds: ["cert_1"],
      message: expect.stringMatching(/^cert_1 "leaf" is not a certificate authority/),
      advice: expect.stringContaining("openai-certificates probe"),
    });
    expect(found(["cert_2"])[0]?.advice).toMatch(/^Do not activate it/);
    expect(found(["cert_1", "cert_2"]).every(({ anchorIds }) => anchorIds[0] === "cert_1")).toBe(true);
  });
});

describe("an anchor whose key cannot be read", () => {
  it("is one more finding of a complete report", () => {
    const key = makeKey("rsa2048");
    const spki = Buffer.from(key.spki).fill(0xff, key.spki.indexOf(Buffer.of(0, 0x30)) + 1);
    const draft = makeCertificate(distinguishedName("Damaged"), { ...key, spki }, undefined, true, NOW);
    const anchors = [certificate("cert_1", "damaged", pemOf(draft)), certificate("cert_2", "root", lasting)];
    const { findings } = buildReport(observation(anchors, ["cert_1", "cert_2"]), NOW, 20);
    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^cert_1 "damaged" has a key that cannot be read/),
    );
  });
});

describe("active anchors of one name", () => {
  it("are noted where their keys differ, as two generations of an authority are", async () => {
    const [first, rekeyed] = [
      await createAuthority({ commonName: "Twin" }),
      await createAuthority({ commonName: "Twin" }),
    ];
    const renewed = await first.renew();
    const notes = (...pems: string[]) => {
      const anchors = pems.map((pem, index) => certificate(`cert_${index}`, `root-${index}`, pem));
      const report = buildReport(
        observation(
          anchors,
          anchors.map(({ id }) => id),
        ),
        new Date(),
        30,
      );
      return report.findings.filter(({ code }) => code === "same-name").map(({ message }) => message);
    };
    expect(notes(first.certificate, rekeyed.certificate)).toEqual([
      'cert_0 "root-0" and cert_1 "root-1" are active under the same subject with different keys',
    ]);
    expect(notes(first.certificate, renewed.certificate)).toEqual([]);
  });
});
