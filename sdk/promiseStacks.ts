import * as pulumi from "@pulumi/pulumi";

/**
 * Keeps Pulumi from turning the stacks of promises into text while a resource is constructed: four a property, each noted as
 * text, and only for the search that PULUMI_DEBUG_PROMISE_LEAKS asks for (@pulumi/pulumi, runtime/debuggable). With 50
 * certificates, that was half of the time that a program took. Answers what ends it: call that in any case.
 *
 * The stacks themselves are still taken, and are text where they are read later: the SDK makes the error of a registration
 * that may fail beforehand, so that it tells where the resource was declared, and by which copy of the SDK.
 *
 * No function can call `super` for a class: Pulumi takes whoever calls a resource's own constructor for the program, and
 * writes that line into state.
 */
export function pausePromiseStacks(opts: pulumi.CustomResourceOptions | undefined): () => void {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || hasTransformations(opts)) {
    return () => undefined;
  }
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    // With all frames, the SDK reads where the resource is declared, which goes into state (resource, callsites).
    if (Error.stackTraceLimit !== Number.POSITIVE_INFINITY) {
      return "";
    }
    return before?.(error, frames) ?? [error, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
  return () => {
    Error.prepareStackTrace = before;
  };
}

/** Code of the program's own, which runs while a resource is constructed, and may want to see its own stacks. */
function hasTransformations(opts: pulumi.CustomResourceOptions | undefined): boolean {
  // At run time it is always there, but it is internal to the SDK.
  const parent = (opts?.parent ?? pulumi.runtime.getStackResource?.()) as { __transformations?: object[] } | undefined;
  return [opts?.transformations, parent?.__transformations].some((some) => some !== undefined && some.length > 0);
}
