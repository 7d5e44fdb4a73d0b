import { PULUMI_CLI, readPinned } from "./goProgram";
import { SUPPORTED } from "./supported";
import type { Attempt, Way } from "./types";

const NAMES: Record<Way, string> = {
  path: "on PATH",
  home: "under ~/.pulumi",
  download: "Pulumi's own download",
  build: "built with Go",
};

/** Something that the user can put right; its message stands for itself, without a stack. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** What was tried, each with its reason, and what to install. */
export function noEngine(attempts: readonly Attempt[]): EngineError {
  const lines = [
    `There is no Pulumi CLI here (${SUPPORTED}), and none could be installed. Tried:`,
    ...attempts.map(({ way, reason }) => `  - ${NAMES[way]}: ${reason}`),
    `Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or Go ${readPinned(PULUMI_CLI).go} or newer (https://go.dev/dl/)`,
    "and access to its module proxy; then run the same command again.",
  ];
  return new EngineError(lines.join("\n"));
}
