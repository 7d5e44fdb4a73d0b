import type { Properties } from "../lifecycle";
import type { Session } from "../session";
import { noteFilter } from "./filter";
import { certificateInputs, observedState } from "./properties";

/** Renames a certificate; everything else that can change without a replacement is kept in state alone. */
export async function updateCertificate(
  session: Session,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Properties }> {
  const inputs = certificateInputs(news);
  const organization = session.organization(inputs.organization);
  if (inputs.name !== olds["name"]) {
    await organization.rename(id, inputs.name);
  }
  noteFilter(organization, id, inputs);
  const organizationId = organization.id ?? observedState(olds).organizationId;
  return {
    outs: { ...inputs, ...observedState(olds), ...(organizationId === undefined ? {} : { organizationId }) },
  };
}
