import path from "node:path";

/**
 * Runs the program in a folder inline, as Pulumi's Node language host does: with that folder as the working directory,
 * and its exports as outputs. A program runs once in a process.
 */
export function runExample(workDir: string): Record<string, unknown> {
  // Programs are TypeScript, as they are to Pulumi's host.
  require("tsx/cjs");
  process.chdir(workDir);
  return { ...(require(path.join(workDir, "index.ts")) as Record<string, unknown>) };
}
