import { redact, redactName } from "./redact";
import { ENVIRONMENT_ONLY, type NameOf, namesIn, ORGANIZATION_KEYS, VARIABLES } from "./settingNames";
import { isGiven, type OrganizationSettings, type Raw, type Resolved, resolve, text } from "./settingValues";

export { ENVIRONMENT_ONLY } from "./settingNames";
export { isLoopback, isVendors, type OrganizationSettings, type Resolved } from "./settingValues";

/** Every organization a program can name; the key "" is the default one. */
export interface Settings extends ReadonlyMap<string, Resolved> {
  /** Where stack configuration has them, for messages: `openai`, or that of the native plugin. */
  readonly namespace: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Stack configuration over environment. Never throws: each organization carries its own problem. `config` is asked for
 * keys of `namespace`, such as `openai:adminKey`.
 */
export function resolveSettings(config: (key: string) => unknown, env: Environment, namespace = "openai"): Settings {
  const nameOf = namesIn(namespace);
  const given = (key: string) => (namespace === ENVIRONMENT_ONLY ? undefined : config(`${namespace}:${key}`));
  const over = (key: keyof typeof VARIABLES) => text(given(key)) ?? text(env[VARIABLES[key]]);
  const defaults: Raw = {
    adminKey: over("adminKey"),
    baseUrl: over("baseUrl"),
    clientCertificate: over("clientCertificate"),
    clientKey: over("clientKey"),
    timeoutSeconds: given("timeoutSeconds"),
    maxRetries: given("maxRetries"),
    auditLog: given("auditLog"),
  };
  const map = `${namespace}:organizations`;
  const named = parseOrganizations(given("organizations"), map);
  if ("problem" in named) {
    return Object.assign(new Unreadable(named), { namespace });
  }
  const settings = new Map<string, Resolved>([["", resolve(defaults, nameOf, noKey(namespace))]]);
  for (const [name, own] of Object.entries(named.organizations)) {
    settings.set(name, resolveNamed(redactName(`${map}.${name}`), own, { defaults, env, nameOf }));
  }
  return Object.assign(settings, { namespace });
}

/** What leads to an organization: two names with the same text are one. */
export function identityOf({ adminKey, baseUrl, clientCertificate, clientKey }: OrganizationSettings): string {
  return JSON.stringify([adminKey, baseUrl, clientCertificate, clientKey]);
}

export interface OneName {
  readonly organization: string | undefined;
  readonly alias: string | undefined;
}

/**
 * The first of all names that lead to the same organization, as far as settings tell, undefined for the default one; and
 * the given name as `alias` where it is another.
 */
export function oneName(settings: Settings, name: string | undefined): OneName {
  const identity = (one: string) => {
    const resolved = settings.get(one);
    return resolved === undefined || "problem" in resolved ? undefined : identityOf(resolved.settings);
  };
  const given = name ?? "";
  const own = identity(given);
  const first = (own === undefined ? undefined : [...settings.keys()].find((one) => identity(one) === own)) ?? given;
  return { organization: first || undefined, alias: first === given ? undefined : given };
}

/** Where `organizations` cannot be read, that is what is wrong with every organization, whatever its name. */
class Unreadable extends Map<string, Resolved> {
  constructor(private readonly problem: { readonly problem: string }) {
    super([["", problem]]);
  }

  override get(): Resolved {
    return this.problem;
  }
}

function noKey(namespace: string): string {
  return namespace === ENVIRONMENT_ONLY
    ? `no admin key is configured: set the environment variable ${VARIABLES.adminKey}`
    : `no admin key is configured: set the environment variable ${VARIABLES.adminKey}, or run \`pulumi config set --secret ${namespace}:adminKey\``;
}

/** What an organization takes from elsewhere: connection settings from the default one, a key from the environment. */
interface Around {
  readonly defaults: Raw;
  readonly env: Environment;
  readonly nameOf: NameOf;
}

/**
 * An organization takes connection settings it does not give from the defaults, but never another organization's key.
 * `at` is where it is configured.
 */
function resolveNamed(at: string, own: unknown, { defaults, env, nameOf: nameOfDefault }: Around): Resolved {
  if (own === null || typeof own !== "object" || Array.isArray(own)) {
    return { problem: `${at} is not an object with keys such as adminKey or baseUrl` };
  }
  const stray = Object.keys(own).find((key) => !ORGANIZATION_KEYS.includes(key));
  if (stray !== undefined) {
    return {
      problem: `${at} has an unknown key "${redact(stray)}"; the known ones are ${ORGANIZATION_KEYS.join(", ")}`,
    };
  }
  // What is left empty takes nothing from the defaults away: an empty base URL would send the key to the real API.
  const raw: Raw = Object.fromEntries(Object.entries(own).filter(([, value]) => isGiven(value)));
  const { adminKeyEnv: variable } = own as Raw;
  if (variable !== undefined && !(typeof variable === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))) {
    // Not repeated: it may be the key itself.
    return { problem: `${at}.adminKeyEnv is not the name of an environment variable` };
  }
  const adminKey = raw["adminKey"] ?? (variable === undefined ? undefined : env[variable]);
  const missing =
    variable === undefined
      ? // `config set --path` writes a map of the stack's own, which hides the one in Pulumi.yaml, base URLs included.
        `${at} has no admin key: name an environment variable in ${at}.adminKeyEnv, or run \`pulumi config set --secret --path ${at}.adminKey\` ` +
        "(a map in the stack's configuration replaces the one in Pulumi.yaml as a whole: repeat its other keys there, baseUrl above all)"
      : `${at}: the environment variable ${redact(variable)}, named by adminKeyEnv, is not set`;
  // A certificate and its key are one setting: half of it from elsewhere could not fit.
  const hasIdentity = "clientCertificate" in raw || "clientKey" in raw;
  const identity = hasIdentity ? { clientCertificate: undefined, clientKey: undefined } : {};
  const nameOf: NameOf = (key) => (key in raw || key === "adminKey" ? `${at}.${key}` : nameOfDefault(key));
  return resolve({ ...defaults, ...identity, ...raw, adminKey }, nameOf, missing);
}

function parseOrganizations(value: unknown, map: string): { organizations: Raw } | { problem: string } {
  let parsed = value ?? {};
  if (typeof parsed === "string") {
    // Structured configuration reaches a dynamic provider as JSON text.
    try {
      parsed = JSON.parse(parsed);
    } catch {
      return { problem: `${map} is not a JSON object` };
    }
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
    return { problem: `${map} is not an object that maps names to settings` };
  }
  if ("" in parsed) {
    return { problem: `${map} has an organization without a name` };
  }
  return { organizations: parsed as Raw };
}
