import type { Lifecycle } from "../lifecycle";
import type { Session } from "../session";
import { activationLifecycle } from "./lifecycle";

/** The lifecycle of an organization's active set. */
export function organizationActivation(session: () => Session): Lifecycle {
  return activationLifecycle(session, {
    problems: () => [],
    projectId: () => undefined,
    identity: (id) => (id === "organization" ? {} : undefined),
  });
}
