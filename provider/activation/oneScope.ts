/** What is activated: an organization, by its configured name, or one of its projects. */
export interface ClaimedScope {
  /** Undefined for the default organization. */
  readonly organization: string | undefined;
  /** Undefined for the organization itself. */
  readonly projectId: string | undefined;
}

/** An activation of the program. */
export interface Claimant {
  /** What tells it from every other one, such as its URN. */
  readonly key: string;
  /** Its logical name, for messages. */
  readonly name: string;
}

/**
 * Which activation of a program each scope belongs to. A scope takes one: of two, each would be told of the other's anchors
 * as changes made outside this program, and an exclusive one would deactivate them in every run.
 */
export class ScopeClaims {
  private readonly owners = new Map<string, Claimant>();

  /**
   * Claims a scope. The same claimant may claim it again, because the engine checks a resource twice when it replaces it.
   * Answers why the scope is not to be had; undefined where it is.
   */
  claim(scope: ClaimedScope, by: Claimant): string | undefined {
    const key = JSON.stringify([scope.organization ?? null, scope.projectId ?? null]);
    const owner = this.owners.get(key) ?? by;
    this.owners.set(key, owner);
    return owner.key === by.key ? undefined : refusal(scope, owner.name, by.name);
  }
}

function refusal({ organization, projectId }: ClaimedScope, owner: string, by: string): string {
  const where = projectId === undefined ? "the organization" : `project ${projectId}`;
  const named = organization === undefined ? "" : ` (organization "${organization}")`;
  return (
    `"${owner}" and "${by}" both activate certificates in ${where}${named}: a program has one activation for each scope, ` +
    "because two would change each other's set in every run. Put the ids of both into one certificateIds, and remove the other activation"
  );
}
