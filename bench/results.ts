/** What is measured, in the order in which it happens to a stack. */
export const OPERATIONS = ["create", "no-op", "drift preview", "refresh", "rotation", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

export const SUBJECTS = ["package", "plain", "vendor"] as const;
export type SubjectId = (typeof SUBJECTS)[number];

/** One that is measured, or the reason why it is not. */
export interface SubjectResult {
  readonly id: SubjectId;
  readonly title: string;
  readonly missing?: string;
}

/** One operation of one subject. */
export interface Sample {
  readonly subject: SubjectId;
  readonly certificates: number;
  readonly latencyMs: number;
  readonly operation: Operation;
  readonly calls: number;
  readonly ms: number;
  /** The most that the provider process had resident; absent where the system does not tell. */
  readonly memoryBytes?: number;
}

/** The state file after create. */
export interface StateSize {
  readonly subject: SubjectId;
  readonly certificates: number;
  readonly bytes: number;
}

/** What importing an entry of the package takes on top of `@pulumi/pulumi`. */
export interface StartUp {
  readonly entry: string;
  readonly ms: number;
}

/** A refresh of many organizations with 50 certificates each. */
export interface Growth {
  /** `functions`: the provider's functions in one process; `engine`: `pulumi refresh` of one stack. */
  readonly by: "functions" | "engine";
  readonly organizations: number;
  readonly calls: number;
  readonly ms: number;
  readonly memoryBytes?: number;
  /** What the provider process had resident before the first read; where it was seen. */
  readonly baseBytes?: number;
  /** `pulumi up` of the same, from nothing; by the engine. */
  readonly createMs?: number;
}

/** One run of the benchmark. */
export interface Results {
  readonly environment: {
    readonly node: string;
    readonly pulumi: string;
    readonly cpus: number;
    readonly platform: string;
  };
  readonly subjects: readonly SubjectResult[];
  readonly samples: readonly Sample[];
  readonly states: readonly StateSize[];
  readonly startUps: readonly StartUp[];
  readonly growth: readonly Growth[];
}

/** How many certificates a rotation replaces. */
export function rotatedOf(certificates: number): number {
  return Math.max(1, Math.floor(certificates / 10));
}

/** The API's cap on an organization. */
export const MOST_CERTIFICATES = 50;
