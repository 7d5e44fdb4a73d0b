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
