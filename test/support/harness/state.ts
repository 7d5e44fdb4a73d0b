import type { Properties } from "../../../provider/lifecycle";
import type { Kind } from "./program";

/** One resource as Pulumi's state file holds it. */
export interface Stored {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  readonly provider: 0 | 1;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly dependsOn: readonly string[];
  /** Whether its last create or update stopped half way. */
  readonly isPartial?: boolean;
  /** Replaced already, to be deleted at the end of this run or of a later one. */
  readonly isOld?: boolean;
}

/** The ids that an activation in state lists as the program's own, with those that it has yet to deactivate. */
export function listedIn({ outputs, inputs }: Pick<Stored, "outputs" | "inputs">): string[] {
  const listed = outputs["listedCertificateIds"] ?? outputs["certificateIds"] ?? inputs["certificateIds"];
  const retiring = outputs["retiringCertificateIds"] ?? [];
  return [...(listed as readonly string[]), ...(retiring as readonly string[])];
}

/** A stack's state: what is in it survives the process. Resources are values: a change puts another in place. */
export class StateFile {
  constructor(public resources: readonly Stored[] = []) {}

  get(name: string): Stored | undefined {
    return this.resources.find((one) => one.name === name && one.isOld !== true);
  }

  add(stored: Stored): Stored {
    this.resources = [...this.resources, stored];
    return stored;
  }

  remove(stored: Stored): void {
    this.resources = this.resources.filter((one) => one !== stored);
  }

  replace(stored: Stored, by: Partial<Stored>): Stored {
    const changed = { ...stored, ...by };
    this.resources = this.resources.map((one) => (one === stored ? changed : one));
    return changed;
  }
}
