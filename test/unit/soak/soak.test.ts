import { SoakFailure } from "../../support/soak/failure";
import { Figures } from "../../support/soak/figures";
import { playSequence } from "../../support/soak/sequence";

const SEQUENCES = 250;
/** Sequences a test: each is told of on its own line, and a failure leaves the others to be played. */
const SHARE = 50;

describe("random sequences of edits, changes by others, faults and kills against a model", () => {
  const figures = new Figures();
  afterAll(() => {
    process.stdout.write(`soak: ${figures}\n`);
  });

  const firsts = Array.from({ length: SEQUENCES / SHARE }, (_, index) => 1 + index * SHARE);
  it.each(firsts)(
    `end as the program says, with no duplicate and no loss: ${SHARE} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + SHARE; seed++) {
        await playSequence(seed, figures);
      }
    },
  );

  it("were many, went wrong often, and uploaded nothing twice and lost nothing", () => {
    expect(figures).toMatchObject({ sequences: SEQUENCES, duplicates: 0, losses: 0 });
    for (const often of ["faults", "kills", "outages", "foreignChanges", "orphans", "adopted", "named"] as const) {
      expect(figures[often]).toBeGreaterThan(SEQUENCES / 20);
    }
  });

  it("play again just the same from the same seed, but for ids and ports", async () => {
    const played = async () =>
      (await playSequence(7, new Figures())).map((line) =>
        line.replace(/\b(cert|proj|req)_\w+/g, "$1").replace(/127\.0\.0\.1:\d+/g, "here"),
      );
    expect(await played()).toEqual(await played());
  });

  it("name the seed, the steps and the command to replay them when they fail", () => {
    expect(new SoakFailure(7, ["a: up: done"], ["root-1 is lost"]).message).toBe(
      "seed 7:\na: up: done\n=> root-1 is lost\nreplay: npm run soak -- --seed 7 --sequences 1",
    );
  });
});
