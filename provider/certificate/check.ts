import { DAY_MS, day } from "../clock";
import type { CheckAnswer, Properties } from "../lifecycle";
import { refusal } from "../lifecycle";
import { type ParsedCertificate, parsePem } from "../pem";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { resolveAdoption } from "./adoption";
import { knownOrganization, shapeProblems } from "./inputs";

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
  const isNew = fingerprintOf(olds["certificate"]) !== certificate.fingerprint;
  const reason = isNew ? await checkNew(session, inputs, certificate) : undefined;
  if (reason !== undefined) {
    return { inputs, failures: [refusal(reason)] };
  }
  warnOfExpiry(session, inputs, certificate);
  return { inputs, failures: [] };
}

/** Why a certificate that is new or changed cannot be created; announces to this run's activations what will come of it. */
async function checkNew(
  session: Session,
  inputs: Properties,
  certificate: ParsedCertificate,
): Promise<string | undefined> {
  const { adopt, name, organization: organizationName } = inputs;
  const expired = expiryProblem(session.clock.now(), certificate);
  if (isUnknown(organizationName) || isUnknown(adopt)) {
    return expired;
  }
  const organization = session.organization(knownOrganization(inputs));
  const adoption = await resolveAdoption(organization, certificate, adopt as boolean | string | undefined);
  if ("refused" in adoption) {
    return adoption.refused;
  }
  if (adoption.take !== undefined) {
    organization.pendingAdoptions.add(adoption.take.id);
    return undefined;
  }
  if (expired === undefined) {
    const { pem, fingerprint, expiresAt } = certificate;
    organization.pendingUploads.set(`${fingerprint} ${name}`, { name: String(name), pem, expiresAt });
  }
  return expired;
}

function expiryProblem(now: number, { expiresAt }: ParsedCertificate): string | undefined {
  const left = expiresAt.getTime() - now;
  if (left >= LEAST_MS) {
    return undefined;
  }
  const when = left < 0 ? `expired on ${day(expiresAt)}` : `expires on ${day(expiresAt)}, within a day`;
  return `certificate ${when}; the API takes only certificates that are valid for at least one more day`;
}

function warnOfExpiry(session: Session, inputs: Properties, { expiresAt }: ParsedCertificate): void {
  const left = expiresAt.getTime() - session.clock.now();
  if (left < WARN_MS) {
    const when = left < 0 ? "expired" : `expires in ${Math.floor(left / DAY_MS)} days`;
    session.log.warn(
      `certificate ${JSON.stringify(isUnknown(inputs["name"]) ? null : inputs["name"])} ${when} (${day(expiresAt)}): rotate it`,
    );
  }
}

export function fingerprintOf(pem: unknown): string | undefined {
  if (typeof pem !== "string") {
    return undefined;
  }
  const parsed = parsePem(pem);
  return "certificate" in parsed ? parsed.certificate.fingerprint : undefined;
}
