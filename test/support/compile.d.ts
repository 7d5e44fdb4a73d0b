/** Compiles what runs once an operation of the engine. */
export function compile(): void;
/** A compiled file of this folder, by its name. */
/** Compiles what runs once an operation of the engine. */
export function compiled(name: "operate" | "pulumiHost"): string;
