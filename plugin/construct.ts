import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ProviderError } from "../provider/errors";
import type { AnchorMap } from "../sdk/anchors/map";
import { TrustAnchors, type TrustAnchorsArgs } from "../sdk/trustAnchors";
import { nativeResources } from "./natives";
import { internals } from "./pulumiInternals";
import { PACKAGE, token } from "./schema/types";

type Inputs = Readonly<Record<string, unknown>>;

/** An answer as bytes, and a refusal as text: this is a bundle of its own, whose classes are not the server's. */
export type Constructed = { readonly answer: Uint8Array } | { readonly refused: string };

export interface Surroundings {
  /** The engine's address. */
  readonly engine: string;
  /** Of the provider resource that this process is, as `urn::id`. */
  readonly reference: string;
}

/**
 * Declares a component's resources: connects Pulumi's runtime to the program's own resource monitor, and answers the
 * component's URN and outputs once everything is registered. In a bundle of its own, because the SDK is large.
 */
export async function construct(request: rpc.ConstructRequest, surroundings: Surroundings): Promise<Constructed> {
  try {
    return { answer: await orFailure(internals.withLocalStorage(() => declared(request, surroundings))) };
  } catch (error) {
    if (error instanceof ProviderError || pulumi.RunError.isInstance(error)) {
      return { refused: (error as Error).message };
    }
    throw error;
  }
}

async function declared(request: rpc.ConstructRequest, { engine, reference }: Surroundings): Promise<Uint8Array> {
  await connect(request, engine);
  const inputs = await internals.deserializeInputs(request.getInputs(), request.getInputdependenciesMap());
  const args = argsOf(request.getName(), request.getType(), inputs);
  const component = new TrustAnchors(request.getName(), args, optionsOf(request, reference), nativeResources());
  return (await answer(component)).serializeBinary();
}

const underWay = new Set<(error: unknown) => void>();

/**
 * What goes wrong with a child, such as a refusal of its check, reaches the SDK as a rejection that nobody awaits, and would
 * end this process with whatever else it is writing.
 */
function orFailure<T>(work: Promise<T>): Promise<T> {
  const failed = new Promise<never>((_, reject) => {
    underWay.add(reject);
    const done = () => underWay.delete(reject);
    work.then(done, done);
  });
  return Promise.race([work, failed]);
}

process.on("unhandledRejection", (error) => {
  process.stderr.write(`${(error as Error).message}\n`);
  for (const fail of underWay) {
    fail(error);
  }
});

/** `folder` or `anchors` of the schema, as the class has them in one. */
function argsOf(name: string, type: string, { folder, anchors, ...options }: Inputs): TrustAnchorsArgs {
  if (type !== token("TrustAnchors")) {
    throw new ProviderError(`this version of the plugin has no component ${type}`);
  }
  const refuse = (problem: string) => new ProviderError(`TrustAnchors "${name}": ${problem}`);
  if ((folder === undefined) === (anchors === undefined)) {
    throw refuse("give either a folder or anchors");
  }
  if (pulumi.Output.isInstance(folder ?? anchors)) {
    throw refuse(
      "the folder or the names of the anchors must be known while the program runs; a certificate may be an output",
    );
  }
  return { ...options, anchors: (folder ?? anchors) as string | AnchorMap };
}

async function connect(request: rpc.ConstructRequest, engine: string): Promise<void> {
  internals.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await internals.awaitFeatureSupport();
  internals.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
}

/**
 * The component's options. Its children belong to this very provider, unless the program has given it another one: left to
 * themselves they would ask for a default provider, which is another process where version or download URL differ.
 */
function optionsOf(request: rpc.ConstructRequest, reference: string): pulumi.ComponentResourceOptions {
  const parent = request.getParent();
  const references = new Map<string, string>([[PACKAGE, reference], ...request.getProvidersMap().entries()]);
  const providers = [...references].map(([name, one]) => [name, new internals.DependencyProviderResource(one)]);
  const deletedWith = request.getDeletedwith();
  const depends = request.getDependenciesList().map((urn) => new internals.DependencyResource(urn));
  return {
    ...(parent === "" ? {} : { parent: new internals.DependencyResource(parent) }),
    ...(deletedWith === "" ? {} : { deletedWith: new internals.DependencyResource(deletedWith) }),
    aliases: request.getAliasesList().map((alias) => (alias.hasUrn() ? alias.getUrn() : aliasOf(alias.getSpec()!))),
    dependsOn: depends,
    protect: request.getProtect() ?? false,
    providers: Object.fromEntries(providers),
    retainOnDelete: request.getRetainondelete() ?? false,
  };
}

/** What is empty in the message is as the resource itself has it. */
function aliasOf(spec: Alias.Spec): pulumi.Alias {
  const given = { name: spec.getName(), type: spec.getType(), stack: spec.getStack(), project: spec.getProject() };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  if (spec.getNoparent()) {
    return { ...known, parent: pulumi.rootStackResource };
  }
  return spec.getParenturn() === "" ? known : { ...known, parent: spec.getParenturn() };
}

async function answer(component: TrustAnchors): Promise<rpc.ConstructResponse> {
  const { certificateIds, activeCertificateIds } = component;
  const [state, dependencies] = await internals.serializeResourceProperties("TrustAnchors", {
    certificateIds,
    activeCertificateIds,
  });
  const response = new rpc.ConstructResponse();
  response.setUrn(await internals.promise(component.urn)).setState(Struct.fromJavaScript(state as never));
  for (const [property, resources] of dependencies) {
    const urns = await Promise.all([...resources].map(({ urn }) => internals.promise(urn)));
    response
      .getStatedependenciesMap()
      .set(property, new rpc.ConstructResponse.PropertyDependencies().setUrnsList(urns));
  }
  await internals.waitForRPCs();
  return response;
}
