import { type Emulator, startEmulator } from "../emulator";
import { realAnchors } from "../test/support/anchors";
import { MOST_CERTIFICATES, OPERATIONS, type Operation, rotatedOf, type Sample, type StateSize } from "./results";
import type { Certificates, Subject, Workplace } from "./subjects/subject";

const ADMIN_KEY = "sk-admin-local-bench";

/** One size at one latency: every operation of every subject, alternating between them. */
export interface Cell {
  readonly certificates: number;
  readonly latencyMs: number;
}

interface Station {
  readonly subject: Subject;
  readonly emulator: Emulator;
  readonly workplace: Workplace;
}

/** Measures a cell. Each operation runs for one subject after the other, so that all of them see the same machine. */
export async function measureCell(
  subjects: readonly Subject[],
  cell: Cell,
): Promise<{ samples: Sample[]; states: StateSize[] }> {
  const stations = await Promise.all(subjects.map((subject) => open(subject, cell.latencyMs)));
  const samples: Sample[] = [];
  const states: StateSize[] = [];
  try {
    for (const [turn, operation] of OPERATIONS.entries()) {
      for (const station of rotate(stations, turn)) {
        samples.push(await measure(station, operation, cell));
        if (operation === "create") {
          const bytes = station.workplace.stateBytes();
          states.push({ subject: station.subject.id, certificates: cell.certificates, bytes });
        }
      }
    }
  } finally {
    for (const { workplace, emulator } of stations) {
      workplace.close();
      await emulator.close();
    }
  }
  return { samples, states };
}

async function open(subject: Subject, latencyMs: number): Promise<Station> {
  const emulator = await startEmulator({ adminKey: ADMIN_KEY });
  if (latencyMs > 0) {
    emulator.faults.add({ kind: "latency", ms: latencyMs, match: { times: Infinity } });
  }
  return { subject, emulator, workplace: subject.open({ url: emulator.url, adminKey: ADMIN_KEY }) };
}

async function measure(station: Station, operation: Operation, { certificates, latencyMs }: Cell): Promise<Sample> {
  const { subject, emulator, workplace } = station;
  if (operation === "rotation" && roomFor(certificates) < certificates) {
    await workplace.run("apply", declared(roomFor(certificates)));
  }
  emulator.requests.length = 0;
  const timed = await workplace.run(ACTIONS[operation], wanted(operation, certificates));
  expectDone(station, operation, certificates);
  return { subject: subject.id, certificates, latencyMs, operation, calls: emulator.requests.length, ...timed };
}

const ACTIONS = {
  create: "apply",
  "no-op": "apply",
  "drift preview": "plan",
  refresh: "refresh",
  rotation: "apply",
  destroy: "destroy",
} as const;

/** What is declared for an operation. */
function wanted(operation: Operation, certificates: number): Certificates {
  return operation === "rotation" ? declared(roomFor(certificates), rotatedOf(certificates)) : declared(certificates);
}

/** A rotation with overlap needs a free slot for each certificate that it replaces. */
export function roomFor(certificates: number): number {
  return Math.min(certificates, MOST_CERTIFICATES - rotatedOf(certificates));
}

/** So many real trust anchors, the first `rotated` of them of the next generation. */
function declared(count: number, rotated = 0): Certificates {
  const anchors = realAnchors(MOST_CERTIFICATES + rotated);
  const generation = [...anchors.slice(MOST_CERTIFICATES), ...anchors.slice(rotated, count)];
  return Object.fromEntries(generation.map((certificate, index) => [`root-${index}`, certificate]));
}

/** Nothing is measured that was not done. */
function expectDone({ subject, emulator }: Station, operation: Operation, certificates: number): void {
  const there = emulator.organization().certificates();
  const left = { rotation: roomFor(certificates), destroy: 0 }[operation as string] ?? certificates;
  const active = there.filter((certificate) => certificate.active).length;
  if (there.length !== left || (subject.activates && active !== left)) {
    throw new Error(`${subject.title}: after ${operation}, ${there.length} of ${left} are there, and ${active} active`);
  }
}

function rotate<T>(items: readonly T[], turn: number): T[] {
  const start = turn % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
