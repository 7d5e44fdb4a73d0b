import { ApiError } from "../api/errors";
import { backoffMs } from "../api/retry";
import type { CertificateInfo } from "../api/wire";
import type { Organization } from "../organization";
import type { ParsedCertificate } from "../pem";
import type { Session } from "../session";
import { describe, findTwins, sameContent } from "./adoption";

const MOST_ROUNDS = 5;

/**
 * Uploads a certificate exactly once. When the answer is lost, a look decides: a certificate with this name and content
 * that was not there before is the upload that went through; only where there is none is it sent again.
 */
export async function uploadOnce(
  session: Session,
  organization: Organization,
  certificate: ParsedCertificate,
  name: string,
): Promise<CertificateInfo> {
  await warnOfTwins(session, organization, certificate, name);
  for (let round = 1; ; round++) {
    try {
      return await organization.upload(name, certificate.pem);
    } catch (error) {
      if (!(error instanceof ApiError && error.lost)) {
        throw error;
      }
      await session.clock.sleep(backoffMs(round, session.clock.random()));
      const found = await findLostUpload(organization, certificate, name);
      if (found !== undefined) {
        session.log.info(`upload of ${JSON.stringify(name)}: its answer was lost, but it went through as ${found.id}`);
        return found;
      }
      if (round >= MOST_ROUNDS) {
        throw error;
      }
    }
  }
}

async function findLostUpload(
  organization: Organization,
  certificate: ParsedCertificate,
  name: string,
): Promise<CertificateInfo | undefined> {
  const before = new Set((await organization.seenBeforeRun()).map(({ id }) => id));
  const fresh = (await organization.lookAgain()).filter((listed) => listed.name === name && !before.has(listed.id));
  return (await sameContent(organization, certificate, fresh))[0];
}

async function warnOfTwins(
  session: Session,
  organization: Organization,
  certificate: ParsedCertificate,
  name: string,
): Promise<void> {
  for (const twin of await findTwins(organization, certificate)) {
    session.log.warn(
      `${describe(twin)} holds the same certificate as the upload of ${JSON.stringify(name)}. ` +
        `If it is left over from an interrupted run or was made by hand, take it over with adopt: "${twin.id}" (or adopt: true), or delete it`,
    );
  }
}
