import { chart } from "../../../bench/chart";
import { type Row, report } from "../../../bench/report";
import { vendors } from "../../../bench/vendor";

const COLUMNS = ["plain", "package", "tofu <1>"];
const refresh: Row = {
  what: "refresh, 50",
  unit: "s",
  cells: [{ value: 2, cpu: 1, calls: 51 }, { value: 1.9, cpu: 0.8, calls: 1, goal: { times: 0.95 } }, undefined],
};

describe("the benchmark's table", () => {
  it("compares each column with the first, and says what was not measured", () => {
    expect(report(COLUMNS, [refresh])).toBe(
      [
        "|  | plain | package | tofu <1> | goal |",
        "| --- | ---: | ---: | ---: | --- |",
        "| refresh, 50 | 2.00 s, CPU 1.00 s, 51 calls | 1.90 s (0.95), CPU 0.80 s (0.80), 1 call | – | package: at most 0.95 |",
        "",
        "Every goal is met.",
        "",
      ].join("\n"),
    );
  });

  it("takes a multiple as it is printed", () => {
    const close: Row = { ...refresh, cells: [{ value: 2 }, { value: 1.909, goal: { times: 0.95 } }] };
    expect(report(COLUMNS, [close])).toMatch(/\(0\.95\)[\s\S]*Every goal is met/);
  });

  it("names the goals that were missed, by how much", () => {
    const slow: Row = { ...refresh, cells: [{ value: 2 }, { value: 1.92, goal: { times: 0.95 } }] };
    const large: Row = { what: "state", unit: "kB", cells: [undefined, { value: 6.4, goal: { most: 6.3 } }] };
    expect(report(COLUMNS, [slow, large])).toContain(
      "\nGoals missed: refresh, 50, package: 0.96 (goal: 0.95); state, package: 6.4 kB (goal: 6.3 kB).\n",
    );
  });
});

describe("the benchmark's chart", () => {
  it("has a bar for each multiple of the first column, and none for what was not measured", () => {
    const svg = chart("Wall time", COLUMNS, [refresh]);
    expect(svg.match(/<rect [^>]*height="15"/g)).toHaveLength(1);
    expect(svg).toContain(">0.95</text>");
    expect(svg).toContain(">tofu &lt;1></text>");
  });
});

it("leaves the vendor's provider out where it is not on PATH", async () => {
  expect(await vendors({ PATH: "/nowhere" })).toEqual([]);
});
