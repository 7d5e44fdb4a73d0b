/**
 * One list walk shared by everybody who asks in one run of the engine.
 *
 * A refresh reads every certificate, and every diff looks at the live set; a list call answers them all. A walk is shared
 * for as long as it tells the truth: writes of this process end that. A walk that began before a write, or while one was
 * under way, is never served to somebody whom that write concerns.
 */
export class SharedList<T> {
  private walk:
    | { readonly items: Promise<T[]>; readonly began: number; readonly epoch: number; quiet: boolean }
    | undefined;

  constructor(
    private readonly fetch: () => Promise<T[]>,
    private readonly writes: Writes,
    private readonly now: () => number,
  ) {}

  /**
   * The list as seen at most `maxAgeMs` ago. With `concerning`, only writes to that certificate make a walk too old:
   * a write to one certificate says nothing about another one's name or existence.
   */
  look(options: { readonly maxAgeMs: number; readonly concerning?: string }): Promise<T[]> {
    const { walk } = this;
    if (walk !== undefined && this.isYoung(walk, options.maxAgeMs) && this.isTrue(walk, options.concerning)) {
      return walk.items;
    }
    return this.refetch();
  }

  /** A clock that was set back tells nothing about a walk's age. */
  private isYoung(walk: { began: number }, maxAgeMs: number): boolean {
    const age = this.now() - walk.began;
    return age >= 0 && age <= maxAgeMs;
  }

  private isTrue(walk: { epoch: number; quiet: boolean }, id: string | undefined): boolean {
    return id === undefined
      ? walk.quiet && this.writes.epoch === walk.epoch
      : !this.writes.touchedSince(id, walk.epoch) && !this.writes.touching(id);
  }

  private refetch(): Promise<T[]> {
    const items = this.fetch();
    const walk = { items, began: this.now(), epoch: this.writes.epoch, quiet: this.writes.idle };
    this.walk = walk;
    items.catch(() => {
      // A failed walk is told to those who waited for it, and to nobody after them.
      if (this.walk === walk) {
        this.walk = undefined;
      }
    });
    return items;
  }
}

/** The writes of this process to one organization, for the walks that they make untrue. */
export class Writes {
  /** Counts the beginnings and the ends of writes. */
  epoch = 0;
  private underWay = 0;
  private readonly touched = new Map<string, number>();
  private readonly touchingNow = new Map<string, number>();

  get idle(): boolean {
    return this.underWay === 0;
  }

  /** Runs a write; `ids` are the existing certificates it concerns. */
  async during<R>(ids: readonly string[], write: () => Promise<R>): Promise<R> {
    this.underWay++;
    this.mark(ids, 1);
    try {
      return await write();
    } finally {
      this.underWay--;
      this.mark(ids, -1);
    }
  }

  touching(id: string): boolean {
    return (this.touchingNow.get(id) ?? 0) > 0;
  }

  touchedSince(id: string, epoch: number): boolean {
    return (this.touched.get(id) ?? 0) > epoch;
  }

  private mark(ids: readonly string[], step: 1 | -1): void {
    this.epoch++;
    for (const id of ids) {
      this.touched.set(id, this.epoch);
      this.touchingNow.set(id, (this.touchingNow.get(id) ?? 0) + step);
    }
  }
}
