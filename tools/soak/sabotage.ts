import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Sabotage } from "./sabotages";

const ROOT = path.resolve(__dirname, "../..");
const COPIED = ["provider", "emulator", "test/support", "tools", "package.json", "tsconfig.json"];

/**
 * Puts a fault into a copy of the sources in place of its fix, and plays `count` sequences there. Answers the line of the
 * first seed that found it; undefined where none did.
 */
export async function sabotaged(sabotage: Sabotage, first: number, count: number): Promise<string | undefined> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "soak-"));
  try {
    for (const part of COPIED) {
      cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
    }
    symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
    const file = path.join(folder, sabotage.file);
    writeFileSync(file, withoutFix(readFileSync(file, "utf8"), sabotage));
    const args = ["--import", "tsx", "tools/soak/main.ts", "--all", "--seed", `${first}`, "--sequences", `${count}`];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) {
      if (sabotage.finds.test(line)) {
        child.kill();
        return line;
      }
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Throws where the text has changed, so that nothing is taken for found or not found by mistake. */
export function withoutFix(source: string, { file, from, to }: Sabotage): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} has to contain this text once, for the fix to be taken out: ${from}`);
  }
  return `${before}${to}${after}`;
}
