import type { Transport } from "./program";

/** Both ways to the lifecycles, for suites of behaviour that are written once and run on each. */
export const TRANSPORTS: readonly Transport[] = ["dynamic", "native"];

/** Configuration keys of the classes' namespace `openai`, as this transport has them: the keys are the same. */
export function keysFor<V>(transport: Transport, config: Readonly<Record<string, V>>): Record<string, V> {
  const namespace = transport === "native" ? "openai-certificates:" : "openai:";
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^openai:/, namespace), value]));
}
