import { isNotFound } from "../api/errors";
import type { CertificateInfo } from "../api/wire";
import type { Organization } from "../organization";

/**
 * A certificate by the shared list. That it is missing there is confirmed by a call of its own: state is dropped and
 * anchors are replaced on this answer.
 */
export async function locate(organization: Organization, id: string): Promise<CertificateInfo | undefined> {
  const listed = await organization.find(id);
  if (listed !== undefined) {
    return listed;
  }
  try {
    return await organization.api.retrieve(id);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
