import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";

/** The CLI's file name on this system. */
export const CLI = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** The absolute folders of a PATH value, in order. Relative ones would depend on who is asking, and are left out. */
export function pathFolders(env: NodeJS.ProcessEnv): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set(folders)];
}

/** The files `<folder>/<name>` that can be executed, in the folders' order. */
export async function executables(folders: readonly string[], name: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (await isExecutable(file)) found.push(file);
  }
  return found;
}

export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Missing, in an unreadable folder or not executable: in each case there is nothing to run here.
    return false;
  }
}

/** The names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Makes a file hold this text and be executable. Whoever reads it meanwhile sees the old text or the new, never a part. */
export async function provideExecutable(file: string, text: string): Promise<void> {
  if ((await isExecutable(file)) && (await readFile(file, "utf8")) === text) return;
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(fresh, text, { mode: 0o755 });
  await rename(fresh, file);
}

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
