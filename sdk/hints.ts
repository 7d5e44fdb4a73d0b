import * as pulumi from "@pulumi/pulumi";
import type { Certificate, CertificateArgs } from "./certificate";

type Asked = Pick<CertificateArgs, "organization" | "adopt" | "celFilter">;

/** What stands behind an id: the resource itself, and what its constructor was given. */
interface Declared {
  readonly certificate: Certificate;
  readonly asked: Asked;
}

/** By the id output itself, which is one object for as long as the resource lives. */
const byOutput = new WeakMap<object, Declared>();
const byResource = new WeakMap<object, Declared>();

/** Notes what stands behind a Certificate's id, so that a preview can name it before it has one. */
export function declareId(certificate: Certificate, asked: Asked): void {
  const declared = { certificate, asked };
  byOutput.set(certificate.id, declared);
  byResource.set(certificate, declared);
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
async function exactHint({ certificate: resource, asked }: Declared): Promise<object> {
  const { urn, id, name, certificate } = resource;
  return {
    urn: await settled(urn),
    // An output in any case: a plan that is saved in preview, where it is not known, holds the run to the same dependencies.
    id,
    name: await settled(name),
    certificate: (await isKnown(id)) ? undefined : certificate,
    organization: await registered(resource.organization, asked.organization),
    adopt: await registered(resource.adopt, asked.adopt),
    celFilter: await registered(resource.celFilter, asked.celFilter),
    isExact: true,
  };
}

/**
 * A property as it was registered: transformations and policies may have changed it after the constructor was called. In
 * preview, what is missing is not known either, and only the constructor's argument tells which it is. Where that depends
 * on other resources, so does the hint in any case, as with the id: preview may not know yet what the run will know.
 */
async function registered<T>(property: pulumi.Output<T>, asked: pulumi.Input<T>): Promise<unknown> {
  if (!(await isKnown(property))) {
    return asked;
  }
  return holdsOutput(asked) ? pulumi.all([property, asked]).apply(([known]) => known) : settled(property);
}

function holdsOutput(value: unknown): boolean {
  return (
    pulumi.Output.isInstance(value) ||
    (typeof value === "object" && value !== null && Object.values(value).some(holdsOutput))
  );
}

/** What an output is made of; always there at run time, and internal to the SDK. */
interface Internals {
  readonly isKnown?: Promise<boolean>;
  readonly isSecret?: Promise<boolean>;
  readonly promise?: () => Promise<unknown>;
  readonly resources?: () => Iterable<object>;
}

async function isKnown(output: object): Promise<boolean> {
  return (await (output as Internals).isKnown) ?? false;
}

/** The value itself where nothing keeps it from being told: serializing seven outputs for each of 50 hints takes long. */
async function settled(output: object): Promise<unknown> {
  const { isSecret, promise } = output as Internals;
  const isPlain = (await isKnown(output)) && (await isSecret) === false;
  return isPlain && promise !== undefined ? promise.call(output) : output;
}

/** The certificates that an output was computed from. */
function tracedHints(value: unknown): object[] {
  if (!pulumi.Output.isInstance(value)) {
    return [];
  }
  const { resources } = value as Internals;
  const known = resources === undefined ? [] : [...resources.call(value)].map((resource) => byResource.get(resource));
  return known.flatMap((declared) =>
    declared === undefined ? [] : [{ id: declared.certificate.id, name: declared.certificate.name, isExact: false }],
  );
}
