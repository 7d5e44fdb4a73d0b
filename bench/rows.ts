import type { Fastest } from "./measure";
import type { Cell, Row } from "./report";
import { OPERATIONS, type Operation, PACKAGE, PLUGIN, type Subject } from "./subjects";

type Goals = readonly (readonly [Subject, NonNullable<Cell["goal"]>])[];

/** What the package promises of wall time, as multiples of the plain provider's. */
const AT_EVERY_SIZE: Readonly<Record<Operation, Goals>> = {
  create: [[PACKAGE, { times: 0.95 }]],
  "no-op": [[PACKAGE, { times: 0.95 }]],
  "drift preview": [[PACKAGE, { times: 0.95 }]],
  refresh: [[PACKAGE, { times: 1 }]],
  destroy: [[PACKAGE, { times: 1 }]],
};
const AT_50: Readonly<Partial<Record<Operation, Goals>>> = {
  "drift preview": [[PLUGIN, { times: 0.8 }]],
  refresh: [[PLUGIN, { times: 0.8 }]],
};

/** The table's lines, out of all that was measured. */
export function rowsOf(
  subjects: readonly Subject[],
  sizes: readonly number[],
  measured: Fastest,
  clientsMs: number,
): Row[] {
  const row = (
    what: string,
    unit: Row["unit"],
    cellOf: (subject: Subject) => Cell | undefined,
    goals: Goals = [],
  ): Row => ({
    what,
    unit,
    cells: subjects.map((subject) => {
      const cell = cellOf(subject);
      const [, goal] = goals.find(([of]) => of === subject) ?? [];
      return cell === undefined || goal === undefined ? cell : { ...cell, goal };
    }),
  });
  const [least = 0, most = 0] = [sizes[0], sizes.at(-1)];
  const slope = (subject: Subject): Cell | undefined => {
    const [small, large] = [measured.get(subject, `state, ${least}`), measured.get(subject, `state, ${most}`)];
    const value = ((large?.value ?? Number.NaN) - (small?.value ?? Number.NaN)) / (most - least);
    return Number.isNaN(value) ? undefined : { value };
  };
  return [
    ...OPERATIONS.flatMap((operation) =>
      sizes.map((size) => {
        const what = `${operation}, ${size}`;
        const goals = [...AT_EVERY_SIZE[operation], ...(size === 50 ? (AT_50[operation] ?? []) : [])];
        return row(what, "s", (subject) => measured.get(subject, what), goals);
      }),
    ),
    row("state, each further certificate", "kB", slope, [[PACKAGE, { most: 6.3 }]]),
    row("provider process, start-up", "ms", (subject) => measured.get(subject, "start-up")),
    row("provider process, idle memory", "MB", (subject) => measured.get(subject, "memory"), [[PLUGIN, { most: 70 }]]),
    row(
      "CPU of 20 `requiredClients`, 50 anchors",
      "ms",
      (subject) => (subject === PACKAGE ? { value: clientsMs } : undefined),
      [[PACKAGE, { most: 200 }]],
    ),
  ];
}
