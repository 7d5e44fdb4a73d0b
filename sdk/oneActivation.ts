import * as pulumi from "@pulumi/pulumi";
import { ScopeClaims } from "../provider/activation/oneScope";
import type { OneName } from "../provider/settings";

/**
 * Which activation each scope belongs to, kept with the run's stack resource: a component library may bring a copy of this
 * package of its own, of another release too, so neither this key nor what it leads to ever changes.
 */
const CLAIMS = Symbol.for("pulumi-openai-certificates.claims");

type Run = pulumi.Resource & { [CLAIMS]?: ScopeClaims };

export interface Claim {
  /** The activation's logical name. */
  readonly by: string;
  readonly organization: pulumi.Input<string | undefined>;
  /** Undefined for the organization itself. */
  readonly projectId: pulumi.Input<string | undefined>;
}

/**
 * Refuses a second activation of a scope: what one of them leaves out, the other may deactivate, and neither knows of the
 * other in a targeted run, a destroy or two provider processes: an explicit provider of the dynamic types has the same
 * configuration. Answers what names the scope, so that the refusal comes before the resource is registered, also where these
 * are outputs: the one that is always given waits for both, and what is left out stays left out.
 */
export function claimScope(claim: Claim): Pick<Claim, "organization" | "projectId"> {
  // The stack resource is the run: a process of the Automation API may run several programs, one after the other or at once.
  const run = pulumi.runtime.getStackResource?.();
  const { organization, projectId } = claim;
  if (run === undefined) {
    return { organization, projectId };
  }
  if (isPlain(organization) && isPlain(projectId)) {
    refuseSecond(run, claim, organization, projectId);
    return { organization, projectId };
  }
  const claimed = pulumi.all([organization, projectId]).apply(([name, project]) => {
    refuseSecond(run, claim, name, project);
    return { name, project };
  });
  return projectId === undefined
    ? { organization: claimed.apply(({ name }) => name), projectId }
    : { organization, projectId: claimed.apply(({ project }) => project) };
}

function refuseSecond(run: Run, claim: Claim, organization: string | undefined, projectId: string | undefined): void {
  run[CLAIMS] ??= new ScopeClaims();
  const refused = run[CLAIMS].claim({ ...nameOf(organization), projectId }, { key: claim, name: claim.by });
  if (refused !== undefined) {
    throw new pulumi.RunError(refused);
  }
}

/** One name for all names of an organization, so that they are one scope; most programs use no name. */
function nameOf(name: string | undefined): OneName {
  if (name === undefined) {
    return { organization: undefined, alias: undefined };
  }
  const { oneName, resolveSettings } = require("../provider/settings") as typeof import("../provider/settings");
  return oneName(
    resolveSettings((key) => pulumi.runtime.getConfig(key), process.env),
    name,
  );
}

function isPlain<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
  return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}
