import { anchorWarnings, filterProblem } from "../clients";
import { DAY_MS, day } from "../clock";
import type { CheckAnswer, Properties } from "../lifecycle";
import { refusal } from "../lifecycle";
import { type ParsedCertificate, parsePem } from "../pem";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { quotedName } from "../words";
import { announce, noteUndecided } from "./announce";
import { isFilterUnknown } from "./filter";
import { type CelFilter, knownOrganization, shapeProblems } from "./properties";

/** The API refuses certificates that expire within a day (`expired_certificate`). */
const LEAST_MS = DAY_MS;
const WARN_MS = 30 * DAY_MS;

/**
 * Refuses what cannot work before anything is sent, and makes the PEM canonical, so that white space, line endings and
 * comments around it never count as a change.
 */
export async function checkCertificate(session: Session, olds: Properties, news: Properties): Promise<CheckAnswer> {
  const failures = shapeProblems(news);
  const problem = isUnknown(news["organization"]) ? undefined : session.problem(knownOrganization(news));
  if (problem !== undefined && failures.length === 0) {
    failures.push(refusal(problem));
  }
  const text = news["certificate"];
  if (typeof text !== "string" || isUnknown(text)) {
    if (failures.length === 0) {
      await noteUndecided(session, news);
      sayUnknown(session, olds, news);
      session.checked.add(news);
    }
    return { inputs: news, failures };
  }
  const parsed = parsePem(text);
  if ("problem" in parsed) {
    return { inputs: news, failures: [...failures, refusal(`certificate ${parsed.problem}`)] };
  }
  const { certificate } = parsed;
  const inputs = { ...news, certificate: certificate.pem };
  if (failures.length > 0) {
    return { inputs, failures };
  }
  const before = fingerprintBefore(olds["certificate"], certificate);
  const refused = await refusalOf(session, before, inputs, certificate);
  if (refused !== undefined) {
    return { inputs, failures: [refusal(refused)] };
  }
  sayUnknown(session, olds, inputs);
  warn(session, inputs, certificate, before !== certificate.fingerprint);
  session.checked.add(inputs);
  if (before === certificate.fingerprint) {
    session.expected.expect(inputs);
  }
  return { inputs, failures: [] };
}

async function refusalOf(
  session: Session,
  before: string | undefined,
  inputs: Properties,
  certificate: ParsedCertificate,
): Promise<string | undefined> {
  const filter = await filterRefusal(inputs["celFilter"]);
  if (filter !== undefined || before === certificate.fingerprint) {
    return filter;
  }
  if (before !== undefined) {
    const inPlace = replacedInPlace(session, inputs);
    if (inPlace !== undefined) {
      return inPlace;
    }
  }
  const expired = expiryProblem(session.clock.now(), certificate);
  const { organization, adopt } = inputs;
  if (isUnknown(organization) || isUnknown(adopt)) {
    const isUpload = adopt === undefined || adopt === false;
    if (expired !== undefined && !isUpload) {
      session.log.info(
        `${quotedName(inputs["name"])}: ${expired}. What it adopts is not known before the run; if there is nothing to adopt, up refuses it`,
      );
    }
    await noteUndecided(session, inputs);
    return isUpload ? expired : undefined;
  }
  return announce(session, inputs, certificate, { expired, isCheckedAgain: before !== undefined });
}

async function filterRefusal(filter: unknown): Promise<string | undefined> {
  if (filter === undefined || isUnknown(filter)) {
    return undefined;
  }
  const { expression } = filter as CelFilter;
  const problem = isUnknown(expression) ? undefined : await filterProblem(expression);
  return problem === undefined ? undefined : `celFilter.expression ${problem}`;
}

/** Why it must not be replaced: a filter belongs to an id, and a replacement gets another one. */
export function replacedInPlace(session: Session, inputs: Properties): string | undefined {
  const name = shownName(inputs);
  if (inputs["celFilter"] !== undefined) {
    return (
      `replacing the certificate of ${name} in place would lose its CEL filter: the new certificate would have none. ` +
      "Declare the new certificate beside this one, attach the filter to it in the dashboard, and retire this one afterwards"
    );
  }
  session.log.info(
    `${name} is replaced by a new certificate with a new id; a CEL filter that is attached to the old one in the dashboard is not carried over`,
  );
  return undefined;
}

/** What may come of values that are not known yet. An id stays known in preview, so that the plan of an active set shows no change. */
function sayUnknown({ log }: Session, olds: Properties, news: Properties): void {
  const { certificate, organization, celFilter } = news;
  const name = shownName(news);
  const refused = "up refuses to replace it, because the new certificate would not have its CEL filter";
  if (olds["certificate"] !== undefined && isUnknown(certificate)) {
    const then =
      celFilter === undefined
        ? "it is replaced by a new certificate with a new id, and each activation that lists it activates that one and deactivates the present one"
        : refused;
    log.info(`the content of ${name} is not known before the run; if it turns out to be another certificate, ${then}`);
  }
  if (olds["certificate"] !== undefined && isUnknown(organization)) {
    const then =
      celFilter === undefined ? "it is uploaded there with a new id, and the present one is deleted" : refused;
    log.info(`the organization of ${name} is not known before the run; if it turns out to be another one, ${then}`);
  }
  if (isFilterUnknown(celFilter as CelFilter | undefined)) {
    log.info(
      `the CEL filter of ${name} is not known before the run; if it is not attached, active sets hold the certificate back, and deactivate nothing meanwhile`,
    );
  }
}

/** With the organization that the program names: a line is said once, and anchors of several organizations may share names. */
function shownName({ name, organization }: Properties): string {
  const where =
    organization === undefined || isUnknown(organization) ? "" : ` in organization ${quotedName(organization)}`;
  return `${quotedName(name)}${where}`;
}

function expiryProblem(now: number, { expiresAt }: ParsedCertificate): string | undefined {
  const left = expiresAt.getTime() - now;
  if (left >= LEAST_MS) {
    return undefined;
  }
  const when = left < 0 ? `expired on ${day(expiresAt)}` : `expires on ${day(expiresAt)}, within a day`;
  return `certificate ${when}; the API takes only certificates that are valid for at least one more day`;
}

/** Of an anchor that is there already, only its end: what else may be wrong with it, the report finds. */
function warn(
  { clock, log }: Session,
  inputs: Properties,
  { pem, expiresAt }: ParsedCertificate,
  isNew: boolean,
): void {
  const name = shownName(inputs);
  const left = expiresAt.getTime() - clock.now();
  if (left < WARN_MS) {
    const when = left < 0 ? "expired" : `expires in ${Math.floor(left / DAY_MS)} days`;
    log.warn(`certificate ${name} ${when} (${day(expiresAt)}): rotate it`);
  }
  for (const warning of isNew ? anchorWarnings(pem) : []) {
    log.warn(`certificate ${name} ${warning}`);
  }
}

/** Mostly the same canonical text, which needs no second parsing. */
function fingerprintBefore(old: unknown, { pem, fingerprint }: ParsedCertificate): string | undefined {
  return old === pem ? fingerprint : fingerprintOf(old);
}

export function fingerprintOf(pem: unknown): string | undefined {
  if (typeof pem !== "string") {
    return undefined;
  }
  const parsed = parsePem(pem);
  return "certificate" in parsed ? parsed.certificate.fingerprint : undefined;
}
