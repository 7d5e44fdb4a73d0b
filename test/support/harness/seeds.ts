import fc from "fast-check";
import type { Figures } from "./figures";
import { makeMaterial } from "./material";
import { play } from "./play";
import { Finding } from "./player";
import { type Sequence, sequences } from "./sequence";

/** On the real engine, every run takes seconds. */
const MOST_STEPS = { fake: 16, real: 5 };

/**
 * Plays the sequence of a seed, and answers what it found: with `shrink`, the shortest sequence that still comes out
 * otherwise than promised, the runs up to there, and the command that plays the seed again.
 */
export async function playSeed(
  seed: number,
  kind: "fake" | "real",
  figures: Figures,
  { shrink = true }: { readonly shrink?: boolean } = {},
): Promise<Finding | undefined> {
  await makeMaterial();
  const property = fc.asyncProperty(sequences(MOST_STEPS[kind]), async (sequence) => {
    await play(sequence, kind, figures);
  });
  const details = await fc.check(property, { seed, numRuns: 1, unbiased: true, endOnFailure: !shrink });
  if (!details.failed) {
    return undefined;
  }
  const found = details.errorInstance as Finding;
  const sequence = details.counterexample?.[0] as Sequence;
  const replay = `npm run soak -- ${kind === "real" ? "--engine " : ""}--seed ${seed} --sequences 1`;
  return new Finding(found.problems, [
    `seed ${seed}: ${JSON.stringify(sequence)}`,
    ...found.trail,
    `replay: ${replay}`,
  ]);
}
