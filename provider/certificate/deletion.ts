import { ApiError, isNotFound } from "../api/errors";
import { backoffMs } from "../api/retry";
import { ProviderError } from "../errors";
import type { Organization } from "../organization";
import type { Session } from "../session";

/** A deactivation may take a moment to show; about eight seconds in all. */
const MOST_TRIES = 5;

/** Deletes an uploaded certificate. Never deactivates: a certificate in use is the user's to decide about. */
export async function deleteCertificate(session: Session, organization: Organization, id: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await organization.delete(id);
    } catch (error) {
      if (isNotFound(error)) {
        return;
      }
      if (!(error instanceof ApiError && error.code === "certificate_in_use")) {
        throw error;
      }
      if (attempt === MOST_TRIES) {
        throw await inUse(organization, id, error);
      }
      await session.clock.sleep(backoffMs(attempt, session.clock.random()));
    }
  }
}

async function inUse(organization: Organization, id: string, cause: ApiError): Promise<ProviderError> {
  const holders = await findHolders(organization, id);
  const where =
    holders.length === 0
      ? "somewhere that the lists of the organization and its projects do not show"
      : holders.join(", ");
  const request = cause.requestId === undefined ? "" : ` (request ${cause.requestId})`;
  return new ProviderError(
    `cannot delete ${id}: 400 certificate_in_use${request}. It is still active in ${where}. ` +
      "Take it out of the activation that holds it (a CertificateActivation or ProjectCertificateActivation in the code that manages that scope), " +
      "or deactivate it there by hand, then run again",
    { cause },
  );
}

/** Where a certificate is active: the organization, and each project by id and name. Costs a list call a project. */
async function findHolders(organization: Organization, id: string): Promise<string[]> {
  const isActive = (listed: readonly { id: string; active: boolean }[]) =>
    listed.some((certificate) => certificate.id === id && certificate.active);
  const holders = isActive(await organization.lookAgain()) ? [organization.label] : [];
  for (const project of await organization.api.listProjects()) {
    if (isActive(await organization.lookAgain(project.id))) {
      holders.push(`project ${project.id} ${JSON.stringify(project.name)}`);
    }
  }
  return holders;
}
