import * as pulumi from "@pulumi/pulumi";
import { isEventual } from "./celFilter";

type ProjectIds = readonly string[] | Readonly<Record<string, pulumi.Input<string>>>;

/** The projects by the names that their activations get; undefined for the organization itself. Throws a RunError. */
export function projectsOf(
  component: string,
  projectIds: ProjectIds | undefined,
): Readonly<Record<string, pulumi.Input<string>>> | undefined {
  if (projectIds === undefined) {
    return undefined;
  }
  const refuse = (problem: string) => new pulumi.RunError(`TrustAnchors "${component}": projectIds ${problem}`);
  if (isEventual(projectIds)) {
    throw refuse("must be known while the program runs: give a map of names to ids; the ids may be outputs");
  }
  if (Object.keys(projectIds).length === 0) {
    throw refuse("is empty: list the projects, or leave it out to activate the anchors in the organization");
  }
  if (!Array.isArray(projectIds)) {
    return projectIds as Readonly<Record<string, pulumi.Input<string>>>;
  }
  if (projectIds.some((id) => typeof id !== "string")) {
    throw refuse(
      "lists an output, whose value is not known yet: give a map of names to ids, such as { app: project.id }",
    );
  }
  return Object.fromEntries(projectIds.map((id: string) => [id, id]));
}
