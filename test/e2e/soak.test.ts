import { lanes } from "../support/lanes";
import { playEngineSequence } from "../support/soak/engineSequence";
import { Figures } from "../support/soak/figures";

const SEQUENCES = 20;
/** The engine waits for its processes half of the time. */
const AT_ONCE = 3;

describe("random sequences on the real engine, of edits, changes by others, faults and kills", () => {
  const figures = new Figures();
  afterAll(() => {
    process.stdout.write(`soak on the real engine: ${figures}\n`);
  });

  it("end as the program says, in the organization and in the state file", async () => {
    const lane = lanes(AT_ONCE);
    const seeds = Array.from({ length: SEQUENCES }, (_, index) => index + 1);
    const ended = await Promise.allSettled(seeds.map((seed) => lane(() => playEngineSequence(seed, figures))));
    const failed = ended.flatMap((one) => (one.status === "rejected" ? [String(one.reason.message)] : []));
    expect(failed).toEqual([]);
  }, 600_000);

  it("uploaded nothing twice and lost nothing, though much went wrong", () => {
    expect(figures).toMatchObject({ sequences: SEQUENCES, duplicates: 0, losses: 0 });
    for (const often of ["faults", "kills", "orphans", "adopted", "named"] as const) {
      expect(figures[often]).toBeGreaterThan(0);
    }
  });
});
