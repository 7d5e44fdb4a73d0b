import * as path from "node:path";
import { parsePem } from "../../provider/pem";
import { type Anchor, failed, type Reading, together } from "./anchor";
import { celFilterProblem } from "./celFilter";
import { dateProblems } from "./dates";
import { keyOf, list, read, skipped } from "./files";
import { type AnchorSettings, parseSettings, SETTINGS_FILE, type SettingsReading } from "./settingsFile";

/** Names that somebody may have given to {@link SETTINGS_FILE}: dates must never be ignored silently. */
const MISNAMED = /^anchors\.ya?ml$/i;

/**
 * The certificate files of a folder (`*.pem`, `*.crt`, `*.cer`, in any case), each with its settings from `anchors.yaml`.
 * A relative path starts at the working directory.
 */
export function readFolder(folder: string): Reading {
  if (folder.includes("-----BEGIN")) {
    return failed("anchors is a PEM text: give a folder of PEM files, or a map of names to PEM texts");
  }
  const names = list(folder);
  if ("problem" in names) {
    return failed(names.problem);
  }
  const leftOut = skippedWarnings(folder, names.others);
  if (names.anchors.length === 0) {
    const empty = `the folder ${folder} contains no *.pem, *.crt or *.cer file (full path: ${path.resolve(folder)})`;
    return failed([empty, ...leftOut].join("; "));
  }
  const { settings, problems } = settingsIn(folder, names.others);
  const read = together(names.anchors.map((file) => readAnchor(folder, file, settings)));
  return {
    anchors: read.anchors,
    problems: [
      ...misnamed(folder, names.others),
      ...problems,
      ...unmatched(folder, settings, names.anchors),
      ...sameKeys(folder, names.anchors),
      ...read.problems,
    ],
    warnings: leftOut,
  };
}

function readAnchor(folder: string, file: string, settings: ReadonlyMap<string, AnchorSettings>): Reading {
  const key = keyOf(file);
  const where = path.join(folder, file);
  const content = read(where);
  if ("problem" in content) {
    return failed(content.problem);
  }
  const pem = parsePem(pemOf(content.bytes));
  if ("problem" in pem) {
    return failed(`${where} ${pem.problem}`);
  }
  const own = settings.get(key) ?? {};
  const parsed = pem.certificate;
  const anchor: Anchor = { ...own, key, where, certificate: parsed.pem, parsed };
  const settingsOf = `${path.join(folder, SETTINGS_FILE)}: ${key}`;
  const filter = celFilterProblem(settingsOf, own.celFilter);
  return {
    anchors: [anchor],
    problems: [...dateProblems(settingsOf, own, parsed.expiresAt), ...(filter === undefined ? [] : [filter])],
    warnings: [],
  };
}

/** The text of a file. Windows exports `*.cer` and `*.crt` as DER by default: an ASN.1 SEQUENCE with a long length. */
function pemOf(bytes: Buffer): string {
  const isDer = bytes[0] === 0x30 && (bytes[1] ?? 0) > 0x80;
  return isDer
    ? `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64")}\n-----END CERTIFICATE-----\n`
    : bytes.toString("utf8");
}

function settingsIn(folder: string, names: readonly string[]): SettingsReading {
  if (!names.includes(SETTINGS_FILE)) {
    return { settings: new Map(), problems: [] };
  }
  const where = path.join(folder, SETTINGS_FILE);
  const content = read(where);
  return "problem" in content
    ? { settings: new Map(), problems: [content.problem] }
    : parseSettings(where, content.bytes.toString("utf8"));
}

function misnamed(folder: string, names: readonly string[]): string[] {
  return names
    .filter((name) => MISNAMED.test(name) && name !== SETTINGS_FILE)
    .map((name) => `${path.join(folder, name)} would be ignored: rename it to ${SETTINGS_FILE}`);
}

function unmatched(folder: string, settings: ReadonlyMap<string, AnchorSettings>, files: readonly string[]): string[] {
  const keys = new Set(files.map(keyOf));
  return [...settings.keys()]
    .filter((key) => !keys.has(key))
    .map(
      (key) =>
        `${path.join(folder, SETTINGS_FILE)} has settings for ${JSON.stringify(key)}, but there is no ${key}.pem, ${key}.crt or ${key}.cer`,
    );
}

function sameKeys(folder: string, files: readonly string[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const file of files) {
    byKey.set(keyOf(file), [...(byKey.get(keyOf(file)) ?? []), path.join(folder, file)]);
  }
  return [...byKey]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => `${same.join(" and ")} would both be the anchor ${JSON.stringify(key)}: rename one of them`);
}

function skippedWarnings(folder: string, others: readonly string[]): string[] {
  const files = skipped(folder, others).map((name) => path.join(folder, name));
  return files.length === 0
    ? []
    : [`skipped ${files.join(", ")}: only *.pem, *.crt and *.cer files are trust anchors here`];
}
