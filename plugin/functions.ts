import { ProviderError } from "../provider/errors";
import type { Properties } from "../provider/lifecycle";
import type { Session } from "../provider/session";
import { findCertificate, listCertificates } from "../sdk/lookup/find";
import { token } from "./schema/types";

/**
 * Calls a function of the package. A list that this run has fetched is shared; every write of the run ends that, so a
 * function that waits for a resource sees it.
 */
export async function call(session: Session, called: string, args: Properties): Promise<Properties> {
  const organization = session.organization(args["organization"] as string | undefined);
  switch (called) {
    case token("getCertificate"):
      return { ...(await findCertificate(organization, oneOf(args), "shared")) };
    case token("getCertificates"):
      return { certificates: await listCertificates(organization, args["active"] as boolean | undefined, "shared") };
    default:
      throw new ProviderError(`this version of the plugin has no function ${called}`);
  }
}

function oneOf({ id, name }: Properties): { id: string } | { name: string } {
  if (typeof id === "string" && id !== "" && name === undefined) {
    return { id };
  }
  if (typeof name === "string" && name !== "" && id === undefined) {
    return { name };
  }
  throw new ProviderError("getCertificate: give either an id or a name, as a non-empty string");
}
