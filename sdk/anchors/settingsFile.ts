import type * as Yaml from "yaml";
import { redact, redactName } from "../../provider/redact";
import type { TrustAnchor } from "./anchor";

/** The optional file beside the certificate files that gives them dates, names and filters. */
export const SETTINGS_FILE = "anchors.yaml";

/** What the file may say of one anchor, everything but its certificate. */
export type AnchorSettings = Omit<TrustAnchor, "certificate">;

const KEYS = ["name", "activateOn", "retireOn", "adopt", "celFilter"];

export interface SettingsReading {
  readonly settings: ReadonlyMap<string, AnchorSettings>;
  readonly problems: readonly string[];
}

/** Reads the text of {@link SETTINGS_FILE}: anchors' keys → settings. `where` is the file as messages name it. */
export function parseSettings(where: string, text: string): SettingsReading {
  const { parse } = require("yaml") as typeof Yaml;
  let read: unknown;
  try {
    // Every scalar as the text it is: YAML 1.1 would take an unquoted day for a time stamp, and `no` for false.
    read = parse(text, { schema: "failsafe", resolveKnownTags: false, mapAsMap: true, logLevel: "error" });
  } catch (error) {
    const [first = ""] = (error as Error).message.split("\n");
    return problem(`${where} is not valid YAML: ${redact(first).replace(/:$/, "")}`);
  }
  if (read === null || read === "") {
    return { settings: new Map(), problems: [] };
  }
  if (!(read instanceof Map)) {
    return problem(`${where} must give settings by anchor, such as: corp-root-2026: { retireOn: 2027-01-31 }`);
  }
  const settings = new Map<string, AnchorSettings>();
  const problems: string[] = [];
  for (const [key, value] of read as Map<unknown, unknown>) {
    const one = settingsOf(`${where}: ${redactName(String(key))}`, value);
    problems.push(...one.problems);
    settings.set(String(key), one.settings);
  }
  return { settings, problems };
}

function settingsOf(where: string, value: unknown): { settings: AnchorSettings; problems: string[] } {
  if (!(value instanceof Map)) {
    return { settings: {}, problems: [`${where} must contain settings: ${KEYS.join(", ")}`] };
  }
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, setting] of value as Map<unknown, unknown>) {
    if (typeof key !== "string" || !KEYS.includes(key)) {
      problems.push(`${where} has an unknown setting "${redact(String(key))}"; the known ones are ${KEYS.join(", ")}`);
    } else if (key === "celFilter") {
      settings[key] = filterOf(setting);
    } else if (typeof setting !== "string" || setting === "") {
      problems.push(`${where}.${key} must be a non-empty string`);
    } else {
      settings[key] = key === "adopt" && /^(?:true|false)$/.test(setting) ? setting === "true" : setting;
    }
  }
  return { settings, problems };
}

/** An expression alone, or with what it is attached to. The shape is judged with the anchor's, as in the map form. */
function filterOf(setting: unknown): unknown {
  return typeof setting === "string"
    ? { expression: setting }
    : setting instanceof Map
      ? Object.fromEntries(setting)
      : setting;
}

function problem(text: string): SettingsReading {
  return { settings: new Map(), problems: [text] };
}
