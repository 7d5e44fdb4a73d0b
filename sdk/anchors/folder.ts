import * as fs from "node:fs";
import * as path from "node:path";
import { parsePem } from "../../provider/pem";
import type { Anchor, Reading } from "./anchor";
import { dateProblems } from "./dates";
import { type AnchorSettings, parseSettings, SETTINGS_FILE, type SettingsReading } from "./settingsFile";

const PEM = ".pem";
/** Names that somebody may have given to {@link SETTINGS_FILE}: dates must never be passed over in silence. */
const MISNAMED = /^anchors\.ya?ml$/i;

/** The `*.pem` files of a folder, each with what `anchors.yaml` says of it. A relative path is the working directory's. */
export function readFolder(folder: string): Reading {
  if (folder.includes("-----BEGIN")) {
    return failed("anchors is a PEM text; give a folder of *.pem files, or a map of names to PEM texts");
  }
  const files = filesOf(folder);
  if ("problem" in files) {
    return failed(files.problem);
  }
  const pems = files.names.filter((name) => name.endsWith(PEM));
  if (pems.length === 0) {
    return failed(`the folder ${folder} holds no *.pem file (looked in ${path.resolve(folder)})`);
  }
  const { settings, problems } = settingsIn(folder, files.names);
  const readings = pems.map((file) => readAnchor(folder, file, settings));
  return {
    anchors: readings.flatMap(({ anchors }) => anchors),
    problems: [
      ...misnamed(folder, files.names),
      ...problems,
      ...unmatched(folder, settings, pems),
      ...readings.flatMap((reading) => reading.problems),
    ],
  };
}

function filesOf(folder: string): { names: string[] } | { problem: string } {
  try {
    // As the shell's *.pem does, this leaves hidden files alone: some systems keep one beside every file.
    const names = fs.readdirSync(folder).filter((name) => !name.startsWith("."));
    return { names: names.filter((name) => fs.statSync(path.join(folder, name)).isFile()).sort() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `the folder ${folder} cannot be read: ${code} (looked in ${path.resolve(folder)})` };
  }
}

function readAnchor(folder: string, file: string, settings: ReadonlyMap<string, AnchorSettings>): Reading {
  const key = file.slice(0, -PEM.length);
  const where = path.join(folder, file);
  const read = parsePem(fs.readFileSync(where, "utf8"));
  if ("problem" in read) {
    return failed(`${where} ${read.problem}`);
  }
  const own = settings.get(key) ?? {};
  const parsed = read.certificate;
  const anchor: Anchor = { ...own, key, where, certificate: parsed.pem, parsed };
  const datesIn = `${path.join(folder, SETTINGS_FILE)}: ${key}`;
  return { anchors: [anchor], problems: dateProblems(datesIn, own, parsed.expiresAt) };
}

function settingsIn(folder: string, names: readonly string[]): SettingsReading {
  if (!names.includes(SETTINGS_FILE)) {
    return { settings: new Map(), problems: [] };
  }
  const where = path.join(folder, SETTINGS_FILE);
  return parseSettings(where, fs.readFileSync(where, "utf8"));
}

function misnamed(folder: string, names: readonly string[]): string[] {
  return names
    .filter((name) => MISNAMED.test(name) && name !== SETTINGS_FILE)
    .map((name) => `${path.join(folder, name)} is not read: call it ${SETTINGS_FILE}`);
}

function unmatched(folder: string, settings: ReadonlyMap<string, AnchorSettings>, pems: readonly string[]): string[] {
  return [...settings.keys()]
    .filter((key) => !pems.includes(`${key}${PEM}`))
    .map((key) => `${path.join(folder, SETTINGS_FILE)} names ${JSON.stringify(key)}, but there is no ${key}${PEM}`);
}

function failed(problem: string): Reading {
  return { anchors: [], problems: [problem] };
}
