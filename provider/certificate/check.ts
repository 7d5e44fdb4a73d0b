import { anchorWarnings, filterProblem } from "../clients";
import { DAY_MS, day } from "../clock";
import type { CheckAnswer, Properties } from "../lifecycle";
import { refusal } from "../lifecycle";
import { type ParsedCertificate, parsePem } from "../pem";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { quotedName } from "../words";
import { announce } from "./announce";
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
    if (failures.length === 0 && !isUnknown(news["organization"])) {
      session.organization(knownOrganization(news)).run.unread.add(String(news["name"]));
    }
    if (failures.length === 0 && typeof olds["certificate"] === "string") {
      session.log.info(mayBeReplaced(news));
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
  warn(session, inputs, certificate, before !== certificate.fingerprint);
  session.checked.add(inputs);
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
  if (isUnknown(inputs["organization"]) || isUnknown(inputs["adopt"])) {
    return expired;
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

/** A filter belongs to an id, and a replacement gets another one. */
function replacedInPlace(session: Session, inputs: Properties): string | undefined {
  const name = quotedName(inputs["name"]);
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

/** Its id stays known in preview, so that the plan of an active set shows no change. */
function mayBeReplaced({ name, celFilter }: Properties): string {
  const then =
    celFilter === undefined
      ? "it is replaced by a new certificate with a new id, and each activation that lists it activates that one and deactivates the present one"
      : "up refuses to replace it, because the new certificate would not have its CEL filter";
  return `the content of ${quotedName(name)} is not known before the run; if it turns out to be another certificate, ${then}`;
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
  const name = quotedName(inputs["name"]);
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
