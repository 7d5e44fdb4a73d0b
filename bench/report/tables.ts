import { type Growth, OPERATIONS, type Operation, type Results, type Sample, type SubjectId } from "../results";

type Row = readonly (string | number)[];

/** A table in Markdown; numbers' columns are set to the right. */
export function table(head: Row, rows: readonly Row[]): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const NONE = "–";

/** Those that have a column; what was not measured is named beside the tables, with the reason. */
export function measuredIn({ subjects }: Results): SubjectId[] {
  return subjects.filter(({ missing }) => missing === undefined).map(({ id }) => id);
}

export function titleOf({ subjects }: Results, id: SubjectId): string {
  return subjects.find((one) => one.id === id)?.title ?? id;
}

export function sizesOf({ samples }: Results): number[] {
  return [...new Set(samples.map(({ certificates }) => certificates))].sort((one, other) => one - other);
}

export function latenciesOf({ samples }: Results): number[] {
  return [...new Set(samples.map(({ latencyMs }) => latencyMs))].sort((one, other) => one - other);
}

export function find(
  { samples }: Results,
  wanted: { subject: SubjectId; operation: Operation; certificates: number; latencyMs: number },
): Sample | undefined {
  return samples.find(
    (sample) =>
      sample.subject === wanted.subject &&
      sample.operation === wanted.operation &&
      sample.certificates === wanted.certificates &&
      sample.latencyMs === wanted.latencyMs,
  );
}

/** API calls of each operation; they do not depend on the latency. */
export function callsTable(results: Results): string {
  const sizes = sizesOf(results);
  const [latencyMs = 0] = latenciesOf(results);
  const ids = measuredIn(results);
  const head = [
    "operation",
    ...ids.flatMap((id) => sizes.map((size, index) => `${index === 0 ? `${titleOf(results, id)}: ` : ""}${size}`)),
  ];
  const rows = OPERATIONS.map((operation) => [
    operation,
    ...ids.flatMap((subject) =>
      sizes.map((certificates) => find(results, { subject, operation, certificates, latencyMs })?.calls ?? NONE),
    ),
  ]);
  return table(head, rows);
}

/** Wall time: this package in seconds, and the others as multiples of it. */
export function timeTable(results: Results): string {
  const sizes = sizesOf(results);
  const others = measuredIn(results).filter((id) => id !== "package");
  const head = ["operation", "latency", ...sizes.flatMap((size) => [`${size}: this package`, ...others])];
  const rows = OPERATIONS.flatMap((operation) =>
    latenciesOf(results).map((latencyMs) => [
      operation,
      `${latencyMs} ms`,
      ...sizes.flatMap((certificates) => {
        const at = { operation, certificates, latencyMs };
        const ours = find(results, { ...at, subject: "package" });
        return [seconds(ours?.ms), ...others.map((subject) => ratio(find(results, { ...at, subject })?.ms, ours?.ms))];
      }),
    ]),
  );
  return table(head, rows);
}

/** Peak memory of the provider process and the size of the state file. */
export function footprintTable(results: Results): string {
  const sizes = sizesOf(results);
  const head = [
    "",
    "peak memory of the provider process",
    ...sizes.map((size) => `state, ${size} ${size === 1 ? "certificate" : "certificates"}`),
    "state, each further certificate",
  ];
  const rows = measuredIn(results).map((id) => {
    const memory = results.samples
      .filter(({ subject }) => subject === id)
      .flatMap(({ memoryBytes }) => memoryBytes ?? []);
    const bytes = sizes.map((size) => stateBytes(results, id, size));
    return [
      titleOf(results, id),
      memory.length === 0 ? NONE : megabytes(Math.max(...memory)),
      ...bytes.map(kilobytes),
      kilobytes(slope(sizes, bytes)),
    ];
  });
  return table(head, rows);
}

export function startUpTable({ startUps }: Results): string {
  return table(
    ["import, with `@pulumi/pulumi` loaded already", "takes"],
    startUps.map(({ entry, ms }) => [`\`${entry}\``, `${ms.toFixed(1)} ms`]),
  );
}

/** Refreshes of many organizations, by the provider's functions or by the engine. */
export function growthTable(results: Results, by: Growth["by"]): string {
  const growth = results.growth.filter((one) => one.by === by);
  const [first] = growth;
  const creates = by === "engine";
  const head = [
    "organizations",
    "certificates",
    "calls",
    "refresh",
    "× size",
    "× time",
    "peak memory",
    "of it at start",
  ];
  const rows = growth.map(({ organizations, calls, ms, memoryBytes, baseBytes, createMs }) => [
    organizations,
    organizations * 50,
    calls,
    seconds(ms),
    ratio(organizations, first?.organizations),
    ratio(ms, first?.ms),
    memoryBytes === undefined ? NONE : megabytes(memoryBytes),
    ...(creates ? [seconds(createMs), ratio(createMs, first?.createMs)] : [megabytes(baseBytes)]),
  ]);
  return table(creates ? [...head.slice(0, -1), "create", "× time"] : head, rows);
}

function stateBytes({ states }: Results, id: SubjectId, size: number): number | undefined {
  return states.find(({ subject, certificates }) => subject === id && certificates === size)?.bytes;
}

/** What each further certificate adds, between the smallest and the largest size. */
function slope(sizes: readonly number[], bytes: readonly (number | undefined)[]): number | undefined {
  const [least, most] = [bytes[0], bytes[bytes.length - 1]];
  const steps = (sizes[sizes.length - 1] ?? 0) - (sizes[0] ?? 0);
  return least === undefined || most === undefined || steps === 0 ? undefined : (most - least) / steps;
}

export function ratio(value: number | undefined, to: number | undefined): string {
  return value === undefined || to === undefined ? NONE : (value / to).toFixed(2);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? NONE : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? NONE : `${Math.round(bytes / 1e6)} MB`;
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? NONE : `${(bytes / 1000).toFixed(1)} kB`;
}
