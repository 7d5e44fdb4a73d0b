import type { Properties } from "../lifecycle";
import type { Organization } from "../organization";
import type { ParsedCertificate } from "../pem";
import type { Coming } from "../run";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { count, quotedName } from "../words";
import { type Adoption, described, findTwins, NOT_ANNOUNCED, resolveAdoption } from "./adoption";
import { createRefusal } from "./create";
import { knownOrganization } from "./properties";

/** The API's limit for an organization, active or not. */
export const MOST_CERTIFICATES = 50;

export interface Announced {
  /** Why it could not be uploaded, which does not matter where an existing one is taken over. */
  readonly expired: string | undefined;
  /** See {@link Coming}. */
  readonly isCheckedAgain: boolean;
}

/** Finds out what creating this certificate will do, and says it; or answers why it cannot be created. */
export async function announce(
  session: Session,
  inputs: Properties,
  certificate: ParsedCertificate,
  { expired, isCheckedAgain }: Announced,
): Promise<string | undefined> {
  const organization = session.organization(knownOrganization(inputs));
  const wrong = createRefusal(organization, inputs["name"]);
  if (wrong !== undefined) {
    return wrong;
  }
  const { pem, fingerprint, validAt, expiresAt } = certificate;
  if (!isCheckedAgain) {
    organization.run.checkAgain(fingerprint);
    organization.run.held.release(String(inputs["name"]));
  }
  const name = String(inputs["name"]);
  const adopt = inputs["adopt"] as boolean | string | undefined;
  const adoption = await resolveAdoption(organization, certificate, adopt, name, NOT_ANNOUNCED);
  if ("refused" in adoption) {
    return adoption.refused;
  }
  if (adoption.take === undefined && expired !== undefined) {
    return expired;
  }
  const isHeldBack = adoption.take === undefined && inputs["celFilter"] !== undefined;
  const adopts = adoption.take?.id;
  organization.run.announce({ name, pem, fingerprint, validAt, expiresAt, adopt, adopts, isHeldBack, isCheckedAgain });
  if (adoption.take !== undefined) {
    return undefined;
  }
  const full = await capacityProblem(organization, name);
  if (full === undefined) {
    await warnOfLimit(session, organization, name);
    await warnOfTwins(session, organization, certificate, adoption, name);
  }
  return full;
}

/** Notes a certificate of which nobody can say yet whether it will be uploaded. */
export async function noteUndecided(session: Session, inputs: Properties): Promise<void> {
  if (isUnknown(inputs["organization"])) {
    return;
  }
  const organization = session.organization(knownOrganization(inputs));
  const name = String(inputs["name"]);
  organization.run.unread.add(name);
  await warnOfLimit(session, organization, name);
}

/**
 * Why this run would pass the API's limit. Deletions of this run give no credit: the engine makes them last, and a
 * replacement is created before the old certificate is deleted.
 */
async function capacityProblem(organization: Organization, name: string): Promise<string | undefined> {
  const { length: there } = await organization.seenBeforeRun();
  const uploads = uploadsOf(organization);
  if (there + uploads <= MOST_CERTIFICATES) {
    return undefined;
  }
  return (
    `${quotedName(name)} would be one upload too many: ${organization.label} has ${count(there, "certificate")} and may hold ` +
    `${MOST_CERTIFICATES}, and this run would upload ${count(uploads, "more certificate")} before it deletes any. ${makeRoom(there)}`
  );
}

/** The same where some certificates may turn out to be no upload: they may be as they are, or be adopted. */
async function warnOfLimit({ log }: Session, organization: Organization, name: string): Promise<void> {
  const open = organization.run.unread.size;
  if (open === 0) {
    return;
  }
  const { length: there } = await organization.seenBeforeRun();
  const uploads = uploadsOf(organization);
  if (there + uploads + open > MOST_CERTIFICATES) {
    log.warn(
      `${quotedName(name)} may be one upload too many, which up would refuse: ${organization.label} has ${count(there, "certificate")} ` +
        `and may hold ${MOST_CERTIFICATES}, and this run would upload up to ${count(uploads + open, "more certificate")} before it deletes ` +
        `any, as not all are known before the run. ${makeRoom(there)}`,
    );
  }
}

function uploadsOf({ run }: Organization): number {
  return run.coming.filter(({ adopts }) => adopts === undefined).length;
}

function makeRoom(there: number): string {
  const free = Math.max(0, MOST_CERTIFICATES - there);
  return free === 0
    ? "First delete certificates that are no longer needed, in a separate run; then add or replace"
    : `Add or replace at most ${free} in one run: leave this one as it is for now, and change it in the next run`;
}

/**
 * Never adopts without being told to; but says what an upload may be the copy of. Where the program declares the same
 * certificate under another name, somebody may have copied the declaration for a rotation and kept the old PEM.
 */
async function warnOfTwins(
  session: Session,
  organization: Organization,
  certificate: ParsedCertificate,
  adoption: Extract<Adoption, { take: unknown }>,
  name: string,
): Promise<void> {
  const because = "because" in adoption ? adoption.because : undefined;
  if (because !== undefined) {
    session.log.warn(`${because}: ${quotedName(name)} is uploaded instead`);
  }
  const { run } = organization;
  const siblings = run.coming.filter((one) => one.fingerprint === certificate.fingerprint).map((one) => one.name);
  for (const twin of await findTwins(organization, certificate)) {
    const holder = run.otherAdopter(twin.id, NOT_ANNOUNCED) ?? run.held.by(twin.id);
    if (holder !== undefined) {
      siblings.push(holder);
      continue;
    }
    session.log.warn(
      `${described(twin)} holds the same certificate as ${quotedName(name)}, which is to be uploaded. If it is left over from ` +
        `an interrupted run or was uploaded by hand, take it over with adopt: true (or adopt: "${twin.id}"), or delete it`,
    );
  }
  const sibling = siblings.find((one) => one !== name);
  if (sibling !== undefined && because === undefined) {
    session.log.warn(
      `${quotedName(name)} is uploaded with the same certificate as ${quotedName(sibling)} of this program: is its PEM the right ` +
        "one? A second copy accepts no clients beyond those of the first",
    );
  }
}
