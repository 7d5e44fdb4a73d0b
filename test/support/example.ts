import { cpSync } from "node:fs";
import path from "node:path";

const EXAMPLES = path.resolve(__dirname, "../../examples");

/**
 * Puts a copy of an example (by its name, or any program by its absolute path) where a stack runs it: its programs may be
 * edited there, and its own files stay as they are.
 */
export function copyExample(name: string, workDir: string): void {
  const isSource = (file: string) => !file.split(path.sep).includes("node_modules");
  cpSync(path.resolve(EXAMPLES, name), workDir, { recursive: true, filter: isSource });
}

/**
 * Runs the program in a folder inline, as Pulumi's Node language host does: with that folder as the working directory,
 * and its exports as outputs. A program runs once in a process.
 */
export function runExample(workDir: string): Record<string, unknown> {
  process.chdir(workDir);
  return { ...(require(path.join(workDir, "index.ts")) as Record<string, unknown>) };
}
