import type * as pulumi from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * What a provider needs to construct components, and the SDK's declarations leave out: it is there for the SDK's own
 * component providers. The plugin is bundled with one exact version of the SDK (package.json), whose parts these are.
 */
interface Internals {
  /** Runs `work` with a state of the SDK's own, so that components that are constructed at once are kept apart. */
  withLocalStorage<R>(work: () => Promise<R>): Promise<R>;
  resetOptions(
    project: string,
    stack: string,
    parallel: number,
    engine: string,
    monitor: string,
    isPreview: boolean,
    organization: string,
  ): void;
  awaitFeatureSupport(): Promise<void>;
  waitForRPCs(): Promise<void>;
  setAllConfig(config: Record<string, string>, secretKeys: string[]): void;
  deserializeInputs(
    inputs: ReturnType<ConstructRequest["getInputs"]>,
    dependencies: ReturnType<ConstructRequest["getInputdependenciesMap"]>,
  ): Promise<Record<string, unknown>>;
  serializeResourceProperties(
    label: string,
    properties: pulumi.Inputs,
  ): Promise<[Record<string, unknown>, Map<string, Set<pulumi.Resource>>]>;
  DependencyResource: new (urn: string) => pulumi.Resource;
  DependencyProviderResource: new (reference: string) => pulumi.ProviderResource;
  /** The value of an output. */
  promise<T>(output: pulumi.Output<T>): Promise<T>;
}

const settings = require("@pulumi/pulumi/runtime/settings") as Internals;
const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as Internals;
const { setAllConfig } = require("@pulumi/pulumi/runtime/config") as Internals;
const { serializeResourceProperties } = require("@pulumi/pulumi/runtime/rpc") as Internals;
const { DependencyResource, DependencyProviderResource } = require("@pulumi/pulumi/resource") as Internals;
const { deserializeInputs } = require("@pulumi/pulumi/provider/server") as Internals;

export const internals: Internals = {
  withLocalStorage,
  resetOptions: settings.resetOptions,
  awaitFeatureSupport: settings.awaitFeatureSupport,
  waitForRPCs: settings.waitForRPCs,
  setAllConfig,
  deserializeInputs,
  serializeResourceProperties,
  DependencyResource,
  DependencyProviderResource,
  promise: (output) => (output as unknown as { promise(): Promise<never> }).promise(),
};
