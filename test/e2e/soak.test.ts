import { Figures } from "../support/harness/figures";
import { playSeed } from "../support/harness/seeds";
import { lanes } from "../support/lanes";

/** With faults and an outage; a whole sequence takes a minute or more here. */
const SEEDS = [1, 2];
/** The engine waits for its processes half of the time. */
const AT_ONCE = 3;

describe("random sequences on the real engine, of edits, changes made by hand, faults and kills", () => {
  const figures = new Figures();
  afterAll(() => {
    process.stdout.write(`soak on the real engine: ${figures}\n`);
  });

  it("keep every promise, in the organization and in the state file", async () => {
    const lane = lanes(AT_ONCE);
    const found = await Promise.all(
      SEEDS.map((seed) => lane(() => playSeed(seed, "real", figures, { shrink: false }))),
    );
    expect(found.flatMap((finding) => finding?.message ?? [])).toEqual([]);
    expect(figures.sequences).toBe(SEEDS.length);
  }, 900_000);
});
