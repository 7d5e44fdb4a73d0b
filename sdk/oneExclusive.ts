import * as pulumi from "@pulumi/pulumi";

/** Per run of a program (known by its stack resource), which activation has claimed a scope for itself. */
const claims = new WeakMap<object, Map<string, string>>();

export interface Claim {
  /** The activation's logical name. */
  readonly by: string;
  readonly exclusive: pulumi.Input<boolean | undefined>;
  readonly organization: pulumi.Input<string | undefined>;
  /** Undefined for the organization itself. */
  readonly projectId: pulumi.Input<string | undefined>;
}

/**
 * Refuses a second exclusive activation of a scope: each would undo the other's set in every run. Answers `exclusive`,
 * so that the refusal comes before the resource is registered, also where its arguments are outputs.
 */
export function claimScope(claim: Claim): pulumi.Input<boolean | undefined> {
  // The stack resource is the run: a process of the Automation API may run several programs, one after the other or at once.
  const run = pulumi.runtime.getStackResource?.();
  if (run === undefined) {
    return claim.exclusive;
  }
  const { exclusive, organization, projectId, by } = claim;
  if (isPlain(exclusive) && isPlain(organization) && isPlain(projectId)) {
    refuseSecond(run, by, exclusive, organization, projectId);
    return exclusive;
  }
  return pulumi.all([exclusive, organization, projectId]).apply(([known, name, project]) => {
    refuseSecond(run, by, known, name, project);
    return known;
  });
}

function refuseSecond(
  run: object,
  by: string,
  exclusive: boolean | undefined,
  organization: string | undefined,
  projectId: string | undefined,
): void {
  if (exclusive === false) {
    return;
  }
  const taken = claims.get(run) ?? new Map<string, string>();
  claims.set(run, taken);
  const scope = JSON.stringify([organization ?? null, projectId ?? null]);
  const first = taken.get(scope);
  if (first !== undefined) {
    const where = projectId === undefined ? "the organization" : `project ${projectId}`;
    throw new pulumi.RunError(
      `"${first}" and "${by}" are both exclusive activations of ${where}${organization === undefined ? "" : ` (organization "${organization}")`}: ` +
        "each would deactivate what the other activates. Merge their certificateIds, or set exclusive: false on one of them",
    );
  }
  taken.set(scope, by);
}

function isPlain<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
  return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}
