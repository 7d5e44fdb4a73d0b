/**
 * Which resource holds which certificate, as far as this process knows: it holds deletions back and refuses, no more. Of all
 * organizations together, because ids are unique and names are not.
 */
export class Held {
  private readonly taken = new Map<string, string>();
  private readonly kept = new Map<string, string>();

  /** A create of this process has taken it, by upload or adoption. */
  take(id: string, name: string): void {
    this.taken.set(id, name);
  }

  /** It is in state as the program declares it. Answers the name of another resource of which that is true as well. */
  keep(id: string, name: string): string | undefined {
    const other = this.kept.get(id);
    this.kept.set(id, name);
    return other === name ? undefined : other;
  }

  /** A first creation's check by this name: the engine may replace what diff has found unchanged (replaceOnChanges). */
  release(name: string): void {
    for (const [id, holder] of this.kept) {
      if (holder === name) {
        this.kept.delete(id);
      }
    }
  }

  /** The name of the resource that holds it. */
  by(id: string): string | undefined {
    return this.taken.get(id) ?? this.kept.get(id);
  }
}
