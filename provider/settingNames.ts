/** A setting of one organization. */
export type SettingKey = (typeof SETTINGS)[number];

/** What can be set for one organization. */
export const SETTINGS = [
  "adminKey",
  "baseUrl",
  "clientCertificate",
  "clientKey",
  "timeoutSeconds",
  "maxRetries",
  "auditLog",
] as const;
/** What an organization of `organizations` may be given: a key, or the variable that holds it. */
export const ORGANIZATION_KEYS: readonly string[] = [...SETTINGS, "adminKeyEnv"];
/** What stack configuration may hold below the namespace. */
export const CONFIGURATION_KEYS: readonly string[] = [...SETTINGS, "organizations"];

/** What the environment may give instead of stack configuration. */
export const VARIABLES = {
  adminKey: "OPENAI_ADMIN_KEY",
  baseUrl: "OPENAI_BASE_URL",
  clientCertificate: "OPENAI_MTLS_CERT_CHAIN",
  clientKey: "OPENAI_MTLS_KEY",
} as const;

/** For programs without stack configuration, such as the command line: messages then speak of the environment alone. */
export const ENVIRONMENT_ONLY = "";

/** What a setting is called in messages: where a user would change it. */
export type NameOf = (key: SettingKey) => string;

/** The names below a namespace, such as `openai:baseUrl (or OPENAI_BASE_URL)`. */
export function namesIn(namespace: string): NameOf {
  return (key) => {
    const variable = key in VARIABLES ? VARIABLES[key as keyof typeof VARIABLES] : undefined;
    if (namespace === ENVIRONMENT_ONLY) {
      return variable ?? key;
    }
    return `${namespace}:${key}${variable === undefined ? "" : ` (or ${variable})`}`;
  };
}
