import { readFileSync } from "node:fs";
import path from "node:path";
import { charts } from "../../../bench/report/charts";
import { document } from "../../../bench/report/document";
import { fromLines, toLines } from "../../../bench/report/lines";
import { OPERATIONS, type Results, type SubjectId } from "../../../bench/results";
import { vendorSubject } from "../../../bench/subjects/vendor";

const DOCS = path.resolve(__dirname, "../../../docs");

/** What a run could have measured: the second subject takes twice the calls and half the time. */
function results(measured: readonly SubjectId[]): Results {
  const of = (subject: SubjectId, factor: number) =>
    [1, 50].flatMap((certificates) =>
      [0, 300].flatMap((latencyMs) =>
        OPERATIONS.map((operation, index) => ({
          subject,
          certificates,
          latencyMs,
          operation,
          calls: factor * (index + certificates),
          ms: (1000 * (index + 1) + latencyMs) / factor,
          memoryBytes: 100e6,
        })),
      ),
    );
  return {
    environment: { node: "20.0.0", pulumi: "3.230.0", cpus: 2, platform: "linux" },
    subjects: [
      { id: "package", title: "this package" },
      { id: "plain", title: "plain" },
      {
        id: "vendor",
        title: "tofu <1> & co",
        ...(measured.includes("vendor") ? {} : { missing: "not measured: terraform-provider-openai is not on PATH" }),
      },
    ],
    samples: measured.flatMap((subject, index) => of(subject, index + 1)),
    states: [
      { subject: "package", certificates: 1, bytes: 10_000 },
      { subject: "package", certificates: 50, bytes: 500_000 },
    ],
    startUps: [{ entry: "pulumi-openai-certificates", ms: 5 }],
    growth: [
      { by: "functions", organizations: 50, calls: 50, ms: 1000, memoryBytes: 200e6, baseBytes: 180e6 },
      { by: "functions", organizations: 100, calls: 100, ms: 1900, memoryBytes: 210e6, baseBytes: 180e6 },
    ],
  };
}

describe("the benchmark's report", () => {
  it("stands in docs as the command writes it from what it measured, not as somebody typed it", () => {
    const measured = fromLines(readFileSync(path.join(DOCS, "benchmark.jsonl"), "utf8"));
    const written = { "benchmark.md": document(measured), ...charts(measured) };
    for (const [name, content] of Object.entries(written)) {
      expect(readFileSync(path.join(DOCS, name), "utf8")).toBe(content);
    }
    expect(measured.samples.filter(({ subject }) => subject === "package")).toHaveLength(6 * 3 * 3);
  });

  it("keeps what was measured, one measurement a line", () => {
    const measured = results(["package", "plain"]);
    const text = toLines(measured);
    expect(fromLines(text)).toEqual(measured);
    expect(text.split("\n").filter((line) => line.startsWith('{"samples":'))).toHaveLength(measured.samples.length);
  });

  it("shows time as a multiple of this package's at the same size and latency", () => {
    const text = document(results(["package", "plain"]));
    expect(text).toMatch(/^\| no-op \| 300 ms \| 2\.3 s \| 0\.50 \| 2\.3 s \| 0\.50 \|$/m);
    expect(text).toMatch(/^\| no-op \| 2 \| 51 \| 4 \| 102 \|$/m);
  });

  it("shows what each further certificate adds to state, and how growth compares with size", () => {
    const text = document(results(["package", "plain"]));
    expect(text).toMatch(/^\| this package \| 100 MB \| 10\.0 kB \| 500\.0 kB \| 10\.0 kB \|$/m);
    expect(text).toMatch(/^\| 100 \| 5000 \| 100 \| 1\.9 s \| 2\.00 \| 1\.90 \| 210 MB \| 180 MB \|$/m);
  });

  it("names what was not measured and why, and gives it no column", async () => {
    expect(await vendorSubject({ PATH: "/nowhere" })).toBe("neither tofu nor terraform is on PATH");
    const without = results(["package", "plain"]);
    const named = document(without).match(/.*tofu.*/g);
    expect(named).toEqual([
      expect.stringMatching(/In this run not measured: terraform-provider-openai is not on PATH\.$/),
    ]);
    for (const chart of Object.values(charts(without))) {
      expect(chart).not.toContain("tofu");
    }
    expect(document(results(["package", "plain", "vendor"]))).not.toContain("not measured");
  });

  it("draws charts that say in words what they show, in light and in dark", () => {
    const { "benchmark-calls.svg": chart = "" } = charts(results(["package", "plain", "vendor"]));
    expect(chart).toContain('role="img" aria-labelledby="title description"');
    expect(chart).toContain('<title id="title">API calls for 50 certificates and their active set</title>');
    expect(chart).toMatch(
      /<desc id="description">.*no-op: this package 51 calls, plain 102 calls, tofu &lt;1&gt; &amp; co 153 calls;/,
    );
    expect(chart).toContain("prefers-color-scheme: dark");
    expect(chart.match(/<rect x="120" y="\d+" width="[\d.]+" height="13"/g)).toHaveLength(6 * 3);
  });
});
