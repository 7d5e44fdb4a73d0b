import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What package.json says of a program that is an ES module in TypeScript. */
export const MANIFEST = { type: "module", main: "index.ts" };

/** What Pulumi runs such a program with; its own ts-node is too old for ES modules. */
export const DEPENDENCIES = { typescript: "^5.9.3", "ts-node": "^10.9.2", "@types/node": "^20.0.0" };

const COMPILER = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: true,
};

/** Writes the program into a project, and a language host beside its Node where the machine has none. */
export function writeProgram(project: string, bin: string, hasHost: boolean): void {
  copyFileSync(path.join(__dirname, "index.mts"), path.join(project, "index.ts"));
  writeFileSync(path.join(project, "Pulumi.yaml"), "name: compatibility\nruntime: nodejs\n");
  const tsconfig = { compilerOptions: { ...COMPILER, types: ["node"] }, files: ["index.ts"] };
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  if (hasHost) return;
  const host = path.join(project, "languageHost.cjs");
  copyFileSync(path.join(__dirname, "languageHost.cjs"), host);
  const command = path.join(bin, "pulumi-language-nodejs");
  writeFileSync(command, `#!/bin/sh\nexec "${path.join(bin, "node")}" "$PWD/languageHost.cjs" "$@"\n`);
  chmodSync(command, 0o755);
}
