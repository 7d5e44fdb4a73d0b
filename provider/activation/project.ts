import { type Lifecycle, refusal } from "../lifecycle";
import type { Session } from "../session";
import { activationLifecycle } from "./lifecycle";

/** The lifecycle of one project's active set. */
export function projectActivation(session: () => Session): Lifecycle {
  return activationLifecycle(session, {
    problems: ({ projectId }) =>
      typeof projectId === "string" && projectId !== ""
        ? []
        : [refusal("projectId is required: the id of the project, such as proj_abc")],
    projectId: ({ projectId }) => projectId as string,
    identity: (id) => ({ projectId: id }),
  });
}
