import { ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import { parsePem } from "../pem";
import type { Session } from "../session";
import { isUnknown, UNKNOWN } from "../unknown";
import { announcedAs, type Own, resolveAdoption } from "./adoption";
import { parsedOrThrow } from "./create";
import { noteFilter } from "./filter";
import { certificateInputs, observedState, toState } from "./properties";

/**
 * What is known of a certificate before it is created: everything but the id and the time of an upload. With `olds`, before
 * an update: another content would be a replacement, so what was observed of it stays, unless the content is not known yet.
 */
export async function previewCertificate(
  session: Session,
  news: Properties,
  olds?: Properties,
): Promise<{ id?: string; outs: Properties }> {
  if (olds !== undefined) {
    return { outs: { ...news, ...observedState(olds), ...openIn(news) } };
  }
  // Only a certificate that is known as a whole can be looked for.
  if ([news["certificate"], news["organization"], news["adopt"]].some(isUnknown)) {
    return { outs: { ...news, ...UNOBSERVED } };
  }
  const inputs = certificateInputs(news);
  const organization = session.organization(inputs.organization);
  const parsed = parsedOrThrow(parsePem(inputs.certificate), inputs.name);
  const { run } = organization;
  const isAlike = announcedAs(parsed, inputs.adopt, inputs.name);
  // What one certificate was told to take over, another one that is just like it will not.
  const isOwn: Own = (one) => isAlike(one) && !(one.adopts !== undefined && run.hasTold(one.adopts));
  const adoption = await resolveAdoption(organization, parsed, inputs.adopt, inputs.name, isOwn);
  if ("refused" in adoption) {
    throw new ProviderError(adoption.refused);
  }
  const { take } = adoption;
  const known = toState(organization, inputs, parsed, take ?? { ...NOTHING, name: inputs.name });
  if (take === undefined) {
    return { outs: { ...known, createdAt: UNKNOWN } };
  }
  run.tell(take.id);
  noteFilter(organization, take.id, inputs);
  return { id: take.id, outs: { ...known } };
}

/** What the values that are not known yet leave open of an existing certificate, which may be replaced because of them. */
function openIn({ certificate, organization }: Properties): Properties {
  if (isUnknown(certificate)) {
    return UNOBSERVED;
  }
  return isUnknown(organization) ? { createdAt: UNKNOWN, organizationId: UNKNOWN } : {};
}

const UNOBSERVED = { fingerprint: UNKNOWN, createdAt: UNKNOWN, validAt: UNKNOWN, expiresAt: UNKNOWN };

/** What the API has yet to say of an upload. */
const NOTHING = { id: "", createdAt: 0, validAt: undefined, expiresAt: undefined };
