import { isNotFound } from "../api/errors";
import type { CertificateInfo } from "../api/wire";
import { rfc3339 } from "../clock";
import { ProviderError } from "../errors";
import { type DiffAnswer, type Lifecycle, type Properties, type ReadAnswer, refusing } from "../lifecycle";
import type { Organization } from "../organization";
import { type ParsedCertificate, type ParsedPem, parsePem, parseUploaded } from "../pem";
import type { Session } from "../session";
import { isUnknown } from "../unknown";
import { resolveAdoption } from "./adoption";
import { checkCertificate, fingerprintOf } from "./check";
import { deleteCertificate } from "./deletion";
import { type CertificateInputs, type CertificateState, certificateInputs } from "./inputs";
import { uploadOnce } from "./upload";

/** The lifecycle of one uploaded trust anchor. */
export function certificateLifecycle(session: () => Session): Lifecycle {
  const organizationOf = (props: Properties) => session().organization(props["organization"] as string | undefined);
  return {
    check: (olds, news) => refusing(news, () => checkCertificate(session(), olds, news)),
    diff: (id, olds, news) => diff(session(), id, olds, news),

    async create(news) {
      const organization = organizationOf(news);
      const inputs = certificateInputs(news);
      const parsed = parsedOrThrow(parsePem(inputs.certificate), inputs.name);
      // In turn for each certificate: of two parallel uploads of one DER, a lost answer could not be told from the other's.
      const created = await organization.inTurn(parsed.fingerprint, async () => {
        const info = await adoptOrUpload(session(), organization, inputs, parsed);
        organization.held.add(info.id);
        organization.declare(info.id, parsed.pem);
        return info;
      });
      return { id: created.id, outs: toState(inputs, parsed, created) };
    },

    async read(id, props) {
      const organization = organizationOf(props);
      return typeof props["certificate"] === "string"
        ? refresh(organization, id, props as unknown as CertificateState)
        : readAnew(organization, id);
    },

    async update(id, olds, news) {
      const { name } = certificateInputs(news);
      const organization = organizationOf(news);
      await organization.rename(id, name);
      organization.held.add(id);
      const { fingerprint, createdAt, validAt, expiresAt } = olds as unknown as CertificateState;
      return { outs: { ...certificateInputs(news), fingerprint, createdAt, validAt, expiresAt } };
    },

    async delete(id, props) {
      const organization = organizationOf(props);
      if (organization.held.has(id)) {
        session().log.info(`${id} is not deleted: another resource of this program manages it now`);
        return;
      }
      await deleteCertificate(session(), organization, id);
    },
  };
}

async function adoptOrUpload(
  session: Session,
  organization: Organization,
  inputs: CertificateInputs,
  parsed: ParsedCertificate,
): Promise<CertificateInfo> {
  const adoption = await resolveAdoption(organization, parsed, inputs.adopt);
  if ("refused" in adoption) {
    throw new ProviderError(adoption.refused);
  }
  if (adoption.take === undefined) {
    return uploadOnce(session, organization, parsed, inputs.name);
  }
  return adoption.take.name === inputs.name ? adoption.take : organization.rename(adoption.take.id, inputs.name);
}

async function diff(session: Session, id: string, olds: Properties, news: Properties): Promise<DiffAnswer> {
  const replaces = [
    ...(olds["organization"] === news["organization"] ? [] : ["organization"]),
    ...(isSameCertificate(olds, news) ? [] : ["certificate"]),
  ];
  if (replaces.length > 0) {
    return { changes: true, replaces, deleteBeforeReplace: false };
  }
  const organization = session.organization(news["organization"] as string | undefined);
  const live = await locate(organization, id);
  if (live === undefined) {
    session.log.warn(`${id} ${JSON.stringify(olds["name"])} was deleted outside of Pulumi: it is uploaded again`);
    return { changes: true, replaces: ["certificate"], deleteBeforeReplace: false };
  }
  organization.declare(id, news["certificate"] as string);
  if (live.name !== olds["name"]) {
    session.log.warn(
      `${id} was renamed outside of Pulumi, from ${JSON.stringify(olds["name"])} to ${JSON.stringify(live.name)}`,
    );
  }
  const changes = live.name !== news["name"] || olds["name"] !== news["name"];
  if (!changes) {
    // Held from here on: a delete of this id later in the run is of a resource that this one has taken over from. A
    // changed one is held by its update only, because the engine may still turn the change into a replacement.
    organization.held.add(id);
  }
  return { changes };
}

function isSameCertificate(olds: Properties, news: Properties): boolean {
  return !isUnknown(news["certificate"]) && fingerprintOf(news["certificate"]) === olds["fingerprint"];
}

async function refresh(organization: Organization, id: string, state: CertificateState): Promise<ReadAnswer> {
  const live = await locate(organization, id);
  if (live === undefined) {
    return {};
  }
  const inputs = { ...certificateInputs(state as unknown as Properties), name: live.name ?? "" };
  const { fingerprint, createdAt, validAt, expiresAt } = state;
  return { id, props: { ...inputs, fingerprint, createdAt, validAt, expiresAt }, inputs: { ...inputs } };
}

/** For `Certificate.get`: nothing is known but the id. */
async function readAnew(organization: Organization, id: string): Promise<ReadAnswer> {
  try {
    const live = await organization.content(id);
    const parsed = parsedOrThrow(parseUploaded(live.content), live.id);
    const inputs = {
      certificate: parsed.pem,
      name: live.name ?? "",
      ...(organization.name === undefined ? {} : { organization: organization.name }),
    };
    return { id, props: { ...toState(inputs, parsed, live) }, inputs };
  } catch (error) {
    if (isNotFound(error)) {
      return {};
    }
    throw error;
  }
}

/**
 * A certificate by the shared look. That it is missing there is confirmed by a call of its own: state is dropped and
 * anchors are replaced on this answer.
 */
async function locate(organization: Organization, id: string): Promise<CertificateInfo | undefined> {
  const listed = await organization.find(id);
  if (listed !== undefined) {
    return listed;
  }
  try {
    return await organization.api.retrieve(id);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

function parsedOrThrow(parsed: ParsedPem, name: string): ParsedCertificate {
  if ("problem" in parsed) {
    throw new ProviderError(`certificate of ${name} ${parsed.problem}`);
  }
  return parsed.certificate;
}

function toState(inputs: CertificateInputs, parsed: ParsedCertificate, info: CertificateInfo): Properties {
  return {
    ...inputs,
    fingerprint: parsed.fingerprint,
    createdAt: rfc3339(new Date(info.createdAt * 1000)),
    validAt: rfc3339(parsed.validAt),
    expiresAt: rfc3339(parsed.expiresAt),
  };
}
