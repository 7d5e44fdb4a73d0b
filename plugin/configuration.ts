import { isDeepStrictEqual } from "node:util";
import { configurationWarnings } from "../provider/configurationWarnings";
import type { Properties } from "../provider/lifecycle";
import { type Environment, resolveSettings, type Settings } from "../provider/settings";
import { nameOf } from "./resources";
import { PACKAGE } from "./schema/types";

/** Provider arguments that are secret, or hold secrets. */
export const SECRETS = ["adminKey", "clientKey", "organizations"];

/** Arguments of every provider, which are not this package's (pulumi/pulumi pkg/resource/deploy/providers/registry.go). */
const OF_THE_ENGINE = ["version", "pluginDownloadURL"];

/** The engine's own test (pulumi/pulumi sdk/go/common/providers, IsDefaultProvider). */
export function isDefaultProvider(urn: string): boolean {
  return nameOf(urn).startsWith("default");
}

/**
 * This package's stack configuration, decrypted: the engine gives it to every plugin in PULUMI_CONFIG (pulumi/pulumi
 * sdk/go/common/resource/plugin/host.go, Provider).
 */
export function stackConfiguration(env: Environment): Properties {
  const text = env["PULUMI_CONFIG"];
  return text ? (JSON.parse(text) as Properties) : {};
}

/**
 * The provider arguments that go into state. The default provider gets the stack's configuration as its arguments, which
 * would put the admin key into state: what is secret there is left out, and read from the configuration again when the
 * provider is configured. An explicit provider's arguments are its own, and are kept.
 */
export function keptArguments(urn: string, given: Properties, configuration: Properties): Properties {
  if (!isDefaultProvider(urn)) {
    return given;
  }
  const isConfigured = (key: string, value: unknown) =>
    SECRETS.includes(key) && isDeepStrictEqual(value, configuration[key]);
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => !isConfigured(key, value)));
}

/**
 * What a user should be told of a provider's arguments. The engine passes the stack's configuration to the default provider,
 * mistyped keys included, and marks what is encrypted there as secret; a program's own arguments are in no file of the stack.
 */
export function argumentWarnings(urn: string, given: Properties, secrets: ReadonlySet<string>): string[] {
  const keys = Object.entries(given).filter(([key]) => !OF_THE_ENGINE.includes(key));
  return configurationWarnings(
    {
      values: Object.fromEntries(keys.map(([key, value]) => [`${PACKAGE}:${key}`, value as string])),
      isSecret: (key) => !isDefaultProvider(urn) || secrets.has(key.slice(PACKAGE.length + 1)),
    },
    PACKAGE,
  );
}

/** The settings behind a provider's arguments. An explicit provider never takes the key out of the stack's configuration. */
export function settingsOf(urn: string, given: Properties, configuration: Properties, env: Environment): Settings {
  const left = isDefaultProvider(urn) ? SECRETS.map((key) => [key, configuration[key]]) : [];
  const values: Properties = { ...Object.fromEntries(left), ...given };
  return resolveSettings((key) => values[key.slice(PACKAGE.length + 1)], env, PACKAGE);
}
