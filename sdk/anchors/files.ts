import * as fs from "node:fs";
import * as path from "node:path";

/** What an anchor's file is called: the extension in any case. */
const ANCHOR = /\.(?:pem|crt|cer)$/i;
/** Formats that certificates come in and that are not read here, and other names for PEM files. */
const OTHER_FORMATS = /\.(?:der|cert|p7[bc]|p12|pfx|jks|ca-bundle)$/i;
const PEM_CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;
/** Bytes; far above any certificate. A larger file that is not an anchor is not searched for one. */
const MOST_SEARCHED = 64 * 1024;

/** The names in a folder, sorted. */
export interface Names {
  /** Certificate files by their names; what they are shows when they are read. */
  readonly anchors: readonly string[];
  readonly others: readonly string[];
}

/** What is in a folder, by name alone. */
export function list(folder: string): Names | { readonly problem: string } {
  try {
    const names = fs.readdirSync(folder).sort();
    return { anchors: names.filter(isAnchor), others: names.filter((name) => !isAnchor(name)) };
  } catch (error) {
    return { problem: unreadableFolder(folder, (error as NodeJS.ErrnoException).code) };
  }
}

/** An anchor's key: its file's name without the extension. */
export function keyOf(file: string): string {
  return file.replace(ANCHOR, "");
}

/** The bytes of a file, or why there are none: the problem names the file. */
export function read(file: string): { readonly bytes: Buffer } | { readonly problem: string } {
  try {
    const stat = fs.statSync(file);
    if (stat.isDirectory()) {
      return { problem: `${file} is a folder, not a file: rename it, or move it elsewhere` };
    }
    // Reading from a pipe or a socket would wait for somebody who writes to it.
    return stat.isFile() ? { bytes: fs.readFileSync(file) } : { problem: `${file} is not a regular file` };
  } catch (error) {
    return { problem: `${file} ${unreadable(file, (error as NodeJS.ErrnoException).code)}` };
  }
}

/** Files that look like certificates, by name or content, but do not have an anchor's file name. */
export function skipped(folder: string, others: readonly string[]): string[] {
  return others.filter((name) => (OTHER_FORMATS.test(name) && !isHidden(name)) || holdsPem(path.join(folder, name)));
}

/** As the shell's `*.pem` does, this leaves hidden files alone: some systems keep one beside every file. */
function isAnchor(name: string): boolean {
  return ANCHOR.test(name) && !isHidden(name);
}

function isHidden(name: string): boolean {
  return name.startsWith(".");
}

function holdsPem(file: string): boolean {
  try {
    const stat = fs.statSync(file);
    return stat.isFile() && stat.size <= MOST_SEARCHED && PEM_CERTIFICATE.test(fs.readFileSync(file, "latin1"));
  } catch {
    // Only for a warning: a file whose name is not an anchor's, and that cannot be read, is not our concern.
    return false;
  }
}

function unreadableFolder(folder: string, code: string | undefined): string {
  const looked = `(full path: ${path.resolve(folder)})`;
  switch (code) {
    case "ENOENT":
      return `the folder ${folder} does not exist ${looked}`;
    case "ENOTDIR":
      return `${folder} is not a folder ${looked}`;
    default:
      return `the folder ${folder} cannot be read: ${code} ${looked}`;
  }
}

function unreadable(file: string, code: string | undefined): string {
  switch (code) {
    case "ENOENT":
      return isLink(file)
        ? `is a symbolic link to ${fs.readlinkSync(file)}, which does not exist`
        : "disappeared while the folder was read";
    case "ELOOP":
      return "is a symbolic link that leads back to itself";
    case "EACCES":
      return "cannot be read: permission denied (EACCES)";
    default:
      return `cannot be read: ${code}`;
  }
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
