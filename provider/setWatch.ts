import type { ListedCertificate } from "./api/wire";

/** What somebody else did to a scope's active set while this run was under way. */
export interface ForeignChange {
  readonly certificate: ListedCertificate;
  readonly became: "activated" | "deactivated" | "deleted";
}

/**
 * The differences between two looks at one set that this run did not make. `own` are the ids that it has toggled, or tried
 * to: these prove nothing, as their answers may have been lost, or the list may be late.
 */
export function changedByOthers(
  before: readonly ListedCertificate[],
  after: readonly ListedCertificate[],
  own: ReadonlySet<string>,
): ForeignChange[] {
  const was = new Map(before.map((certificate) => [certificate.id, certificate]));
  const is = new Map(after.map((certificate) => [certificate.id, certificate]));
  const activated = after.filter(({ id, active }) => active && !was.get(id)?.active);
  const ended = before.filter(({ id, active }) => active && !is.get(id)?.active);
  const changes: ForeignChange[] = [
    ...activated.map((certificate) => ({ certificate, became: "activated" as const })),
    ...ended.map((certificate) => ({
      certificate,
      became: is.has(certificate.id) ? ("deactivated" as const) : ("deleted" as const),
    })),
  ];
  return changes.filter(({ certificate }) => !own.has(certificate.id));
}

/** Compares the list walks of one scope in one run, as they come; none is made for the comparison. */
export class SetWatch {
  /** What others have changed so far, in the order in which it was seen. */
  readonly changes: ForeignChange[] = [];
  private readonly own = new Set<string>();
  private last: readonly ListedCertificate[] | undefined;

  async during(walk: Promise<ListedCertificate[]>): Promise<ListedCertificate[]> {
    const { last } = this;
    const listed = await walk;
    // Of walks that overlap, neither is known to be the later one.
    if (this.last === last) {
      this.changes.push(...changedByOthers(last ?? listed, listed, this.own));
      this.last = listed;
    }
    return listed;
  }

  /** Notes what this run is about to activate or deactivate. */
  toggling(ids: readonly string[]): void {
    for (const id of ids) {
      this.own.add(id);
    }
  }
}
