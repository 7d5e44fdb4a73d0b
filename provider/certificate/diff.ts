import { ProviderError } from "../errors";
import type { DiffAnswer, Properties } from "../lifecycle";
import type { Organization } from "../organization";
import { type Evidence, rightOrganization, WrongOrganization, wrongOrganization } from "../rightOrganization";
import type { Session } from "../session";
import { stableText } from "../stableText";
import { isUnknown } from "../unknown";
import { named, quotedName } from "../words";
import { another, NOT_ANNOUNCED } from "./adoption";
import { fingerprintOf, replacedInPlace } from "./check";
import { noteFilter } from "./filter";
import { locate } from "./locate";
import { type CertificateState, certificateInputs, knownOrganization } from "./properties";

/**
 * What would have to be done so that the certificate is as declared. A name is compared with state: a refresh shows what
 * was renamed by hand. The engine asks in a refresh too, before any check: then this neither refuses nor speaks.
 */
export async function diffCertificate(
  session: Session,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<DiffAnswer> {
  const isDeclared = session.expected.arrive(news);
  if (isUnknown(news["organization"])) {
    return { changes: true };
  }
  if (olds["organization"] !== news["organization"] && !(await isSameOrganization(session, id, olds, news))) {
    const refused = session.checked.has(news) ? replacedInPlace(session, news) : undefined;
    if (refused !== undefined) {
      throw new ProviderError(refused);
    }
    return replacing("organization");
  }
  const { certificate } = news;
  const organization = session.organization(knownOrganization(news));
  // Before anything else: what replaces it must not be uploaded into another organization either.
  const isThere = (await locate(organization, id)) !== undefined;
  const evidence = organization.evidence((olds as unknown as CertificateState).organizationId, isThere);
  if (!isThere) {
    return missing(session, id, { olds, news, evidence });
  }
  // Both are canonical, so that the same certificate is mostly the same text.
  const isSame = certificate === olds["certificate"] || fingerprintOf(certificate) === olds["fingerprint"];
  if (!isUnknown(certificate) && !isSame) {
    if (organization.run.imported.has(id)) {
      throw new ProviderError(
        `${named({ id, name: String(olds["name"]) })} holds another certificate than the program: import the id of the one ` +
          "with the same content, or put the imported certificate's PEM into the program",
      );
    }
    return replacing("certificate");
  }
  const inputs = certificateInputs(news);
  if (!isUnknown(certificate)) {
    organization.declare(id, inputs.certificate);
  }
  if (isDeclared) {
    hold(session, organization, id, inputs.name);
  }
  noteFilter(organization, id, inputs);
  return { changes: stableText(inputs) !== stableText(certificateInputs(olds)) };
}

/** Notes that the program declares this id as it is, and that nothing else may have it. */
function hold({ log }: Session, { run }: Organization, id: string, name: string): void {
  const adopter = run.otherAdopter(id, NOT_ANNOUNCED);
  if (adopter !== undefined) {
    throw new ProviderError(
      `${quotedName(name)} holds ${id}, which ${another(adopter, name)} would adopt, and one certificate cannot belong to two ` +
        `resources: remove one of the two, or the adopt of ${quotedName(adopter)}`,
    );
  }
  const holder = run.held.keep(id, name);
  if (holder !== undefined) {
    log.warn(
      `${quotedName(holder)} and ${quotedName(name)} both hold ${id}, and one certificate should belong to one resource: ` +
        "remove one of the two from the program; the certificate stays",
    );
  }
}

/** It is uploaded again, unless the key has changed to one of another organization. */
async function missing(
  session: Session,
  id: string,
  { olds, news, evidence }: { readonly olds: Properties; readonly news: Properties; readonly evidence: Evidence },
): Promise<DiffAnswer> {
  if (!session.checked.has(news)) {
    return replacing("certificate");
  }
  const { run, authors } = session.organization(knownOrganization(news));
  const what = named({ id, name: String(olds["name"]) });
  if (rightOrganization(evidence) === "other") {
    run.wrongOrganization = wrongOrganization(what, evidence, "Nothing was uploaded.");
    throw new WrongOrganization(run.wrongOrganization);
  }
  const by = (await authors.of("certificate.deleted", [id])).get(id);
  session.log.warn(
    `${what} was deleted outside of Pulumi${by === undefined ? "" : ` ${by}`}: it is uploaded again, with a new id. ` +
      "A CEL filter that was attached to it in the dashboard is not carried over",
  );
  return replacing("certificate");
}

/** Another name for the same organization is no change: nothing is uploaded, deactivated or deleted. */
async function isSameOrganization(session: Session, id: string, olds: Properties, news: Properties): Promise<boolean> {
  const organization = session.organization(knownOrganization(news));
  if ((await locate(organization, id)) !== undefined) {
    return true;
  }
  const { organizationId } = olds as unknown as CertificateState;
  return organizationId !== undefined && organizationId === organization.id;
}

function replacing(property: string): DiffAnswer {
  return { changes: true, replaces: [property], deleteBeforeReplace: false };
}
