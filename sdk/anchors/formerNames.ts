import * as pulumi from "@pulumi/pulumi";

/** The logical name a resource had next to the component, or an alias if it was somewhere else. */
export type FormerName = string | pulumi.Alias;

/** What resources were called before they moved into a `TrustAnchors`. */
export interface FormerNames {
  /** By anchor. */
  certificates?: Readonly<Record<string, FormerName>> | undefined;
  /** By `organization`, or by project as in `projectIds`. */
  activations?: Readonly<Record<string, FormerName>> | undefined;
}

/** The alias of a child of a component whose parent is `parent`, or the stack. */
export function formerly(former: FormerName, parent: pulumi.Resource | undefined): pulumi.Alias {
  return typeof former === "string" ? { name: former, parent: parent ?? pulumi.rootStackResource } : former;
}
