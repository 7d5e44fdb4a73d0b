import { unknownKeys } from "../provider/configurationWarnings";
import type { Properties } from "../provider/lifecycle";
import { namesIn } from "../provider/settingNames";
import { type Environment, resolveSettings, type Settings } from "../provider/settings";
import { openProblem } from "../provider/settingValues";
import { isUnknown } from "../provider/unknown";
import { nameOf } from "./resources";
import { PACKAGE } from "./schema/types";
import { fromJsonText } from "./values";

/** Provider arguments that are secret, or hold secrets. */
export const SECRETS = ["adminKey", "clientKey", "organizations"];

/** Arguments of every provider, which are not this package's (pulumi/pulumi pkg/resource/deploy/providers/registry.go). */
const OF_THE_ENGINE = ["version", "pluginDownloadURL"];

/**
 * The names that the engine gives to default providers: by version, download URL, both or neither (pulumi/pulumi
 * pkg/resource/deploy/providers/provider.go, DefaultName). An explicit provider `default_eu` has arguments of its own.
 */
const DEFAULT_NAME = /^default($|_\d+_\d+_\d+(_|$)|_.*[./])/;

export function isDefaultProvider(urn: string): boolean {
  return DEFAULT_NAME.test(nameOf(urn));
}

/**
 * This package's stack configuration as it is today, decrypted: the engine gives it to every plugin in PULUMI_CONFIG, `{}`
 * where there is none (pulumi/pulumi pkg/host/host.go, Provider). Undefined where the engine has not started this process.
 */
export function stackConfiguration(env: Environment): Properties | undefined {
  const text = env["PULUMI_CONFIG"];
  return text ? (JSON.parse(text) as Properties) : undefined;
}

/**
 * The provider arguments that go into state. The default provider gets the stack's configuration as its arguments, which
 * would put the admin key into state: what is secret there is left out, because it is read from the configuration anyway.
 */
export function keptArguments(urn: string, given: Properties, configuration: Properties | undefined): Properties {
  return isDefaultProvider(urn) && configuration !== undefined
    ? Object.fromEntries(Object.entries(given).filter(([key]) => !SECRETS.includes(key)))
    : given;
}

/**
 * Mistyped arguments: the engine passes whatever the stack's configuration has to the default provider. It does not tell what
 * is encrypted there (pulumi/pulumi pkg/resource/plugin/provider_plugin.go, CheckConfig), so nothing is said about that.
 */
export function argumentWarnings(given: Properties): string[] {
  const keys = Object.keys(given).filter((key) => !OF_THE_ENGINE.includes(key));
  return unknownKeys(
    keys.map((key) => `${PACKAGE}:${key}`),
    PACKAGE,
  );
}

/** Why arguments must not go into state, where all but {@link SECRETS} are plain text. */
export function argumentProblem(given: Properties): string | undefined {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => !isUnknown(value)));
  return openProblem(known, namesIn(PACKAGE));
}

/**
 * The settings behind a provider's arguments. The default provider's are the stack's configuration of today as a whole: for a
 * refresh and a destroy the engine takes its arguments from state, and a new key must not go to an address of before. An
 * explicit provider never takes anything out of the stack's configuration.
 */
export function settingsOf(
  urn: string,
  given: Properties,
  configuration: Properties | undefined,
  env: Environment,
): Settings {
  const values = (isDefaultProvider(urn) ? configuration : undefined) ?? given;
  return resolveSettings((key) => fromJsonText(values[key.slice(PACKAGE.length + 1)]), env, PACKAGE);
}
