import { isNotFound } from "../api/errors";
import type { CertificateInfo } from "../api/wire";
import { ProviderError } from "../errors";
import type { Properties } from "../lifecycle";
import type { Organization } from "../organization";
import { type ParsedCertificate, type ParsedPem, parsePem } from "../pem";
import { WrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { named, quotedName } from "../words";
import { resolveAdoption } from "./adoption";
import { noteFilter } from "./filter";
import { type CertificateInputs, certificateInputs, toState } from "./properties";
import { uploadOnce } from "./upload";

/** Uploads a certificate, or takes over the one that `adopt` finds. */
export async function createCertificate(session: Session, news: Properties): Promise<{ id: string; outs: Properties }> {
  const inputs = certificateInputs(news);
  const organization = session.organization(inputs.organization);
  const parsed = parsedOrThrow(parsePem(inputs.certificate), inputs.name);
  // In turn for each certificate: of two parallel uploads of one DER, a lost answer could not be told from the other's.
  const created = await organization.inTurn(parsed.fingerprint, async () => {
    const wrong = createRefusal(organization, inputs.name);
    if (wrong !== undefined) {
      throw new WrongOrganization(wrong);
    }
    const info = await adoptOrUpload(session, organization, inputs, parsed);
    organization.run.held.take(info.id, inputs.name);
    organization.declare(info.id, parsed.pem);
    return info;
  });
  noteFilter(organization, created.id, inputs);
  return { id: created.id, outs: { ...toState(organization, inputs, parsed, created) } };
}

/** Why nothing must be created: another resource of this run has found the key to be another organization's. */
export function createRefusal({ run }: Organization, name: unknown): string | undefined {
  const { wrongOrganization: reason } = run;
  return reason === undefined ? undefined : `${quotedName(name)} is not uploaded, because ${reason}`;
}

async function adoptOrUpload(
  session: Session,
  organization: Organization,
  inputs: CertificateInputs,
  parsed: ParsedCertificate,
): Promise<CertificateInfo> {
  const adoption = await resolveAdoption(organization, parsed, inputs.adopt, inputs.name);
  if ("refused" in adoption) {
    throw new ProviderError(adoption.refused);
  }
  const { take } = adoption;
  const taken = take && (await takeOver(organization, take, inputs.name));
  if (taken !== undefined) {
    return taken;
  }
  if (take !== undefined) {
    session.log.warn(`${named(take)} was deleted during this run: ${quotedName(inputs.name)} is uploaded instead`);
  }
  return uploadOnce(session, organization, parsed, inputs.name);
}

/** Asks for it once more, because it was found in what the run has seen before; undefined where it is gone. */
async function takeOver(
  organization: Organization,
  { id, name: present }: CertificateInfo,
  name: string,
): Promise<CertificateInfo | undefined> {
  try {
    return await (present === name ? organization.api.retrieve(id) : organization.rename(id, name));
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    return undefined;
  }
}

export function parsedOrThrow(parsed: ParsedPem, name: string): ParsedCertificate {
  if ("problem" in parsed) {
    throw new ProviderError(`certificate of ${name} ${parsed.problem}`);
  }
  return parsed.certificate;
}
