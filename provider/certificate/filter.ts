import type { Organization } from "../organization";
import type { CelFilter, CertificateInputs } from "./properties";

/** Whether a person says that the declared filter is attached to this id. */
export function isAttached(filter: CelFilter, id: string): boolean {
  return filter.attachedTo === id;
}

/** Tells this run's activations whether the certificate behind an id may be activated yet. */
export function noteFilter(
  { run }: Organization,
  id: string,
  { celFilter }: Pick<CertificateInputs, "celFilter">,
): void {
  run.filters.set(id, celFilter && { expression: celFilter.expression, isAttached: isAttached(celFilter, id) });
}
