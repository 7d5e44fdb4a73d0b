const LONGEST = 60;
/** Names that Windows keeps for devices, whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Names for files and resources, made from what people typed: ASCII letters, digits, `.`, `_` and `-` only, never empty,
 * no path, and different from each other where upper and lower case are the same (macOS, Windows).
 */
export class Names {
  private readonly taken = new Set<string>();

  /** A name like the first of `wishes` that leaves anything of itself. */
  take(...wishes: readonly string[]): string {
    const wish = wishes.map(slugOf).find((slug) => slug !== "") ?? "unnamed";
    for (let number = 1; ; number++) {
      const name = number === 1 ? wish : `${wish}-${number}`;
      const key = name.toLowerCase();
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return name;
    }
  }
}

function slugOf(text: string): string {
  const slug = text
    .slice(0, 4 * LONGEST)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/\.{2,}/g, ".");
  const inner = trimmed(trimmed(slug).slice(0, LONGEST));
  return DEVICE.test(inner) ? `anchor-${inner}` : inner;
}

function trimmed(slug: string): string {
  return slug.replace(/^[._-]+/, "").replace(/[._-]+$/, "");
}
