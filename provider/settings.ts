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

type Raw = Readonly<Record<string, unknown>>;

/** Stack configuration (namespace `openai`) over environment. Never throws: each organization carries its own problem. */
export function resolveSettings(config: (key: string) => unknown, env: Environment): Settings {
  const defaults: Raw = {
    adminKey: config("openai:adminKey") ?? env["OPENAI_ADMIN_KEY"],
    baseUrl: config("openai:baseUrl") ?? env["OPENAI_BASE_URL"],
    clientCertificate: config("openai:clientCertificate") ?? env["OPENAI_MTLS_CERT_CHAIN"],
    clientKey: config("openai:clientKey") ?? env["OPENAI_MTLS_KEY"],
    timeoutSeconds: config("openai:timeoutSeconds"),
    maxRetries: config("openai:maxRetries"),
  };
  const settings = new Map<string, Resolved>([["", resolve(defaults, NO_KEY)]]);
  const named = parseOrganizations(config("openai:organizations"));
  if ("problem" in named) {
    settings.set("", named);
    return settings;
  }
  for (const [name, own] of Object.entries(named.organizations)) {
    settings.set(name, resolveNamed(name, own, defaults, env));
  }
  return settings;
}

const NO_KEY =
  "no admin key is configured: run `pulumi config set --secret openai:adminKey`, or set the environment variable OPENAI_ADMIN_KEY";

/** An organization takes connection settings it does not give from the defaults, but never another organization's key. */
function resolveNamed(name: string, own: unknown, defaults: Raw, env: Environment): Resolved {
  const at = `openai:organizations.${name}`;
  if (own === null || typeof own !== "object" || Array.isArray(own)) {
    return { problem: `${at} is not an object with keys like adminKey or baseUrl` };
  }
  const raw = own as Raw;
  const stray = Object.keys(raw).find((key) => !KEYS.includes(key));
  if (stray !== undefined) {
    return { problem: `${at} has an unknown key "${stray}"; known are ${KEYS.join(", ")}` };
  }
  const keyEnv = raw["adminKeyEnv"];
  const adminKey = raw["adminKey"] ?? (typeof keyEnv === "string" ? env[keyEnv] : undefined);
  const missing =
    typeof keyEnv === "string"
      ? `${at}: the environment variable ${keyEnv}, named by adminKeyEnv, is not set`
      : `${at} has no admin key: run \`pulumi config set --secret --path ${at}.adminKey\`, or name an environment variable in adminKeyEnv`;
  return resolve({ ...defaults, ...raw, adminKey }, missing);
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
  return { organizations: parsed as Raw };
}

function resolve(raw: Raw, noKey: string): Resolved {
  const adminKey = text(raw["adminKey"]);
  if (adminKey === undefined) {
    return { problem: noKey };
  }
  if (!/^[\x21-\x7e]+$/.test(adminKey)) {
    return { problem: "the admin key holds characters that no key has (spaces or line breaks inside it?)" };
  }
  const url = resolveBaseUrl(text(raw["baseUrl"]) ?? DEFAULT_BASE_URL);
  if ("problem" in url) {
    return url;
  }
  const seconds = number(raw["timeoutSeconds"], DEFAULT_TIMEOUT_SECONDS);
  if (!(seconds > 0 && seconds <= 3600)) {
    return { problem: "openai:timeoutSeconds must be a number above 0 and up to 3600" };
  }
  const maxRetries = number(raw["maxRetries"], DEFAULT_MAX_RETRIES);
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0 && maxRetries <= 100)) {
    return { problem: "openai:maxRetries must be a whole number from 0 to 100" };
  }
  const clientCertificate = text(raw["clientCertificate"]);
  const clientKey = text(raw["clientKey"]);
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    const [given, missing] =
      clientKey === undefined ? ["clientCertificate", "clientKey"] : ["clientKey", "clientCertificate"];
    return { problem: `openai:${given} is given without openai:${missing}; a client certificate needs both` };
  }
  const identity =
    clientCertificate !== undefined && clientKey !== undefined ? { clientCertificate, clientKey } : undefined;
  return { settings: { adminKey, baseUrl: url.baseUrl, timeoutMs: seconds * 1000, maxRetries, ...identity } };
}

function resolveBaseUrl(value: string): { baseUrl: string } | { problem: string } {
  if (!URL.canParse(value)) {
    return { problem: "openai:baseUrl (or OPENAI_BASE_URL) is not a URL" };
  }
  const url = new URL(value);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return { problem: "openai:baseUrl must be a plain URL, without credentials, query or fragment" };
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return {
      problem: `openai:baseUrl ${url.protocol}//${url.host} is refused: the admin key is sent over https only (plain http is for loopback addresses)`,
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

function number(value: unknown, fallback: number): number {
  return value === undefined || value === null || value === "" ? fallback : Number(value);
}
