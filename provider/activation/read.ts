import type { ListedCertificate } from "../api/wire";
import { ProviderError } from "../errors";
import type { Properties, ReadAnswer } from "../lifecycle";
import { redact } from "../redact";
import { rightOrganization, wrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { desired } from "./desired";
import { whoseOrganization } from "./observe";
import type { Scope } from "./scope";
import { type Before, inputsOf, toState } from "./state";

/** What is live, as state; with what the program listed as inputs, or where nothing is known of it, what is live. */
export function observed(
  session: Session,
  scope: Scope,
  at: Properties,
  until: Before | undefined,
  listed: readonly ListedCertificate[],
): Pick<ReadAnswer, "props" | "inputs"> {
  const whose = whoseOrganization(scope, until, listed);
  if (until !== undefined && whose.verdict !== "same") {
    session.log.warn(whose.question("It is kept in state as it was."));
    return { props: at, inputs: inputsOf(at) };
  }
  const { ignored } = desired(at);
  const live = listed.filter(({ id, active }) => active && !ignored.includes(id)).map(({ id }) => id);
  const inputs = until === undefined ? { ...at, certificateIds: live.sort() } : inputsOf(at);
  // Filled in only where one of the listed exists: that proves which organization it is.
  const isProved = until === undefined || until.listed.some((id) => listed.some((one) => one.id === id));
  const organizationId = isProved ? (scope.organization.id ?? until?.organizationId) : until?.organizationId;
  const { heldBack = [] } = until ?? {};
  // What somebody else has deactivated meanwhile is nothing that is left to do.
  const retiring = listed.filter(({ id, active }) => active && until?.retiring.includes(id)).map(({ id }) => id);
  const state = toState(inputs, { listed, heldBack, retiring, organizationId });
  return { props: state, inputs };
}

/** A project that is gone has no set; it is forgotten only where this is certainly the organization it was in. */
export function goneProject(
  session: Session,
  { label, organization }: Scope,
  at: Properties,
  until: Before | undefined,
  cause: unknown,
): ReadAnswer {
  if (until === undefined) {
    throw new ProviderError(
      `${organization.label} has no project ${redact(String(at["projectId"]))}. Is the id right, and does the admin key belong to the right organization?`,
      { cause },
    );
  }
  const evidence = organization.evidence(until.organizationId, false);
  if (rightOrganization(evidence) === "same") {
    return {};
  }
  session.log.warn(wrongOrganization(label, evidence, "It is kept in state."));
  return { id: String(at["projectId"]), props: at, inputs: inputsOf(at) };
}
