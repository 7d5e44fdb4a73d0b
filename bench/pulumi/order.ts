/** What a program declares for one organization, all of it active. */
export interface Declared {
  /** As configured; undefined for the default one. */
  readonly organization?: string;
  /** PEM by name. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** One operation of Pulumi, for a process of its own. */
export interface Order {
  readonly operation: "up" | "preview" | "refresh" | "destroy";
  /** The path of a module that exports `declare(declared: Declared[])`. */
  readonly program: string;
  readonly workDir: string;
  readonly declared: readonly Declared[];
  readonly config: Readonly<Record<string, { readonly value: string; readonly secret?: boolean }>>;
}

export interface Report {
  /** From the start of the process to the end of the operation, the selection of the stack left out. */
  readonly ms: number;
  /** Why the operation failed. */
  readonly error?: string;
}
