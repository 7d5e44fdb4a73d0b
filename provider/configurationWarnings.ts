import { redact, redactName } from "./redact";
import { CONFIGURATION_KEYS } from "./settingNames";

/** The namespace of the native plugin's configuration. */
const PLUGIN = "openai-certificates";

/** Stack configuration as a program sees it. */
export interface StackConfiguration {
  /** Every key, such as `openai:adminKey`, with its value as text. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Whether a key's value is encrypted where it is kept. */
  readonly isSecret: (key: string) => boolean;
}

/** What a user should be told of a configuration that works, but perhaps not as meant. Never a value. */
export function configurationWarnings(configuration: StackConfiguration, namespace = "openai"): string[] {
  const keys = Object.keys(configuration.values);
  return [...unknownKeys(keys, namespace), ...pluginKeys(keys, namespace), ...plainTextKeys(configuration, namespace)];
}

/** One warning for each key that is set for the native plugin alone, while the program declares the classes. */
function pluginKeys(keys: readonly string[], namespace: string): string[] {
  return CONFIGURATION_KEYS.filter(
    (key) => keys.includes(`${PLUGIN}:${key}`) && !keys.includes(`${namespace}:${key}`),
  ).map(
    (key) =>
      `${PLUGIN}:${key} is for the native plugin and has no effect on the classes of pulumi-openai-certificates, which read ${namespace}:${key}`,
  );
}

/**
 * One warning for each key of the namespace that this package does not know, with the one that it resembles:
 * `openai:baseurl` would otherwise send a run to the default URL without a word.
 */
export function unknownKeys(keys: readonly string[], namespace = "openai"): string[] {
  const own = keys.filter((key) => key.startsWith(`${namespace}:`)).map((key) => key.slice(namespace.length + 1));
  return own
    .filter((key) => !CONFIGURATION_KEYS.includes(key))
    .map((key) => {
      const resembled = resembling(key);
      const hint =
        resembled === undefined
          ? `the known ones are ${CONFIGURATION_KEYS.join(", ")}`
          : `did you mean ${namespace}:${resembled}?`;
      return `${redact(`${namespace}:${key}`)} is not a setting of pulumi-openai-certificates and has no effect; ${hint}`;
    });
}

/** One warning for each secret that stack configuration holds in plain text. */
export function plainTextKeys({ values, isSecret }: StackConfiguration, namespace = "openai"): string[] {
  const [adminKey, clientKey, map] = ["adminKey", "clientKey", "organizations"].map((key) => `${namespace}:${key}`);
  const open = (key = "") => (isSecret(key) ? undefined : values[key]);
  return [
    ...(open(adminKey)?.trim() ? [inPlainText(`${adminKey}`, "or give the key in OPENAI_ADMIN_KEY instead")] : []),
    ...(isPem(open(clientKey)) ? [inPlainText(`${clientKey}`, "or give the path of its file in OPENAI_MTLS_KEY")] : []),
    ...Object.entries(objectOf(open(map))).flatMap(([name, organization]) => {
      const { adminKey: key, clientKey: pem } = objectOf(organization);
      const at = redactName(`${map}.${name}`);
      return [
        ...(typeof key === "string" && key.trim() !== ""
          ? [inPlainText(`${at}.adminKey`, `or name an environment variable in ${at}.adminKeyEnv`, "--path ")]
          : []),
        ...(isPem(pem) ? [inPlainText(`${at}.clientKey`, "or give the path of its file", "--path ")] : []),
      ];
    }),
  ];
}

function inPlainText(key: string, instead: string, option = ""): string {
  return (
    `${key} is in plain text in the stack's configuration: run \`pulumi config set --secret ${option}${key}\`, ` +
    `${instead}; if the file was ever shared or committed, replace the key`
  );
}

function isPem(value: unknown): boolean {
  return typeof value === "string" && value.includes("-----BEGIN ");
}

/** The object that a value is, or that its JSON text holds; empty for anything else, which the settings refuse. */
function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "string") {
    try {
      return objectOf(JSON.parse(value));
    } catch {
      return {};
    }
  }
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function resembling(key: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const wanted = plain(key);
  if (wanted.length < 3) {
    return undefined;
  }
  const whole = CONFIGURATION_KEYS.find((known) => plain(known).startsWith(wanted) || wanted.startsWith(plain(known)));
  const [nearest] = CONFIGURATION_KEYS.map((known) => ({ known, edits: edits(wanted, plain(known)) }))
    .filter((one) => one.edits <= Math.ceil(wanted.length / 3))
    .sort((one, other) => one.edits - other.edits);
  return whole ?? nearest?.known;
}

/** Levenshtein distance: how many letters have to be put in, taken out or changed. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, opposite] of [...other].entries()) {
      const changed = (row[j] ?? 0) + (letter === opposite ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
