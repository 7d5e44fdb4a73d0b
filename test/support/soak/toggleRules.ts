import type { ScopeBefore } from "./scopeBefore";

/** One call that activates or deactivates. */
export interface Toggle {
  /** Undefined for the organization. */
  readonly projectId: string | undefined;
  readonly activates: boolean;
  readonly ids: readonly string[];
}

/** Reads a request's path (or URL) and body; undefined for any other request. */
export function toggleOf(path: string, body: unknown): Toggle | undefined {
  const found = /(?:projects\/([^/]+)\/)?certificates\/(activate|deactivate)$/.exec(path);
  if (found === null) {
    return undefined;
  }
  const ids = (body as { certificate_ids?: readonly string[] } | undefined)?.certificate_ids ?? [];
  return { projectId: found[1], activates: found[2] === "activate", ids };
}

/** What the toggles of one run in one scope must keep to, by the requests alone and in their order. */
export class ToggleRules {
  private deactivated = false;

  constructor(private readonly before: ScopeBefore) {}

  /** What is wrong with the next toggle. */
  see({ activates, ids }: Toggle): string[] {
    const { spec, kept, handedOver } = this.before;
    const where = spec.projectId ?? "the organization";
    const verb = activates ? "activated" : "deactivated";
    const wrong: string[] = [];
    if (ids.length < 1 || ids.length > 10) {
      wrong.push(`${ids.length} ids were ${verb} in one call in ${where}`);
    }
    for (const id of ids.filter((one) => spec.ignored.includes(one) && !handedOver.has(one))) {
      wrong.push(`${id} was ${verb} in ${where}, though it is ignored there`);
    }
    if (activates && this.deactivated) {
      wrong.push(`an activation in ${where} came after a deactivation`);
    }
    if (!activates) {
      wrong.push(...ids.filter((id) => kept.includes(id)).map((id) => `${id} was deactivated, though it is wanted`));
    }
    this.deactivated ||= !activates;
    return wrong;
  }
}
