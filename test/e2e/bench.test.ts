import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { testEngine } from "../support/engine";

const ROOT = path.resolve(__dirname, "../..");
const TIME = String.raw`\d+\.\d\d s(, CPU \d+\.\d\d s)?`;
const COMPARED = TIME.replaceAll(" s", String.raw` s \(\d+\.\d\d\)`);

describe("npm run bench -- --quick", () => {
  const docs = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-bench-"));
  let page: string;

  beforeAll(async () => {
    const marks = "# Benchmark\n\n<!-- measured -->\nof old\n<!-- /measured -->\n\nThe end.\n";
    writeFileSync(path.join(docs, "benchmark.md"), marks);
    const command = ["--import", "tsx", path.join("bench", "main.ts"), "--quick", "--docs", docs];
    const env = { ...process.env, ...testEngine().env };
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env });
    page = readFileSync(path.join(docs, "benchmark.md"), "utf8");
    expect(page).toBe(marks.replace("of old\n", () => stdout));
  }, 600_000);
  afterAll(() => rmSync(docs, { recursive: true, force: true }));

  it.each([
    ["create", "5 calls", "6 calls"],
    ["no-op", "0 calls", "1 call"],
    ["drift preview", "4 calls", "1 call"],
    ["refresh", "4 calls", "1 call"],
    ["destroy", "5 calls", "5 calls"],
  ])(
    "measures %s of 3 certificates: %s by the plain provider, %s by this package and its plugin",
    (what, plain, ours) => {
      const cells = [`${TIME}, ${plain}`, `${COMPARED}, ${ours}`, `${COMPARED}, ${ours}`].join(String.raw` \| `);
      expect(page).toMatch(new RegExp(String.raw`^\| ${what}, 3 \| ${cells} \| `, "m"));
    },
  );

  it("measures each provider process, and the required clients", () => {
    expect(page).toMatch(/^\| provider process, start-up \| \d+ ms \| \d+ ms \(.*\) \| \d+ ms \(.*\) \| {2}\|$/m);
    expect(page).toMatch(
      /^\| CPU of 20 `requiredClients`, 50 anchors \| – \| \d+ ms \| (– \| )+this package: at most 200 ms \|$/m,
    );
  });

  it("draws a bar for each operation of this package and of its plugin", () => {
    const bars = readFileSync(path.join(docs, "benchmark.svg"), "utf8").match(/<rect [^>]*height="15"/g);
    expect(bars).toHaveLength(5 * 2);
  });
});
