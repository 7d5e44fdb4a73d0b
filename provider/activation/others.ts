import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import type { ForeignChange } from "../setWatch";
import { activationInputs } from "./inputs";
import { describeAnchor } from "./refusals";
import type { Scope } from "./scope";
import { managedBy } from "./state";

/**
 * Warns where somebody else changed a set while this run was at it. An exclusive activation answers for all that is not
 * ignored; of an additive one, what others activate is none of its business.
 */
export function warnOfOthers({ log }: Session, scope: Scope, olds: Properties, news: Properties): void {
  const { wanted, exclusive, ignored } = activationInputs(news);
  const own = new Set([...wanted, ...(managedBy(olds) ?? [])]);
  const changes = scope
    .changedByOthers()
    .filter(({ certificate: { id } }) => (exclusive ? !ignored.includes(id) : own.has(id)));
  if (changes.length > 0) {
    log.warn(anotherWriter(scope.label, changes));
  }
}

function anotherWriter(label: string, changes: readonly ForeignChange[]): string {
  const seen = changes.map(({ certificate, became }) => `${describeAnchor(certificate)} was ${became}`).join("; ");
  return (
    `another writer changed the active set of ${label} during this run: ${seen}. This run goes by the set as it found it last. ` +
    "Let one pipeline or person at a time change the set, or set exclusive: false where several manage it"
  );
}
