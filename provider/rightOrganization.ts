import { ProviderError } from "./errors";

/** What tells whether the admin key still belongs to the organization that state speaks of. */
export interface Evidence {
  /** The `openai-organization` header that state keeps; undefined where the API did not send it. */
  readonly recorded: string | undefined;
  /** The header of the answers of this run. */
  readonly seen: string | undefined;
  /** Whether any of the certificates that state names exists: ids are unique, so one that exists proves it. */
  readonly exists: boolean;
}

/** `unknown`: nothing that state names is there, and no header tells why. */
export type Verdict = "same" | "other" | "unknown";

/** Whether this is the organization that state speaks of. One that kept its certificates and changed its header was renamed. */
export function rightOrganization({ recorded, seen, exists }: Evidence): Verdict {
  if (exists) {
    return "same";
  }
  if (recorded === undefined || seen === undefined) {
    return "unknown";
  }
  return recorded === seen ? "same" : "other";
}

/**
 * The question that stops a write, or keeps state as it is. `what`: the resource, at the beginning of a sentence;
 * `consequence`: what was not done, as a sentence.
 */
export function wrongOrganization(what: string, { recorded, seen }: Evidence, consequence: string): string {
  const known =
    recorded !== undefined && seen !== undefined
      ? `was last seen in organization ${recorded}, and the admin key now belongs to organization ${seen}, which does not have it`
      : "does not exist in the organization that the admin key belongs to, and the API does not say which organization that is";
  return (
    `${what} ${known}. ${consequence} ` +
    "Are the admin key and base URL those of the right organization? If so, and it was deleted there by hand, " +
    "remove it from state with `pulumi state delete`, and run again"
  );
}

/** A write that was refused because it would have gone to another organization. */
export class WrongOrganization extends ProviderError {}
