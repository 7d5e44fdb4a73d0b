import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../command";

/** Throws a UsageError unless the folder is empty or does not exist yet: nothing is ever overwritten. */
export function refuseUnlessEmpty(folder: string, option: "--out" | "--restore"): void {
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw new UsageError(`${option} ${folder} cannot be used: ${code === "ENOTDIR" ? "it is a file" : code}`);
  }
  if (entries.length > 0) throw new UsageError(`${option} ${folder} is not empty: name a new or an empty folder`);
}

/** Writes files below a folder, which is made where needed. Throws where one of them is there already. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [file, content] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content, { flag: "wx" });
  }
}
