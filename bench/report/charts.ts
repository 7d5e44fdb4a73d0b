import { OPERATIONS, type Operation, type Results, type SubjectId } from "../results";
import { barChart, type Chart } from "./chart";
import { find, latenciesOf, measuredIn, sizesOf, titleOf } from "./tables";

/** The charts by file name: calls and wall time of the largest organization, at the highest latency. */
export function charts(results: Results): Record<string, string> {
  return {
    "benchmark-calls.svg": barChart(callsChart(results)),
    "benchmark-time.svg": barChart(timeChart(results)),
  };
}

function callsChart(results: Results): Chart {
  const { certificates } = largest(results);
  const groups = groupsOf(results, (subject, operation) => sampleOf(results, subject, operation)?.calls);
  return {
    title: `API calls for ${certificates} certificates and their active set`,
    description: describe(results, groups, (value) => `${value} calls`),
    series: measuredIn(results).map((id) => titleOf(results, id)),
    groups,
    write: String,
  };
}

function timeChart(results: Results): Chart {
  const { certificates, latencyMs } = largest(results);
  const groups = groupsOf(results, (subject, operation) => {
    const ours = sampleOf(results, "package", operation)?.ms;
    const theirs = sampleOf(results, subject, operation)?.ms;
    return ours === undefined || theirs === undefined ? undefined : theirs / ours;
  });
  return {
    title: `Wall time as a multiple of this package's: ${certificates} certificates, ${latencyMs} ms latency`,
    description: describe(results, groups, (value) => value.toFixed(2)),
    series: measuredIn(results).map((id) => titleOf(results, id)),
    groups,
    write: (value) => value.toFixed(2),
  };
}

function largest(results: Results): { certificates: number; latencyMs: number } {
  return { certificates: Math.max(...sizesOf(results)), latencyMs: Math.max(...latenciesOf(results)) };
}

function sampleOf(results: Results, subject: SubjectId, operation: Operation) {
  return find(results, { subject, operation, ...largest(results) });
}

function groupsOf(
  results: Results,
  value: (subject: SubjectId, operation: Operation) => number | undefined,
): Chart["groups"] {
  return OPERATIONS.map((operation) => ({
    label: operation,
    values: measuredIn(results).map((id) => value(id, operation)),
  }));
}

function describe(results: Results, groups: Chart["groups"], write: (value: number) => string): string {
  const parts = groups.map(({ label, values }) => {
    const said = measuredIn(results).map((id, index) => {
      const value = values[index];
      return `${titleOf(results, id)} ${value === undefined ? "not measured" : write(value)}`;
    });
    return `${label}: ${said.join(", ")}`;
  });
  return `${parts.join("; ")}.`;
}
