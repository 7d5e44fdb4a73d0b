import type { Organization } from "../organization";
import { isUnknown } from "../unknown";
import type { CelFilter } from "./properties";

/** Whether it cannot be said before the run what the filter is, or whether it is attached. */
export function isFilterUnknown(filter: CelFilter | undefined): boolean {
  return [filter, filter?.expression, filter?.attachedTo].some(isUnknown);
}

/** Tells this run's activations whether the certificate behind an id may be activated yet: once a person has attached the filter. */
export function noteFilter(
  { run }: Organization,
  id: string,
  { celFilter }: { readonly celFilter?: CelFilter | undefined },
): void {
  if (isFilterUnknown(celFilter)) {
    return;
  }
  run.filters.set(id, celFilter && { expression: celFilter.expression, isAttached: celFilter.attachedTo === id });
}
