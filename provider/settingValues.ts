import { type NameOf, SETTINGS, type SettingKey } from "./settingNames";

/** How one organization's admin API is reached. Secrets live here and in the client made from it, nowhere else. */
export interface OrganizationSettings {
  readonly adminKey: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** PEM text or a path, for admin calls through an mTLS host. */
  readonly clientCertificate?: string;
  /** PEM text or a path. */
  readonly clientKey?: string;
  /** Limit of one attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Whether drift messages may ask the audit log who did it. */
  readonly auditLog: boolean;
  /** What a user would change each setting by, for messages: such as `openai:baseUrl (or OPENAI_BASE_URL)`. */
  readonly names: Readonly<Record<SettingKey, string>>;
}

export type Resolved = { readonly settings: OrganizationSettings } | { readonly problem: string };

/** The settings of one organization as they were given: of any type, numbers as text too. */
export type Raw = Readonly<Record<string, unknown>>;

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_TIMEOUT_SECONDS = 30;
const DEFAULT_MAX_RETRIES = 5;

/** The settings that were given, or the first that cannot be used; `missingKey` says what to do where there is no key. */
export function resolve(raw: Raw, nameOf: NameOf, missingKey: string): Resolved {
  const adminKey = text(raw["adminKey"]);
  if (adminKey === undefined) {
    return { problem: missingKey };
  }
  if (!/^[\x21-\x7e]+$/.test(adminKey)) {
    return {
      problem: `${nameOf("adminKey")} contains characters that no key has (a space or line break inside it?)`,
    };
  }
  const open = openProblem(raw, nameOf);
  if (open !== undefined) {
    return { problem: open };
  }
  const seconds = number(raw["timeoutSeconds"], DEFAULT_TIMEOUT_SECONDS);
  if (!(seconds > 0 && seconds <= 3600)) {
    return { problem: `${nameOf("timeoutSeconds")} must be a number above 0 and up to 3600` };
  }
  const maxRetries = number(raw["maxRetries"], DEFAULT_MAX_RETRIES);
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0 && maxRetries <= 100)) {
    return { problem: `${nameOf("maxRetries")} must be a whole number from 0 to 100` };
  }
  const clientCertificate = text(raw["clientCertificate"]);
  const clientKey = text(raw["clientKey"]);
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    const [given, missing] =
      clientKey === undefined
        ? (["clientCertificate", "clientKey"] as const)
        : (["clientKey", "clientCertificate"] as const);
    return { problem: `${nameOf(given)} is given without ${missing}; a client certificate needs both` };
  }
  const auditLog = flag(raw["auditLog"]);
  if (auditLog === undefined) {
    return { problem: `${nameOf("auditLog")} must be true or false` };
  }
  const identity =
    clientCertificate !== undefined && clientKey !== undefined ? { clientCertificate, clientKey } : undefined;
  // A timer takes whole milliseconds only.
  const timeoutMs = Math.ceil(seconds * 1000);
  const names = Object.fromEntries(SETTINGS.map((key) => [key, nameOf(key)])) as Record<SettingKey, string>;
  const { origin, pathname } = new URL(text(raw["baseUrl"]) ?? DEFAULT_BASE_URL);
  const baseUrl = `${origin}${pathname.replace(/\/+$/, "")}`;
  return { settings: { adminKey, baseUrl, timeoutMs, maxRetries, auditLog, names, ...identity } };
}

/** What is wrong with the settings that are no secrets and may be kept in plain text, such as a secret in them. */
export function openProblem({ baseUrl, clientCertificate }: Raw, nameOf: NameOf): string | undefined {
  const url = baseUrlProblem(baseUrl);
  if (url !== undefined) {
    return `${nameOf("baseUrl")} ${url}`;
  }
  return /PRIVATE KEY-----/.test(text(clientCertificate) ?? "")
    ? `${nameOf("clientCertificate")} holds a private key: give the certificates alone, and the key in ${nameOf("clientKey")}`
    : undefined;
}

/** The problems never repeat the value: it may be a key that was put in the wrong place. */
function baseUrlProblem(value: unknown): string | undefined {
  if (!isGiven(value)) {
    return undefined;
  }
  const given = text(value);
  if (given === undefined || !URL.canParse(given)) {
    return "is not a URL";
  }
  const url = new URL(given);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return "must be a plain URL, without credentials, query or fragment";
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return "is refused: the admin key is sent only over https (plain http only to loopback addresses)";
  }
  return undefined;
}

/** Whether a URL's host name stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** Whether a URL's host name is one of the vendor's: the ordinary one, a region's, or one for mTLS. */
export function isVendors(hostname: string): boolean {
  return hostname === "api.openai.com" || hostname.endsWith(".api.openai.com");
}

/** Whether a setting says anything: what is left empty is as if it were not there. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== "");
}

export function text(value: unknown): string | undefined {
  const trimmed = typeof value === "string" ? value.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

/** The number that a setting gives, as such or as text; NaN for anything else. */
function number(value: unknown, fallback: number): number {
  if (value === undefined || value === null || value === "") {
    return fallback;
  }
  return typeof value === "number" ? value : Number(text(value) ?? Number.NaN);
}

/** A setting that is on or off, as such or as text, off where it is not given; undefined for anything else. */
function flag(value: unknown): boolean | undefined {
  switch (typeof value === "string" ? value.trim() : (value ?? "")) {
    case "":
    case false:
    case "false":
      return false;
    case true:
    case "true":
      return true;
    default:
      return undefined;
  }
}
