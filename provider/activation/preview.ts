import type { Properties } from "../lifecycle";
import { UNKNOWN } from "../unknown";
import { desired, hasUnknown } from "./desired";
import { including } from "./observe";
import { plan } from "./plan";
import type { Scope } from "./scope";
import { situationOf } from "./situation";
import { type Before, retiringIds, toState, withActive } from "./state";

/**
 * What state will hold once the plan is carried out, from the list that check has looked at: with the observed set where
 * every id is known. For engines that ask in preview.
 *
 * @example (await previewActivation(scope, undefined, { certificateIds: ["cert_b", "cert_a"] }))["certificateIds"] // sorted
 */
export async function previewActivation(
  scope: Scope,
  before: Before | undefined,
  news: Properties,
): Promise<Properties> {
  if (hasUnknown(news)) {
    return unknownSet(news);
  }
  const wanted = desired(news);
  const listed = await including(scope, wanted, scope.look());
  const situation = await situationOf(scope, wanted, before, listed);
  const planned = plan(situation);
  const after = withActive(listed, new Set(planned.after));
  const { heldBack } = situation;
  const organizationId = scope.organization.id ?? before?.organizationId;
  return toState(news, { listed: after, heldBack, retiring: retiringIds(planned, before), organizationId });
}

/** What is known where the set is not. */
export function unknownSet(news: Properties): Properties {
  return { ...news, certificateIds: UNKNOWN, listedCertificateIds: news["certificateIds"] };
}
