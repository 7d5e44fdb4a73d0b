/**
 * What Pulumi's state names. Every resource's state holds a line that requires `pulumi-openai-certificates/provider` and
 * takes its lifecycle from here by name, so no export of this module is ever removed or renamed.
 */
import { organizationActivation } from "./activation/organization";
import { projectActivation } from "./activation/project";
import { certificateLifecycle } from "./certificate/lifecycle";
import { ProviderError } from "./errors";
import type { Lifecycle } from "./lifecycle";
import { withoutNulls } from "./notGiven";
import { Session } from "./session";
import { resolveSettings } from "./settings";

export type { Lifecycle } from "./lifecycle";

/** What the dynamic provider process of `@pulumi/pulumi` configures once for each resource type, before any other call. */
export interface ConfiguredLifecycle extends Lifecycle {
  configure(request: { config: { get(key: string): unknown } }): void;
}

let session: Session | undefined;
let configuredWith: string | undefined;

/**
 * Configures this process. Synchronous, because the dynamic provider process lets parallel calls through while the first
 * one awaits `configure`; never throws, because it would not be called again: check reports what is wrong.
 *
 * Each resource type configures once. The session goes on while the configuration stays the same, so that all resources
 * of a run share what was seen.
 */
export function configure(request: { config: { get(key: string): unknown } }): void {
  const settings = resolveSettings((key) => request.config.get(key), process.env);
  const fingerprint = JSON.stringify([...settings]);
  if (session === undefined || fingerprint !== configuredWith) {
    session = new Session(settings);
    configuredWith = fingerprint;
  }
}

function current(): Session {
  if (session === undefined) {
    throw new ProviderError(
      "the provider was called before it was configured: is @pulumi/pulumi at least 3.216 in this program?",
    );
  }
  return session;
}

function configured(lifecycle: Lifecycle): ConfiguredLifecycle {
  return { ...withoutNulls(lifecycle), configure };
}

export const certificate = configured(certificateLifecycle(current));
export const certificateActivation = configured(organizationActivation(current));
export const projectCertificateActivation = configured(projectActivation(current));
