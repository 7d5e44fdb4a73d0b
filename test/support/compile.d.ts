/** Compiles what runs once an operation of the engine. */
export function compile(): void;
/** A compiled file of this folder, by its name. */
export function compiled(name: "operate" | "pulumiHost"): string;
/** Environment with which every Node process below loads half of the Pulumi SDK. */
export function sparing(): { readonly NODE_OPTIONS: string };
