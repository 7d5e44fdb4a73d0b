import { MOST_CERTIFICATES, type Results, rotatedOf } from "../results";
import { callsTable, footprintTable, growthTable, sizesOf, startUpTable, timeTable } from "./tables";

/** `docs/benchmark.md`: everything that one run measured. */
export function document(results: Results): string {
  const { node, pulumi, cpus, platform } = results.environment;
  const sections = [
    "# Benchmark",
    "<!-- Written by `npm run bench` from what it measured (benchmark.jsonl). Do not edit. -->",
    `One run of \`npm run bench\` against the emulator on loopback: Node ${node}, Pulumi ${pulumi}, ${cpus} CPUs, ${platform}. ` +
      "It alternates: each operation runs for one subject after the other, so that all of them see the same machine. " +
      "Times are from the command to its end, the start of the program included; compare them as ratios, and only within a run.",
    subjects(results),
    "## API calls",
    "![API calls by operation](benchmark-calls.svg)",
    `By the number of certificates, all of them active. A drift preview is \`pulumi preview --refresh\`, or \`plan\`.${room(results)}`,
    callsTable(results),
    "The plain provider's no-op costs no call because it does not look: it repairs nothing that was changed behind its back.",
    "## Wall time",
    "![Wall time by operation](benchmark-time.svg)",
    "By the number of certificates and the latency that the emulator adds to each answer: this package in seconds, the " +
      "others as multiples of that (above 1 they take longer).",
    timeTable(results),
    "## Memory and state",
    "State is the file as it was written after create. Pulumi's holds each property twice, as input and as output.",
    footprintTable(results),
    "## Start-up",
    startUpTable(results),
    "## Many organizations",
    `Refreshes of organizations with ${MOST_CERTIFICATES} certificates each, by the provider's functions in one process:`,
    growthTable(results, "functions"),
    "The same by the engine, in one stack with a file backend:",
    growthTable(results, "engine"),
    "[How larger estates are split](scaling.md)",
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

const ABOUT = {
  package: "with a program in TypeScript",
  plain:
    "in `bench/plain`: what a good engineer writes in an afternoon, a call for each read and a list for the active set",
  vendor: "which uploads certificates, and has no resource for an active set: no toggle is among its calls",
} as const;

function subjects(results: Results): string {
  return results.subjects
    .map(
      ({ id, title, missing }) =>
        `- **${title}**, ${ABOUT[id]}.${missing === undefined ? "" : ` In this run ${missing}.`}`,
    )
    .join("\n");
}

/** Why the largest size does not rotate all that it has. */
function room(results: Results): string {
  const full = sizesOf(results).find((size) => size + rotatedOf(size) > MOST_CERTIFICATES);
  if (full === undefined) {
    return "";
  }
  const left = MOST_CERTIFICATES - rotatedOf(full);
  return (
    ` A rotation replaces a tenth, and needs free slots under the API's cap of ${MOST_CERTIFICATES}: ` +
    `at ${full}, rotation and destroy run with ${left}.`
  );
}
