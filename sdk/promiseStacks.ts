import * as pulumi from "@pulumi/pulumi";

/**
 * Keeps Pulumi from noting where each promise of a resource was made, while one is constructed: four a property, each with a
 * stack as text, and only for the search that PULUMI_DEBUG_PROMISE_LEAKS asks for (@pulumi/pulumi, runtime/debuggable).
 * With 50 certificates, that was half of the time that a program took. Answers what ends it: call that in any case, and
 * with what was thrown, which it gives back, telling where the resource was declared. (No function can call `super` for a
 * class: Pulumi takes whoever calls a resource's own constructor for the program, and writes that line into state.)
 */
export function pausePromiseStacks(opts: pulumi.CustomResourceOptions | undefined): (thrown?: unknown) => unknown {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || hasTransformations(opts)) {
    return (thrown) => thrown;
  }
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const resume = (thrown?: unknown): unknown => {
    Error.stackTraceLimit = limit;
    if (thrown instanceof Error) {
      Error.captureStackTrace(thrown, resume);
    }
    return thrown;
  };
  return resume;
}

/** Code of the program's own, which runs while a resource is constructed, and whose errors tell their own lines. */
function hasTransformations(opts: pulumi.CustomResourceOptions | undefined): boolean {
  // At run time it is always there, but it is internal to the SDK.
  const parent = (opts?.parent ?? pulumi.runtime.getStackResource?.()) as { __transformations?: object[] } | undefined;
  return [opts?.transformations, parent?.__transformations].some((some) => some !== undefined && some.length > 0);
}
