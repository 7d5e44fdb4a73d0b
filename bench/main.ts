/**
 * `npm run bench [-- --quick] [--rounds N] [--docs FOLDER]`: this package and its native plugin beside a plain dynamic
 * provider, on the real engine against the emulator. Prints one table, and writes it and a chart into docs/.
 */
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compile } from "../test/support/compile";
import { EngineError, ensureEngine } from "../tools/engine";
import { chart } from "./chart";
import { Fastest, measureProvider, measureSize, requiredClientsMs } from "./measure";
import { report } from "./report";
import { rowsOf } from "./rows";
import { PACKAGE, PLAIN, PLUGIN } from "./subjects";
import { vendors } from "./vendor";

/** The sizes of a round. The shorter an operation takes, the more of that is noise: small ones are measured more often. */
const ROUND = [1, 10, 1, 50, 10, 1];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: "boolean" }, rounds: { type: "string" }, docs: { type: "string" } },
  });
  const turns = values.quick ? [3] : ROUND;
  const sizes = [...new Set(turns)].sort((one, other) => one - other);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 8));
  const docs = values.docs ?? (values.quick ? undefined : path.resolve(__dirname, "../docs"));
  const engine = await ensureEngine();
  process.env["PULUMI_TEST_ENGINE"] = JSON.stringify(engine);
  compile();
  const subjects = [PLAIN, PACKAGE, PLUGIN, ...(await vendors(process.env))];
  const measured = new Fastest();
  const before = load();
  for (let round = 0; round < rounds; round++) {
    for (const [turn, size] of turns.entries()) {
      process.stderr.write(`round ${round + 1} of ${rounds}, certificates: ${size}\n`);
      await measureSize(subjects, size, round + turn, measured);
    }
    for (const subject of subjects) {
      await measureProvider(subject, measured);
    }
  }
  const columns = subjects.map(({ title }) => title);
  const rows = rowsOf(subjects, sizes, measured, await requiredClientsMs());
  const runs = sizes.map((size) => `${rounds * turns.filter((one) => one === size).length} with ${size}`);
  const about =
    `Node ${process.versions.node}, Pulumi ${engine.version}, ${os.availableParallelism()} CPUs, ${process.platform}; ` +
    `the fastest of so many runs: ${runs.join(", ")} certificates; load average ${before} before and ${load()} after.`;
  const text = `${about}\n\n${report(columns, rows)}`;
  process.stdout.write(text);
  if (docs !== undefined) {
    const largest = rows.filter(({ what }) => what.endsWith(`, ${sizes.at(-1)}`));
    write(docs, text, chart("Wall time as a multiple of the plain dynamic provider's", columns, largest));
  }
}

const load = () => os.loadavg()[0]?.toFixed(1);

/** Puts the table between the marks of benchmark.md, and the chart beside it. */
function write(docs: string, text: string, svg: string): void {
  const file = path.join(docs, "benchmark.md");
  const [before, , after] = readFileSync(file, "utf8").split(/^(<!-- measured -->\n.*<!-- \/measured -->)$/ms);
  if (before === undefined || after === undefined) {
    throw new Error(`${file} has no lines <!-- measured --> and <!-- /measured -->`);
  }
  writeFileSync(file, `${before}<!-- measured -->\n${text}<!-- /measured -->${after}`);
  writeFileSync(path.join(docs, "benchmark.svg"), svg);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof EngineError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
