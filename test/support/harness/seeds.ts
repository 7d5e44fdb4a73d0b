import fc from "fast-check";
import type { Driver } from "./driver";
import { FakeDriver } from "./fakeDriver";
import type { Figures } from "./figures";
import { makeMaterial } from "./material";
import { Network } from "./network";
import { Finding, Player } from "./player";
import { Random } from "./random";
import { RealDriver } from "./realDriver";
import { type Sequence, sequences } from "./sequence";
import { DAY_MS, World } from "./world";

type Engine = "fake" | "real";

/** On the real engine, every run takes seconds. */
const MOST_STEPS = { fake: 16, real: 5 };

/**
 * Plays the sequence of a seed, and answers what it found: with `shrink`, the shortest sequence that still comes out
 * otherwise than promised, the runs up to there, and the command that plays the seed again.
 */
export async function playSeed(
  seed: number,
  engine: Engine,
  figures: Figures,
  { shrink = true }: { readonly shrink?: boolean } = {},
): Promise<Finding | undefined> {
  await makeMaterial();
  const property = fc.asyncProperty(sequences(MOST_STEPS[engine]), (sequence) => play(sequence, engine, figures));
  const details = await fc.check(property, { seed, numRuns: 1, unbiased: true, endOnFailure: !shrink });
  if (!details.failed) {
    return undefined;
  }
  const { problems, trail } = details.errorInstance as Finding;
  const replay = `npm run soak -- ${engine === "real" ? "--engine " : ""}--seed ${seed} --sequences 1`;
  return new Finding(problems, [
    `seed ${seed}: ${JSON.stringify(details.counterexample?.[0])}`,
    ...trail,
    `replay: ${replay}`,
  ]);
}

/** Plays one sequence and judges every run of it. Throws a {@link Finding}. */
async function play(sequence: Sequence, engine: Engine, figures: Figures): Promise<void> {
  const { pageSize: maxPageSize, deactivationLag, header } = sequence;
  const chance = new Random(sequence.chance);
  // The beginning of the day: headers hold whole seconds, and a seed must not depend on the fraction.
  const network = new Network(chance, Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const world = await World.open({
    maxPageSize,
    deactivationLag,
    ...(engine === "fake" && { now: () => new Date(network.now()) }),
    ...(header ? {} : { organizationId: false }),
  });
  const driver: Driver = engine === "fake" ? new FakeDriver(network, chance) : new RealDriver(world, chance);
  const player = new Player(world, driver, network, chance, figures, header);
  try {
    await player.play(sequence);
    figures.sequences++;
  } catch (error) {
    throw error instanceof Finding ? error : new Finding([`crashed: ${(error as Error).stack}`], player.trail);
  } finally {
    driver.close?.();
    await world.close();
  }
}
