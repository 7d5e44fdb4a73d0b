/** `npm run soak [-- --sequences N] [--seed N] [--engine]`: random sequences against the model, until one finds something. */
import { parseArgs } from "node:util";
import { compile } from "../../test/support/compile";
import { playEngineSequence } from "../../test/support/soak/engineSequence";
import { Figures } from "../../test/support/soak/figures";
import { playSequence } from "../../test/support/soak/sequence";
import { ensureEngine } from "../engine";

const USAGE = `Usage: npm run soak [-- --sequences N] [--seed N] [--engine]

Plays random sequences of program edits, changes by others, faults and kills, each against a model of what has to come
of it, and stops at the first that comes out otherwise (exit code 1).

  --sequences N  how many to play (default 2000; 20 with --engine)
  --seed N       the first one's seed (default: any); the others follow it
  --engine       on the real engine instead of a simulated one: a hundred times slower
  --help         this text
`;

interface Order {
  readonly sequences: number;
  readonly first: number;
  readonly engine: boolean;
}

/** Progress about every so many sequences. */
const LINES = 20;

async function main(args: readonly string[]): Promise<void> {
  const order = read(args);
  if (order === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const { sequences, first, engine } = order;
  if (engine) {
    compile();
    process.env["PULUMI_TEST_ENGINE"] = JSON.stringify(await ensureEngine());
  }
  const play = engine ? playEngineSequence : playSequence;
  const figures = new Figures();
  const began = performance.now();
  process.stderr.write(`seeds ${first} to ${first + sequences - 1}\n`);
  const every = Math.max(1, Math.floor(sequences / LINES));
  for (let seed = first; seed < first + sequences; seed++) {
    const trail = await play(seed, figures).catch((error: unknown) => {
      process.stdout.write(`${figures}\n`);
      throw error;
    });
    if (sequences === 1) {
      process.stderr.write(`${trail.join("\n")}\n`);
    } else if (figures.sequences % every === 0) {
      process.stderr.write(`${figures}\n`);
    }
  }
  process.stderr.write(`done in ${Math.round((performance.now() - began) / 1000)} s\n`);
  process.stdout.write(`${figures}\n`);
}

function read(args: readonly string[]): Order | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sequences: { type: "string" },
      seed: { type: "string" },
      engine: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { sequences, seed, engine, help } = values;
  if (help) {
    return undefined;
  }
  return {
    sequences: sequences === undefined ? (engine ? 20 : 2000) : whole("--sequences", sequences),
    first: seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole("--seed", seed),
    engine,
  };
}

function whole(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`${option} takes a whole number, not ${JSON.stringify(text)}.\n\n${USAGE}`);
  }
  return Number(text);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
