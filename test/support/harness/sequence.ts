import fc from "fast-check";
import { EDITS, type EditName } from "./edits";
import { ACTS, type ActName } from "./people";

export type Trouble = "none" | "faults" | "outage" | "kill" | "wrongKey" | "disturbed";

export type Step =
  | { readonly do: "edit"; readonly edit: EditName; readonly a: number; readonly b: number }
  | {
      readonly do: "person";
      readonly act: ActName;
      readonly place: "main" | "eu";
      readonly a: number;
      readonly b: number;
    }
  | { readonly do: "days"; readonly days: number }
  | RunStep;

export interface RunStep {
  readonly do: "up" | "preview" | "refresh" | "destroy";
  readonly refresh: boolean;
  readonly runProgram: boolean;
  /** Some of the resources, by chance of `among`. */
  readonly only: "all" | "targets" | "excludes" | "replace";
  readonly among: number;
  readonly trouble: Trouble;
  /** When the trouble strikes. */
  readonly at: number;
}

/** All that one sequence consists of. The same data plays the same, but for ids, keys and ports. */
export interface Sequence {
  /** How many certificates the program begins with, all of them in one exclusive set. */
  readonly certificates: number;
  /** Whether they are there and active before the first run, so that the program adopts them. */
  readonly byHand: boolean;
  /** Whether the API says which organization it answers for. */
  readonly header: boolean;
  readonly pageSize: number;
  readonly deactivationLag: number;
  readonly steps: readonly Step[];
  /** The seed of the network's chance. */
  readonly chance: number;
}

const choice = fc.nat(63);
const rarely = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const weighted = <T>(...choices: readonly (readonly [number, T])[]) =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const edit = fc.record({
  do: fc.constant("edit" as const),
  edit: fc.constantFrom(...(Object.keys(EDITS) as EditName[])),
  a: choice,
  b: choice,
});
const person = fc.record({
  do: fc.constant("person" as const),
  act: fc.constantFrom(...ACTS),
  place: weighted([5, "main" as const], [1, "eu" as const]),
  a: choice,
  b: choice,
});
const days = fc.record({ do: fc.constant("days" as const), days: fc.integer({ min: 1, max: 3 }) });
const run: fc.Arbitrary<Step> = fc.record({
  do: weighted([8, "up" as const], [1, "preview" as const], [2, "refresh" as const], [2, "destroy" as const]),
  refresh: rarely,
  runProgram: rarely,
  only: weighted([8, "all" as const], [2, "targets" as const], [1, "excludes" as const], [1, "replace" as const]),
  among: choice,
  trouble: weighted<Trouble>(
    [10, "none"],
    [2, "faults"],
    [1, "outage"],
    [2, "kill"],
    [1, "wrongKey"],
    [1, "disturbed"],
  ),
  at: choice,
});

/** Sequences of at most so many steps. */
export const sequences = (maxLength: number): fc.Arbitrary<Sequence> =>
  fc.record({
    certificates: weighted([2, 1], [6, 2], [4, 3], [1, 12]).chain((few) => weighted([60, few], [1, 27])),
    byHand: rarely,
    header: weighted([5, true], [1, false]),
    pageSize: weighted([4, 20], [1, 2]),
    deactivationLag: weighted([5, 0], [1, 2]),
    steps: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: edit },
        { weight: 2, arbitrary: person },
        { weight: 1, arbitrary: days },
        { weight: 7, arbitrary: run },
      ),
      { maxLength, size: "max" },
    ),
    chance: fc.nat(2 ** 31 - 1),
  });
