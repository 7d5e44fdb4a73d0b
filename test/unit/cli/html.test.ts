import { createHash } from "node:crypto";
import fc from "fast-check";
import { buildReport } from "../../../cli/report/build";
import { renderHtml } from "../../../cli/report/html";
import { ticksOf } from "../../../cli/report/html/axis";
import type { Report } from "../../../cli/report/model";
import { ACTING, anyName, HOSTILE } from "./hostile";
import { anchorPem, certificate, NOW, observation, project } from "./observations";

let lasting: string;
let soon: string;
let expired: string;

beforeAll(async () => {
  [lasting, soon, expired] = await Promise.all([anchorPem(700), anchorPem(10), anchorPem(-3)]);
});

function reportOf(name: string | null, projectName: string | null = "Payments"): Report {
  const anchors = [
    certificate("cert_1", name, lasting),
    certificate("cert_2", name, soon),
    certificate("cert_3", name, expired),
  ];
  const projects = [project("proj_pay", projectName, ["cert_2"]), project("proj_b", projectName, [])];
  return buildReport(observation(anchors, ["cert_1"], projects), NOW, 30);
}

/** The page's tags with their attributes' names, but for what the names and ids fill in. */
const skeleton = (page: string) => page.replace(/>[^<]*</g, "><").replace(/"[^"]*"/g, '""');

describe("the page", () => {
  it("needs nothing from anywhere, holds no script, and forbids both", () => {
    const page = renderHtml(reportOf("corp-root"));
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;;`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\son\w+=|\sstyle=|url\(|@import/i);
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith("#anchor-"))).toBe(true);
  });

  it("is light or dark as the reader's system is", () => {
    const page = renderHtml(reportOf("corp-root"));
    expect(page).toContain("color-scheme: light dark");
    expect(page).toContain("@media (prefers-color-scheme: dark)");
  });

  it("shows each scope with its anchors, what is active nowhere, and every finding", () => {
    const report = reportOf("corp-root");
    const text = renderHtml(report)
      .replace(/<style>[\s\S]*<\/style>/, "")
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ");
    expect(text).toContain("mTLS enforced");
    expect(text).toMatch(/Organization 1 active anchor, the last expires 2032-05-15 corp-root cert_1/);
    expect(text).toMatch(/Project Payments proj_pay 1 active anchor, the last expires 2030-06-25 corp-root cert_2/);
    expect(text).toMatch(/Active nowhere corp-root cert_3/);
    expect(text).toContain("1 project has no set of its own");
    for (const { message } of report.findings) expect(text).toContain(message.replaceAll('"', "&quot;"));
  });

  it("draws validity in per cent of the span, cut at today where it is over", () => {
    const page = renderHtml(reportOf("corp-root"));
    const bars = [...page.matchAll(/class="bar (past|ahead) (\w+)" x="([\d.]+)%" width="([\d.]+)%"/g)];
    const [today = ""] = [...page.matchAll(/class="today" x1="([\d.]+)%"/g)].map(([, x]) => x);
    const ends = bars.map(([, kind, status, x, width]) => [kind, status, (Number(x) + Number(width)).toFixed(1)]);
    expect(ends).toEqual([
      ["past", "valid", Number(today).toFixed(1)],
      ["ahead", "valid", expect.any(String)],
      ["past", "expiring", Number(today).toFixed(1)],
      ["ahead", "expiring", expect.any(String)],
      ["past", "expired", expect.any(String)],
    ]);
    expect(Number(ends[1]?.[2])).toBeGreaterThan(90);
    expect(Number(ends[4]?.[2])).toBeLessThan(Number(today));
  });

  it.each(HOSTILE.map((name) => [name]))("is the same page around %j", (name) => {
    const plain = renderHtml(reportOf("corp-root"));
    expect(skeleton(renderHtml(reportOf(name, name)))).toBe(skeleton(plain));
  });

  it("is the same page around any name", () => {
    const plain = skeleton(renderHtml(reportOf("corp-root")));
    fc.assert(
      fc.property(anyName, (name) => {
        const page = renderHtml(reportOf(name, name));
        expect(skeleton(page)).toBe(plain);
        expect(ACTING.test(page)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the axis", () => {
  it.each([
    ["2030-02-10", "2031-03-01", ["2030-03", "2030-05", "2030-07", "2030-09", "2030-11", "2031", "2031-03"]],
    ["2029-06-15", "2035-06-15", ["2030", "2031", "2032", "2033", "2034", "2035"]],
  ])("from %s to %s has few enough labels, each at the first of a month", (from, to, labels) => {
    const ticks = ticksOf({ from: Date.parse(from), to: Date.parse(to) });
    expect(ticks.map(({ label }) => label)).toEqual(labels);
    expect(ticks.every(({ at }) => at >= 0 && at <= 100)).toBe(true);
  });
});
