/** `npm run soak [-- --sequences N] [--seed N] [--engine]`: random sequences against a model, until one finds something. */
import { parseArgs } from "node:util";
import { compile } from "../../test/support/compile";
import { Figures } from "../../test/support/harness/figures";
import { playSeed } from "../../test/support/harness/seeds";
import { ensureEngine } from "../engine";
import { sabotaged } from "./sabotage";
import { SABOTAGES } from "./sabotages";

const USAGE = `Usage: npm run soak [-- --sequences N] [--seed N] [--engine] [--all] [--sabotage NAME]

Plays random sequences of program edits, changes made by hand, faults and kills, each against a model of what has to come
of it. Stops at the first that comes out otherwise, with the shortest sequence that still does (exit code 1).

  --sequences N    how many to play (default 2000; 20 with --engine)
  --seed N         the first one's seed (default: any); the others follow it
  --engine         on the real engine instead of a simulated one: a hundred times slower
  --all            do not stop: print one line for each seed that finds something
  --sabotage NAME  put a known fault into a copy of the sources, and print the seed that finds it; exit code 1 where none
                   does. NAME: ${Object.keys(SABOTAGES).join(", ")}, or all
  --help           this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sequences: { type: "string" },
      seed: { type: "string" },
      engine: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      sabotage: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const count = whole("--sequences", values.sequences ?? (values.engine ? "20" : "2000"));
  if (values.sabotage !== undefined) {
    await sabotage(values.sabotage, values.seed && whole("--seed", values.seed), count);
    return;
  }
  const first = whole("--seed", values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
  if (values.engine) {
    compile();
    process.env["PULUMI_TEST_ENGINE"] = JSON.stringify(await ensureEngine());
  }
  process.stderr.write(`seeds ${first} to ${first + count - 1}\n`);
  const figures = new Figures();
  const began = performance.now();
  for (let seed = first; seed < first + count; seed++) {
    const finding = await playSeed(seed, values.engine ? "real" : "fake", figures, { shrink: !values.all });
    if (finding !== undefined) {
      process.exitCode = 1;
      const brief = finding.problems.map((problem) => problem.split("\n")[0]).join("; ");
      process.stdout.write(values.all ? `${seed}: ${brief}\n` : `${finding.message}\n`);
    }
    if (finding !== undefined && !values.all) {
      break;
    }
  }
  process.stderr.write(`${Math.round((performance.now() - began) / 1000)} s: ${figures}\n`);
}

/** Without a seed, each begins at the one that has found it before. */
async function sabotage(which: string, seed: number | "" | undefined, count: number): Promise<void> {
  const chosen = Object.entries(SABOTAGES).filter(([name]) => which === "all" || which === name);
  if (chosen.length === 0) {
    throw new Error(`--sabotage takes one of ${Object.keys(SABOTAGES).join(", ")}, or all.\n\n${USAGE}`);
  }
  for (const [name, one] of chosen) {
    const found = await sabotaged(one, seed || one.seed, count);
    process.stdout.write(`${name} (${one.fault}): ${found ?? `not found by ${count} sequences`}\n`);
    process.exitCode = found === undefined ? 1 : process.exitCode;
  }
}

function whole(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`${option} takes a whole number, not ${JSON.stringify(text)}.\n\n${USAGE}`);
  }
  return Number(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
