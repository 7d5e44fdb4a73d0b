import { FakeDriver } from "./fakeDriver";
import type { Figures } from "./figures";
import { Network } from "./network";
import { Finding, Player } from "./player";
import { Random } from "./random";
import { RealDriver } from "./realDriver";
import type { Sequence } from "./sequence";
import { DAY_MS, World } from "./world";

/** Plays one sequence, judges every run of it, and answers what happened. Throws a {@link Finding}. */
export async function play(sequence: Sequence, kind: "fake" | "real", figures: Figures): Promise<readonly string[]> {
  const chance = new Random(sequence.chance);
  // The beginning of the day: headers hold whole seconds, and a seed must not depend on the fraction.
  const network = new Network(chance, Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const { pageSize: maxPageSize, deactivationLag, header } = sequence;
  const world = await World.open({
    maxPageSize,
    deactivationLag,
    ...(kind === "fake" && { now: () => new Date(network.now()) }),
    ...(header ? {} : { organizationId: false }),
  });
  const driver = kind === "fake" ? new FakeDriver(network, chance) : new RealDriver(world, chance);
  const player = new Player(world, driver, network, chance, figures, header);
  try {
    await player.play(sequence);
    figures.sequences++;
    return player.trail;
  } catch (error) {
    throw error instanceof Finding ? error : new Finding([`crashed: ${(error as Error).stack}`], player.trail);
  } finally {
    await driver.close();
    await world.close();
  }
}
