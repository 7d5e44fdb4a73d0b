import { isNotFound } from "../api/errors";
import { ProviderError } from "../errors";
import type { Properties, ReadAnswer } from "../lifecycle";
import type { Organization } from "../organization";
import { parseUploaded } from "../pem";
import { redact } from "../redact";
import { rightOrganization, wrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { named } from "../words";
import { parsedOrThrow } from "./create";
import { locate } from "./locate";
import { type CertificateState, certificateInputs, observedState, toState } from "./properties";

/** Refreshes what state holds; or, given nothing but an id (`Certificate.get`, an import), reads all of it. */
export function readCertificate(session: Session, id: string, props: Properties): Promise<ReadAnswer> {
  const organization = session.organization(props["organization"] as string | undefined);
  return typeof props["certificate"] === "string"
    ? refresh(session, organization, id, props)
    : readAnew(organization, id, props);
}

/** Forgets a certificate only where it is certain that this is the organization in which it was seen last. */
async function refresh(
  session: Session,
  organization: Organization,
  id: string,
  props: Properties,
): Promise<ReadAnswer> {
  const live = await locate(organization, id);
  const state = props as unknown as CertificateState;
  const inputs = { ...certificateInputs(props), name: live === undefined ? state.name : (live.name ?? "") };
  const evidence = organization.evidence(state.organizationId, live !== undefined);
  if (live === undefined) {
    const verdict = rightOrganization(evidence);
    if (verdict === "same") {
      return {};
    }
    const question = wrongOrganization(named({ id, name: state.name }), evidence, "It is kept in state.");
    if (verdict === "other") {
      organization.run.wrongOrganization = question;
    }
    session.log.warn(question);
  }
  const organizationId = live === undefined ? state.organizationId : (organization.id ?? state.organizationId);
  const observed = { ...observedState(props), ...(organizationId === undefined ? {} : { organizationId }) };
  return { id, props: { ...inputs, ...observed }, inputs: { ...inputs } };
}

async function readAnew(organization: Organization, id: string, asked: Properties): Promise<ReadAnswer> {
  try {
    const live = await organization.content(id);
    const parsed = parsedOrThrow(parseUploaded(live.content), live.id);
    const inputs = {
      certificate: parsed.pem,
      name: live.name ?? "",
      // As it was asked for: the organization may have been opened under another of its names.
      ...(typeof asked["organization"] === "string" ? { organization: asked["organization"] } : {}),
    };
    return { id, props: { ...toState(organization, inputs, parsed, live) }, inputs };
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw new ProviderError(
      `${organization.label} has no certificate ${redact(id)}. Is the id right, and does the admin key belong to the right organization?`,
    );
  }
}
