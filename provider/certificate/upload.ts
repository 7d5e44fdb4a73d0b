import { ApiError } from "../api/errors";
import { backoffMs } from "../api/retry";
import type { CertificateInfo } from "../api/wire";
import { ProviderError } from "../errors";
import type { Organization } from "../organization";
import type { ParsedCertificate } from "../pem";
import type { Session } from "../session";
import { count, quotedName, withoutStop } from "../words";
import { described, sameContent } from "./adoption";

const MOST_ROUNDS = 5;

/**
 * Uploads a certificate. When the answer is lost, the list decides: a certificate with this name and content that was not
 * there before is the upload that went through; only where there is none is it sent again. As an upload may show in the list
 * later than that, an upload that was sent again looks once more in the end, and names every copy.
 */
export async function uploadOnce(
  session: Session,
  organization: Organization,
  certificate: ParsedCertificate,
  name: string,
): Promise<CertificateInfo> {
  // A list that fails is not an upload whose answer was lost.
  await organization.seenBeforeRun();
  for (let round = 1; ; round++) {
    try {
      const uploaded = await organization.upload(name, certificate.pem);
      if (round > 1) {
        // Whatever that answers, there is an id now, which must reach state.
        const copies = await newCopies(organization, certificate, uploaded.id).catch(() => []);
        tellCopies(session, name, { own: uploaded.id, copies, lost: round - 1 });
      }
      return uploaded;
    } catch (error) {
      if (!(error instanceof ApiError && error.lost)) {
        throw error;
      }
      // An interrupted run waits no longer, but still looks: what went through without an id would be in no state.
      const interrupted = await session.clock.sleep(backoffMs(round, session.clock.random())).then(
        () => false,
        () => true,
      );
      const found = await newCopies(organization, certificate).catch((look: Error) => {
        throw unknownWhetherUploaded(name, error, `listing the certificates failed: ${withoutStop(look)}`);
      });
      const own = found.find((one) => one.name?.trim() === name.trim());
      if (own !== undefined) {
        session.log.info(`upload of ${quotedName(name)}: its answer was lost, but it went through as ${own.id}`);
        tellCopies(session, name, { own: own.id, copies: found.filter((one) => one !== own), lost: round - 1 });
        return own;
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

/** Certificates with this content that were not there before the run, and that no other resource has. */
async function newCopies(
  organization: Organization,
  certificate: ParsedCertificate,
  own?: string,
): Promise<CertificateInfo[]> {
  const before = new Set((await organization.seenBeforeRun()).map(({ id }) => id));
  const isTheirs = (id: string) => before.has(id) || organization.run.held.by(id) !== undefined;
  const fresh = (await organization.lookAgain()).filter(({ id }) => id !== own && !isTheirs(id));
  return sameContent(organization, certificate, fresh);
}

interface Copies {
  readonly own: string;
  readonly copies: readonly CertificateInfo[];
  /** How many attempts, besides the one that went through, lost their answer. */
  readonly lost: number;
}

/** What went through late is in no state, so that no later run would name it but as a twin of something new. */
function tellCopies({ log }: Session, name: string, { own, copies, lost }: Copies): void {
  for (const copy of copies) {
    log.warn(
      `${described(copy)} holds the same certificate as ${quotedName(name)}, which is ${own} now: it was uploaded during this run, ` +
        "probably by an attempt whose answer was lost. Delete it, unless someone else uploaded it",
    );
  }
  const missing = lost - copies.length;
  if (missing > 0) {
    log.info(
      `upload of ${quotedName(name)}: it went through as ${own} after ${count(missing, "attempt")} whose answer was lost. ` +
        "If one of them was carried out late, a copy may still appear: `openai-certificates report` shows it as a duplicate",
    );
  }
}

/** Nothing can be saved without an id, so the user has to know that the next run could upload a second one. */
function unknownWhetherUploaded(name: string, upload: ApiError, because: string): ProviderError {
  return new ProviderError(
    `upload of ${quotedName(name)}: it may have been uploaded, but the answer was lost, and ${because}. ${upload.message} ` +
      "Set adopt: true on this certificate before the next run: it takes over what is there, and uploads only where nothing is",
    { cause: upload },
  );
}
