import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { create } from "tar";
import { version } from "../../plugin/schema";
import { PLUGIN } from "./bundle";

/** Systems and processors as Pulumi names them in the archives of plugins. */
const SYSTEMS = ["linux", "darwin", "windows"] as const;
const PROCESSORS = ["amd64", "arm64"] as const;

/** The archive that the engine looks for in a release, on this machine or on another. */
export function archiveName(platform: string = process.platform, arch: string = process.arch): string {
  const system = platform === "win32" ? "windows" : platform;
  return `${PLUGIN}-v${version}-${system}-${arch === "x64" ? "amd64" : arch}.tar.gz`;
}

/**
 * Packs a plugin for every system, with a list of checksums as `sha256sum --check` reads it. What the archives hold differs by
 * the launcher alone. The same plugin gives the same bytes, whoever packs it and when.
 */
export async function writeArchives(plugin: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const files = (await readdir(plugin, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).sort();
  const sums: string[] = [];
  for (const system of SYSTEMS) {
    const otherLauncher = system === "windows" ? PLUGIN : `${PLUGIN}.cmd`;
    const archive = await pack(
      plugin,
      names.filter((name) => name !== otherLauncher),
    );
    for (const processor of PROCESSORS) {
      const name = archiveName(system, processor);
      await writeFile(path.join(to, name), archive);
      sums.push(`${createHash("sha256").update(archive).digest("hex")}  ${name}\n`);
    }
  }
  await writeFile(path.join(to, "SHA256SUMS"), sums.join(""));
}

/** Portable leaves out owners and what else is this machine's; a build sets the times of its files anew. */
function pack(folder: string, names: string[]): Promise<Buffer> {
  return buffer(create({ cwd: folder, gzip: { level: 9 }, portable: true, mtime: new Date(0) }, names));
}
