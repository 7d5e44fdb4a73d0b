/** A sequence that found something wrong: the steps up to there, and how to play them again. */
export class SoakFailure extends Error {
  constructor(
    readonly seed: number,
    trail: readonly string[],
    problems: readonly string[],
    /** Whether it was played on the real engine. */
    engine = false,
  ) {
    super(`seed ${seed}:\n${trail.join("\n")}\n=> ${problems.join("\n=> ")}\nreplay: ${replayOf(seed, engine)}`);
    this.name = "SoakFailure";
    this.stack = this.message;
  }
}

/** What was thrown while a seed was played, with the way to play it again. */
export function asFailure(seed: number, trail: readonly string[], error: unknown, engine = false): SoakFailure {
  return error instanceof SoakFailure
    ? error
    : new SoakFailure(seed, trail, [`crashed: ${(error as Error).stack}`], engine);
}

/** The command that plays one seed again. */
function replayOf(seed: number, engine = false): string {
  return `npm run soak -- ${engine ? "--engine " : ""}--seed ${seed} --sequences 1`;
}
