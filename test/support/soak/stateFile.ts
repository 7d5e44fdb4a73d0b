import type { Properties } from "../../../provider/lifecycle";

export type Kind = "certificate" | "activation" | "project";

/** One resource as Pulumi's state file holds it. */
export interface Stored {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  inputs: Properties;
  outputs: Properties;
  readonly dependsOn: readonly string[];
  /** Why its last create or update stopped half way. */
  initErrors?: readonly string[];
  /** Replaced already, to be deleted at the end of this run or of a later one. */
  pendingDelete?: boolean;
}

/** A stack's state file: what is in it survives the process. */
export class StateFile {
  resources: Stored[] = [];

  /** The resource of a name, but for copies that wait to be deleted. */
  get(name: string): Stored | undefined {
    return this.resources.find((one) => one.name === name && one.pendingDelete !== true);
  }

  add(stored: Stored): void {
    this.resources.push(stored);
  }

  remove(stored: Stored): void {
    this.resources = this.resources.filter((one) => one !== stored);
  }
}
