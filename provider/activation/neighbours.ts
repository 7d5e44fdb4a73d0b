import type { Organization } from "../organization";
import type { ActivationInputs } from "./inputs";

/** What the activations of one organization know of each other in one run. */
export class Neighbours {
  /** What the organization's set is going to be, as far as an exclusive activation of this run has planned it. */
  planned: readonly string[] | undefined;
  /** Client chains that projects without a set of their own require: the organization's set decides for these. */
  readonly relying = new Map<string, readonly string[]>();
  private readonly declared = new Map<string, Declared[]>();

  /** Ids that one of two activations of a scope wants and the other, being exclusive, would deactivate in every run. */
  clashes(scope: string, inputs: ActivationInputs): string[] {
    const others = this.declared.get(scope) ?? [];
    return [...new Set(others.flatMap((other) => [...undone(inputs, other), ...undone(other, inputs)]))];
  }

  declare(scope: string, inputs: ActivationInputs): void {
    this.declared.set(scope, [...(this.declared.get(scope) ?? []), inputs]);
  }
}

type Declared = Pick<ActivationInputs, "exclusive" | "wanted" | "ignored">;

function undone(by: Declared, of: Declared): string[] {
  return by.exclusive ? of.wanted.filter((id) => !by.wanted.includes(id) && !by.ignored.includes(id)) : [];
}

const known = new WeakMap<Organization, Neighbours>();

/** An organization lives as long as a run of the engine does. */
export function neighboursOf(organization: Organization): Neighbours {
  const neighbours = known.get(organization) ?? new Neighbours();
  known.set(organization, neighbours);
  return neighbours;
}
