/** `npm run soak [-- --sequences N] [--seed N] [--engine]`: random sequences against a model, until one finds something. */
import { parseArgs } from "node:util";
import { compile } from "../../test/support/compile";
import { Figures } from "../../test/support/harness/figures";
import { playSeed } from "../../test/support/harness/seeds";
import { ensureEngine } from "../engine";

const USAGE = `Usage: npm run soak [-- --sequences N] [--seed N] [--engine] [--all]

Plays random sequences of program edits, changes made by hand, faults and kills, each against a model of what has to come
of it. Stops at the first that comes out otherwise, with the shortest sequence that still does (exit code 1).

  --sequences N  how many to play (default 2000; 20 with --engine)
  --seed N       the first one's seed (default: any); the others follow it
  --engine       on the real engine instead of a simulated one: a hundred times slower
  --all          do not stop: print one line for each seed that finds something
  --help         this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sequences: { type: "string" },
      seed: { type: "string" },
      engine: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const count = whole("--sequences", values.sequences ?? (values.engine ? "20" : "2000"));
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
      process.stdout.write(values.all ? `${seed}: ${finding.problems[0]?.split("\n")[0]}\n` : `${finding.message}\n`);
    }
    if (finding !== undefined && !values.all) {
      break;
    }
  }
  process.stderr.write(`${Math.round((performance.now() - began) / 1000)} s: ${figures}\n`);
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
