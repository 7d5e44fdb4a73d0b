import type { Emulator, Fault } from "../../emulator";
import { TWELVE } from "./site";

const CERTIFICATES = "/organization/certificates";

/** The calls of an operation, and some of each that come in the middle of it. */
const CALLS = {
  list: { method: "GET", path: CERTIFICATES },
  upload: { method: "POST", path: CERTIFICATES },
  toggle: { method: "POST", path: /activate$/ },
  delete: { method: "DELETE" },
} as const;

type CallName = keyof typeof CALLS;

/** Which calls of `up` and of `destroy` with twelve certificates a fault strikes. */
export type Operation = "up" | "destroy";

const STRUCK: Record<Operation, Partial<Record<CallName, number>>> = {
  // Left alone: the empty list and one page of the second look, some uploads, and the first ten activations.
  up: { list: 1, upload: 3, toggle: 1 },
  destroy: { list: 0, toggle: 1, delete: 4 },
};

/** Something that goes wrong for a while and passes by itself. */
export interface Trouble {
  /** Arms an emulator for one operation. */
  arm(emulator: Emulator, operation: Operation): void;
  /** Keys of the configuration's namespace `openai` that belong to it. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** One fault on every kind of call that an operation makes, each time in the middle; `times` in a row. */
export function everywhere(fault: Fault, times = 1): Trouble {
  return {
    arm({ faults }, operation) {
      for (const [name, skip] of Object.entries(STRUCK[operation])) {
        faults.add({ ...fault, match: { ...CALLS[name as CallName], skip, times } });
      }
    },
  };
}

/** A fault on the second page of the look that an operation takes at what there is. */
export function onPages(fault: Fault): Trouble {
  return {
    arm({ faults }, operation) {
      faults.add({ ...fault, match: { ...CALLS.list, skip: operation === "up" ? 2 : 1 } });
    },
  };
}

/** Several faults one after the other on each kind of call. */
export function inARow(...all: readonly Fault[]): Trouble {
  return {
    arm(emulator, operation) {
      for (const fault of all) {
        everywhere(fault).arm(emulator, operation);
      }
    },
  };
}

/** The first attempt of every upload. */
export function onUploads(fault: Fault): Trouble {
  return { arm: ({ faults }) => faults.add({ ...fault, match: { ...CALLS.upload, times: TWELVE } }) };
}
