import { redact } from "./redact";

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
}

export type Resolved = { readonly settings: OrganizationSettings } | { readonly problem: string };

/** Every organization a program can name; the key "" is the default one. */
export type Settings = ReadonlyMap<string, Resolved>;

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_TIMEOUT_SECONDS = 30;
const DEFAULT_MAX_RETRIES = 5;
const KEYS = ["adminKey", "adminKeyEnv", "baseUrl", "clientCertificate", "clientKey", "timeoutSeconds", "maxRetries"];

/** What the environment may give instead of stack configuration. */
const VARIABLES = {
  adminKey: "OPENAI_ADMIN_KEY",
  baseUrl: "OPENAI_BASE_URL",
  clientCertificate: "OPENAI_MTLS_CERT_CHAIN",
  clientKey: "OPENAI_MTLS_KEY",
} as const;

type Raw = Readonly<Record<string, unknown>>;

/** Stack configuration (namespace `openai`) over environment. Never throws: each organization carries its own problem. */
export function resolveSettings(config: (key: string) => unknown, env: Environment): Settings {
  const over = (key: keyof typeof VARIABLES) => text(config(`openai:${key}`)) ?? text(env[VARIABLES[key]]);
  const defaults: Raw = {
    adminKey: over("adminKey"),
    baseUrl: over("baseUrl"),
    clientCertificate: over("clientCertificate"),
    clientKey: over("clientKey"),
    timeoutSeconds: config("openai:timeoutSeconds"),
    maxRetries: config("openai:maxRetries"),
  };
  const named = parseOrganizations(config("openai:organizations"));
  if ("problem" in named) {
    return new Unreadable(named);
  }
  const settings = new Map<string, Resolved>([["", resolve(defaults, nameOfDefault, NO_KEY)]]);
  for (const [name, own] of Object.entries(named.organizations)) {
    settings.set(name, resolveNamed(name, own, defaults, env));
  }
  return settings;
}

/** Where `openai:organizations` cannot be read, that is what is wrong with every organization, whatever its name. */
class Unreadable extends Map<string, Resolved> {
  constructor(private readonly problem: { readonly problem: string }) {
    super([["", problem]]);
  }

  override get(): Resolved {
    return this.problem;
  }
}

const NO_KEY =
  "no admin key is configured: run `pulumi config set --secret openai:adminKey`, or set the environment variable OPENAI_ADMIN_KEY";

/** An organization takes connection settings it does not give from the defaults, but never another organization's key. */
function resolveNamed(name: string, own: unknown, defaults: Raw, env: Environment): Resolved {
  const at = redact(`openai:organizations.${name}`);
  if (own === null || typeof own !== "object" || Array.isArray(own)) {
    return { problem: `${at} is not an object with keys like adminKey or baseUrl` };
  }
  const raw = own as Raw;
  const stray = Object.keys(raw).find((key) => !KEYS.includes(key));
  if (stray !== undefined) {
    return { problem: `${at} has an unknown key "${redact(stray)}"; known are ${KEYS.join(", ")}` };
  }
  const variable = raw["adminKeyEnv"];
  if (variable !== undefined && !(typeof variable === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))) {
    // Not repeated: it may be the key itself.
    return { problem: `${at}.adminKeyEnv is not the name of an environment variable` };
  }
  const adminKey = raw["adminKey"] ?? (variable === undefined ? undefined : env[variable]);
  const missing =
    variable === undefined
      ? `${at} has no admin key: run \`pulumi config set --secret --path ${at}.adminKey\`, or name an environment variable in adminKeyEnv`
      : `${at}: the environment variable ${redact(variable)}, named by adminKeyEnv, is not set`;
  // A certificate and its key are one setting: half of it from elsewhere could not fit.
  const hasIdentity = "clientCertificate" in raw || "clientKey" in raw;
  const identity = hasIdentity ? { clientCertificate: undefined, clientKey: undefined } : {};
  const nameOf: NameOf = (key) => (key in raw || key === "adminKey" ? `${at}.${key}` : nameOfDefault(key));
  return resolve({ ...defaults, ...identity, ...raw, adminKey }, nameOf, missing);
}

function parseOrganizations(value: unknown): { organizations: Raw } | { problem: string } {
  let parsed = value ?? {};
  if (typeof parsed === "string") {
    // Structured configuration reaches a dynamic provider as JSON text.
    try {
      parsed = JSON.parse(parsed);
    } catch {
      return { problem: "openai:organizations is not a JSON object" };
    }
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
    return { problem: "openai:organizations is not an object from names to settings" };
  }
  if ("" in parsed) {
    return { problem: "openai:organizations has an organization without a name" };
  }
  return { organizations: parsed as Raw };
}

/** What a setting is called in problems: where a user would change it. */
type NameOf = (key: string) => string;

const nameOfDefault: NameOf = (key) =>
  key in VARIABLES ? `openai:${key} (or ${VARIABLES[key as keyof typeof VARIABLES]})` : `openai:${key}`;

function resolve(raw: Raw, nameOf: NameOf, noKey: string): Resolved {
  const adminKey = text(raw["adminKey"]);
  if (adminKey === undefined) {
    return { problem: noKey };
  }
  if (!/^[\x21-\x7e]+$/.test(adminKey)) {
    return {
      problem: `${nameOf("adminKey")} holds characters that no key has (spaces or line breaks inside it?)`,
    };
  }
  const url = resolveBaseUrl(text(raw["baseUrl"]) ?? DEFAULT_BASE_URL);
  if ("problem" in url) {
    return { problem: `${nameOf("baseUrl")} ${url.problem}` };
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
      clientKey === undefined ? ["clientCertificate", "clientKey"] : ["clientKey", "clientCertificate"];
    return { problem: `${nameOf(given)} is given without ${missing}; a client certificate needs both` };
  }
  const identity =
    clientCertificate !== undefined && clientKey !== undefined ? { clientCertificate, clientKey } : undefined;
  // A timer takes whole milliseconds only.
  const timeoutMs = Math.ceil(seconds * 1000);
  return { settings: { adminKey, baseUrl: url.baseUrl, timeoutMs, maxRetries, ...identity } };
}

/** The problems never repeat the value: it may be a key that was put in the wrong place. */
function resolveBaseUrl(value: string): { baseUrl: string } | { problem: string } {
  if (!URL.canParse(value)) {
    return { problem: "is not a URL" };
  }
  const url = new URL(value);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return { problem: "must be a plain URL, without credentials, query or fragment" };
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return {
      problem: "is refused: the admin key is sent over https only (plain http is for loopback addresses)",
    };
  }
  return { baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}

/** Whether a URL's host name stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

function text(value: unknown): string | undefined {
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
