/** What is activated: an organization, by its configured name, or one of its projects. */
export interface ClaimedScope {
  /** Undefined for the default organization; of several names for one organization, always the same. */
  readonly organization: string | undefined;
  /** The name that the program uses, where it is another one. */
  readonly alias?: string | undefined;
  /** Undefined for the organization itself. */
  readonly projectId: string | undefined;
}

/** An activation of the program. */
export interface Claimant {
  /** What tells it from every other one, such as its URN; compared by `===`. */
  readonly key: unknown;
  /** Its logical name, for messages. */
  readonly name: string;
}

/**
 * Which activation of a program each scope belongs to. A scope takes one: what one of two leaves out, the other may
 * deactivate, and neither knows of the other in a targeted run or a destroy.
 */
export class ScopeClaims {
  private readonly owners = new Map<string, { readonly scope: ClaimedScope; readonly by: Claimant }>();

  /**
   * Claims a scope. The same claimant may claim it again, because the engine checks a resource twice when it replaces it.
   * Answers why the scope is not to be had; undefined where it is.
   */
  claim(scope: ClaimedScope, by: Claimant): string | undefined {
    const key = JSON.stringify([scope.organization ?? null, scope.projectId ?? null]);
    const first = this.owners.get(key) ?? { scope, by };
    this.owners.set(key, first);
    return first.by.key === by.key
      ? undefined
      : refusal(scope, first.scope.alias ?? scope.alias, first.by.name, by.name);
  }
}

function refusal(
  { organization, projectId }: ClaimedScope,
  alias: string | undefined,
  owner: string,
  by: string,
): string {
  const where = projectId === undefined ? "the organization" : `project ${projectId}`;
  const name = organization === undefined ? "the default organization" : `organization "${organization}"`;
  const same = `${name} and organization "${alias}" have the same admin key and base URL`;
  const named = alias !== undefined ? ` (${same})` : organization === undefined ? "" : ` (${name})`;
  return (
    `"${owner}" and "${by}" are both activations of ${where}${named}, and a program may have only one: ` +
    "what one leaves out, the other may deactivate. " +
    "Collect all ids in the certificateIds of one (a TrustAnchors has activate: false for that)"
  );
}
