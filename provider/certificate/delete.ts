import { ApiError, isNotFound } from "../api/errors";
import { backoffMs } from "../api/retry";
import { ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import type { Organization } from "../organization";
import { rightOrganization, WrongOrganization, wrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { named, quotedName } from "../words";
import type { CertificateState } from "./properties";

/**
 * Deletes an uploaded certificate. Never deactivates: a certificate in use is the user's to decide about. That it is gone
 * already is success, unless the answer came from another organization than the one in which it was seen last.
 */
export async function deleteCertificate(session: Session, id: string, props: Properties): Promise<void> {
  const { organization: name, organizationId, ...state } = props as unknown as CertificateState;
  const organization = session.organization(name);
  const what = named({ id, name: state.name });
  const holder = organization.run.held.by(id);
  if (holder !== undefined) {
    session.log.info(`${what} is not deleted: a resource of this program, ${quotedName(holder)}, holds it`);
    return;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await organization.delete(id);
      organization.evidence(organizationId, true);
      return;
    } catch (error) {
      if (isNotFound(error)) {
        const evidence = organization.evidence(organizationId, false);
        if (rightOrganization(evidence) === "other") {
          throw new WrongOrganization(wrongOrganization(what, evidence, "It is not deleted, and kept in state."));
        }
        return;
      }
      if (!(error instanceof ApiError && error.code === "certificate_in_use")) {
        throw error;
      }
      if (!organization.use.mayStillEnd(session.clock.now())) {
        throw await inUse(organization, { id, name: state.name }, error);
      }
      await session.clock.sleep(backoffMs(attempt, session.clock.random()));
    }
  }
}

/** The first one says where all certificates of the organization are active, and how to proceed; the others are brief. */
async function inUse(
  organization: Organization,
  certificate: { readonly id: string; readonly name: string },
  cause: ApiError,
): Promise<ProviderError> {
  const { holders, isFirst } = await organization.use.holders();
  const request = cause.requestId === undefined ? "" : `, request ${cause.requestId}`;
  const proceed = isFirst
    ? ` (${cause.status} certificate_in_use${request}). Run \`pulumi up\` with an activation that leaves it out, or set deactivateOnDelete: true ` +
      "on the activation and run `pulumi up` before you delete it; where another stack or a person activated it, deactivate it there. Then run again"
    : "";
  const error = new ProviderError(
    `${named(certificate)} is not deleted: it is still active in ${holders.where(certificate.id)}${proceed}`,
    { cause },
  );
  // The dynamic provider process prints the stack beside the engine's own error: the reason is said once.
  error.stack = `${named(certificate)} is not deleted`;
  return error;
}
