import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fromLines } from "../../bench/report/lines";
import { OPERATIONS, type SubjectId } from "../../bench/results";
import { testEngine } from "../support/engine";

const ROOT = path.resolve(__dirname, "../..");

describe("the benchmark's command", () => {
  const out = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-bench-"));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("measures this package and the plain provider on the real engine, and writes tables and charts", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", path.join("bench", "main.ts"), "--quick", "--out", out],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, ...testEngine().env } },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readdirSync(out).sort()).toEqual([
      "benchmark-calls.svg",
      "benchmark-time.svg",
      "benchmark.jsonl",
      "benchmark.md",
    ]);
    const { samples } = fromLines(readFileSync(path.join(out, "benchmark.jsonl"), "utf8"));
    const calls = (of: SubjectId) =>
      OPERATIONS.map(
        (wanted) => samples.find(({ subject, operation }) => subject === of && operation === wanted)?.calls,
      );
    expect(calls("package")).toEqual([3 + 1 + 2, 1, 1, 1, 1 + 2 + 1 + 2, 1 + 3 + 1]);
    expect(calls("plain")).toEqual([3 + 1 + 1, 0, 3 + 1, 3 + 1, 1 + 1 + 2 + 1, 1 + 1 + 3]);
    expect(samples.every(({ ms }) => ms > 0)).toBe(true);
  });
});
