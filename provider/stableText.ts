/** A value as text that does not depend on the order of keys, which the engine's own maps do not have; `without`: keys left out. */
export function stableText(value: unknown, without?: string): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === without) {
      return undefined;
    }
    const isMap = inner !== null && typeof inner === "object" && !Array.isArray(inner);
    return isMap ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner;
  });
}
