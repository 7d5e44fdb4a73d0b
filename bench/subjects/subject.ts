import type { SubjectId } from "../results";

/** `plan` is the check for drift: it refreshes, changes nothing, and fails where there is any. */
export type Action = "apply" | "plan" | "refresh" | "destroy";

/** PEM by name. */
export type Certificates = Readonly<Record<string, string>>;

export interface Timed {
  readonly ms: number;
  readonly memoryBytes?: number;
}

/** Where one subject manages one organization, from nothing. */
export interface Workplace {
  /** Throws where the operation fails. */
  run(action: Action, certificates: Certificates): Promise<Timed>;
  stateBytes(): number;
  close(): void;
}

/** A way to manage certificates as code. */
export interface Subject {
  readonly id: SubjectId;
  readonly title: string;
  /** Whether it manages the active set, too. */
  readonly activates: boolean;
  open(api: { readonly url: string; readonly adminKey: string }): Workplace;
}
