import { ApiError } from "../api/errors";
import { backoffMs } from "../api/retry";
import type { CertificateInfo } from "../api/wire";
import { ProviderError } from "../errors";
import type { Organization } from "../organization";
import type { ParsedCertificate } from "../pem";
import type { Session } from "../session";
import { sameContent } from "./adoption";

const MOST_ROUNDS = 5;

/**
 * Uploads a certificate exactly once. When the answer is lost, the list decides: a certificate with this name and content
 * that was not there before is the upload that went through; only where there is none is it sent again.
 */
export async function uploadOnce(
  session: Session,
  organization: Organization,
  certificate: ParsedCertificate,
  name: string,
): Promise<CertificateInfo> {
  for (let round = 1; ; round++) {
    try {
      return await organization.upload(name, certificate.pem);
    } catch (error) {
      if (!(error instanceof ApiError && error.lost)) {
        throw error;
      }
      // An interrupted run waits no longer, but still looks: what went through without an id would be in no state.
      const interrupted = await session.clock.sleep(backoffMs(round, session.clock.random())).then(
        () => false,
        () => true,
      );
      const found = await findLostUpload(organization, certificate, name).catch((look: Error) => {
        throw unknownWhetherUploaded(
          name,
          error,
          `listing the certificates failed: ${look.message.replace(/\.$/, "")}`,
        );
      });
      if (found !== undefined) {
        session.log.info(`upload of ${JSON.stringify(name)}: its answer was lost, but it went through as ${found.id}`);
        return found;
      }
      if (interrupted) {
        throw unknownWhetherUploaded(name, error, "it was not listed yet when the run was interrupted");
      }
      if (round >= MOST_ROUNDS) {
        throw unknownWhetherUploaded(name, error, `it was not listed after ${MOST_ROUNDS} attempts`);
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

/** Nothing can be saved without an id, so the user has to know that the next run could upload a second one. */
function unknownWhetherUploaded(name: string, upload: ApiError, because: string): ProviderError {
  return new ProviderError(
    `upload of ${JSON.stringify(name)}: it may have been uploaded, but the answer was lost, and ${because}. ${upload.message} ` +
      "Set adopt: true on this certificate before the next run: it takes over what is there, and uploads only where nothing is",
    { cause: upload },
  );
}
