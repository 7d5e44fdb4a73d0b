import { Figures } from "../../support/harness/figures";
import { playSeed } from "../../support/harness/seeds";

const SEQUENCES = 60;
/** Sequences a test: each is told of on its own line, and a failure leaves the others to be played. */
const SHARE = 20;

describe("random sequences of edits, changes made by hand, faults, kills and wrong keys against a model", () => {
  const figures = new Figures();
  afterAll(() => {
    process.stdout.write(`soak: ${figures}\n`);
  });

  const firsts = Array.from({ length: SEQUENCES / SHARE }, (_, index) => 1 + index * SHARE);
  it.each(firsts)(
    `keep every promise: ${SHARE} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + SHARE; seed++) {
        expect((await playSeed(seed, "fake", figures))?.message).toBeUndefined();
      }
    },
    300_000,
  );

  it("were many, and much went wrong in them", () => {
    expect(figures.sequences).toBe(SEQUENCES);
    // Given up because only a person could go on.
    expect(figures.tangled + figures.unanswered).toBeLessThan(SEQUENCES / 20);
    for (const often of ["uploads", "toggles", "deletions", "foreignChanges", "faults", "refusals"] as const) {
      expect(figures[often]).toBeGreaterThan(SEQUENCES / 4);
    }
    for (const sometimes of ["kills", "outages", "wrongKeys"] as const) {
      expect(figures[sometimes]).toBeGreaterThan(SEQUENCES / 20);
    }
  });
});
