import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What package.json says of a program that is an ES module in TypeScript. */
export const MANIFEST = { type: "module", main: "index.ts" };

/** What runs the program. The provider runs in Node in both cases. */
export type Runtime = "nodejs" | "bun";

/** What it needs besides; under Node, the ts-node that Pulumi brings is too old for ES modules. */
export const DEPENDENCIES: Readonly<Record<Runtime, Record<string, string>>> = {
  nodejs: { typescript: "^5.9.3", "ts-node": "^10.9.2", "@types/node": "^20.0.0" },
  bun: { "@oven/bun-linux-x64": "^1.3.0" },
};

const COMPILER = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: true,
};

/** Writes the program into a project, and a language host beside its Node where the machine has none for this runtime. */
export function writeProgram(project: string, bin: string, runtime: Runtime, hasHost: boolean): void {
  copyFileSync(path.join(__dirname, "index.mts"), path.join(project, "index.ts"));
  writeFileSync(path.join(project, "Pulumi.yaml"), `name: compatibility\nruntime: ${runtime}\n`);
  const tsconfig = { compilerOptions: { ...COMPILER, types: ["node"] }, files: ["index.ts"] };
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  if (hasHost) return;
  copyFileSync(path.join(__dirname, "languageHost.cjs"), path.join(project, "languageHost.cjs"));
  const node = path.join(bin, "node");
  const binary = runtime === "nodejs" ? node : path.join(project, "node_modules/@oven/bun-linux-x64/bin/bun");
  const command = path.join(bin, `pulumi-language-${runtime}`);
  // Absolute, but for the host itself: rows with the same Node share this folder, and the engine starts it in the project.
  writeFileSync(command, `#!/bin/sh\nexec "${node}" "$PWD/languageHost.cjs" "${binary}" "$@"\n`);
  chmodSync(command, 0o755);
}
