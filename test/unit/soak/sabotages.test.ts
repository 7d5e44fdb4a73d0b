import { sabotaged, withoutFix } from "../../../tools/soak/sabotage";
import { SABOTAGES } from "../../../tools/soak/sabotages";
import { Figures } from "../../support/harness/figures";
import { playSeed } from "../../support/harness/seeds";

// Where a seed finds its fault no longer, `npm run soak -- --sabotage NAME --seed 1` searches for another one.
describe("the random sequences, played with and without one of the fixes", () => {
  it.each(Object.entries(SABOTAGES))(
    "find the fault of case %s only without",
    async (_, sabotage) => {
      const { seed, finds } = sabotage;
      expect((await playSeed(seed, "fake", new Figures(), { shrink: false }))?.message).toBeUndefined();
      expect(await sabotaged(sabotage, seed, 1)).toMatch(finds);
    },
    60_000,
  );

  it("are not played where the text of a fix has changed, so that nothing counts as missed or found by mistake", () => {
    const sabotage = { file: "a.ts", from: "fix", to: "", fault: "", finds: /./, seed: 1 };
    expect(withoutFix("a fix here", sabotage)).toBe("a  here");
    for (const source of ["rewritten", "fix and fix"]) {
      expect(() => withoutFix(source, sabotage)).toThrow("has to contain this text once");
    }
  });
});
