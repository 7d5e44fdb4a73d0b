import * as pulumi from "@pulumi/pulumi";
import type { CertificateArgs } from "./certificate";

/** What the id output of a Certificate stands for. */
interface Declared extends Pick<CertificateArgs, "certificate" | "organization" | "adopt" | "celFilter"> {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Input<string>;
}

/** By the id output itself, which is one object for as long as the resource lives. */
const byOutput = new WeakMap<object, Declared>();
const byResource = new WeakMap<object, Declared>();

/** Notes what stands behind a Certificate's id, so that a preview can name it before it has one. */
export function declareId(resource: pulumi.CustomResource, declared: Omit<Declared, "id">): void {
  const known = { ...declared, id: resource.id };
  byOutput.set(resource.id, known);
  byResource.set(resource, known);
}

/**
 * What the ids of an active set stand for, as far as this program declares it: the input `certificateHints`, which check
 * takes out again. A hint is exact where the id output itself is listed; what was computed from it may be another id.
 */
export function hintsFor(ids: pulumi.Input<pulumi.Input<string>[]> | undefined): pulumi.Input<object[]> | undefined {
  if (Array.isArray(ids)) {
    const hints = ids.flatMap((id) => {
      const declared = typeof id === "object" ? byOutput.get(id) : undefined;
      return declared === undefined ? tracedHints(id) : [exactHint(declared)];
    });
    return hints.length === 0 ? undefined : hints;
  }
  const traced = tracedHints(ids);
  return traced.length === 0 ? undefined : traced;
}

/** An unknown id is told by its content; with a known one, 50 contents would be sent to no purpose in every run. */
function exactHint({ id, name, certificate, organization, adopt, celFilter }: Declared): object {
  // At run time it is always there, but it is internal to the SDK.
  const { isKnown = Promise.resolve(false) } = id as unknown as { isKnown?: Promise<boolean> };
  const content = pulumi.output(isKnown).apply((known) => (known ? undefined : certificate));
  return { id, name, certificate: content, organization, adopt, celFilter, isExact: true };
}

/** The certificates that an output was computed from. `resources` is there at run time, and internal to the SDK. */
function tracedHints(value: unknown): object[] {
  if (!pulumi.Output.isInstance(value)) {
    return [];
  }
  const { resources } = value as unknown as { resources?: () => Iterable<object> };
  const known = resources === undefined ? [] : [...resources.call(value)].map((resource) => byResource.get(resource));
  return known.flatMap((declared) =>
    declared === undefined ? [] : [{ id: declared.id, name: declared.name, isExact: false }],
  );
}
