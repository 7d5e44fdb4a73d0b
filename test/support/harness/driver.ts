import type { RecordedRequest } from "../../../emulator";
import type { Decided, Failure, Flags } from "./fakeEngine";
import type { Trouble } from "./faults";
import type { Effect, Snapshot, World } from "./world";

/** One operation that a user starts. */
export interface Order {
  readonly operation: "up" | "preview" | "refresh" | "destroy";
  readonly flags: Flags;
  readonly trouble: Trouble;
  /** After how many network events all its processes are killed. */
  readonly killAfter?: number;
  /** Whether it runs with the admin key of another, empty organization. */
  readonly wrongKey: boolean;
  /** Whether people change something in the middle of it. */
  readonly disturbed: boolean;
}

/** How an operation ended, as its user and the API saw it. */
export interface Ended {
  readonly how: "done" | "failed" | "killed";
  readonly failures: readonly Failure[];
  /** All that the user was told. */
  readonly said: string;
  /** What was decided for each resource that a program declares. */
  readonly decided: ReadonlyMap<string, Decided>;
  readonly requests: readonly RecordedRequest[];
  readonly effects: readonly Effect[];
}

/** Runs an operation on a world's program and state: the simulated engine, or the real one. */
export interface Driver {
  /** Whether people can change something in the middle of a run. */
  readonly canBeDisturbed: boolean;
  run(world: World, order: Order): Promise<Ended>;
  close?(): void;
}

/** One operation with all that is to be judged about it. */
export interface Played extends Ended {
  readonly order: Order;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The preview of the same program right before, where nothing came in between. */
  readonly preview: Ended | undefined;
}
