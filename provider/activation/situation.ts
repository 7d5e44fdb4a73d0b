import type { ListedCertificate } from "../api/wire";
import type { Properties } from "../lifecycle";
import type { PendingUpload } from "../organization";
import type { ActivationInputs } from "./inputs";
import type { Situation } from "./plan";
import type { Scope } from "./scope";
import { isExclusive, managedBy } from "./state";

/** A situation as one resource sees it in one run. */
export interface Seen extends Situation {
  /** Uploads announced in this run, which unknown ids may stand for. */
  readonly pending: readonly PendingUpload[];
  /** How many of the unknown ids no Certificate of this run stands for: they may be live already. In preview only. */
  readonly unexplained: number;
  /** Whether this resource answered for the whole set before (an exclusive activation already in state). */
  readonly wasExclusive: boolean;
  /** Live and not wanted any more, but left alone because the resource stops being exclusive with this change. */
  readonly leftAlone: readonly string[];
}

/** `olds` are the resource's properties until now; empty on create. */
export function situationOf(
  { organization, held }: Scope,
  inputs: ActivationInputs,
  olds: Properties,
  listed: readonly ListedCertificate[],
): Seen {
  const pending = [...organization.pendingUploads.values()];
  // An id that is unknown in preview may turn out to be one that a Certificate of this run adopts.
  const adopted = inputs.unknown === 0 ? [] : [...organization.pendingAdoptions];
  const announced = pending.length + adopted.length;
  const isExplained = inputs.unknown > 0 && inputs.unknown === announced;
  const live = listed.filter(({ active }) => active);
  const managed = managedBy(olds);
  const wasExclusive = managed !== undefined && isExclusive(olds);
  const becomesAdditive = wasExclusive && !inputs.exclusive;
  const wanted = isExplained ? [...new Set([...inputs.wanted, ...adopted])] : inputs.wanted;
  const isLeft = (id: string) => !wanted.includes(id) && !inputs.ignored.includes(id);
  return {
    wanted,
    unknown: isExplained ? pending.length : inputs.unknown,
    live,
    exclusive: inputs.exclusive,
    ignored: isExplained ? inputs.ignored : [...inputs.ignored, ...adopted],
    // What was live under an exclusive activation may, after a refresh, be others' anchors: they are to be left alone.
    managed: becomesAdditive ? [] : managed,
    held: [...held],
    pending,
    unexplained: Math.max(0, inputs.unknown - announced),
    wasExclusive,
    leftAlone: becomesAdditive ? live.map(({ id }) => id).filter(isLeft) : [],
  };
}
