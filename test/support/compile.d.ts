/** Compiles what runs once an operation of the engine. */
export function compile(): void;
/** The compiled operate.ts. */
export function compiledOperate(): string;
