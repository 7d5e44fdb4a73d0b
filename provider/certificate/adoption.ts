import { isNotFound } from "../api/errors";
import type { CertificateInfo } from "../api/wire";
import { rfc3339 } from "../clock";
import type { Organization } from "../organization";
import { type ParsedCertificate, parseUploaded } from "../pem";

/** What `adopt` comes to: an existing certificate, nothing (so that an upload is due), or a reason to stop. */
export type Adoption = { readonly take: CertificateInfo } | { readonly take: undefined } | { readonly refused: string };

export async function resolveAdoption(
  organization: Organization,
  wanted: ParsedCertificate,
  adopt: boolean | string | undefined,
): Promise<Adoption> {
  if (adopt === undefined || adopt === false) {
    return { take: undefined };
  }
  return adopt === true ? adoptTwin(organization, wanted) : adoptById(organization, wanted, adopt);
}

async function adoptById(organization: Organization, wanted: ParsedCertificate, id: string): Promise<Adoption> {
  if (organization.held.has(id)) {
    return {
      refused: `adopt names ${id}, which another resource of this program manages already: drop one of the two`,
    };
  }
  let found: CertificateInfo & { content: string };
  try {
    found = await organization.content(id);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    return {
      refused: `adopt names ${id}, which ${organization.label} does not have: correct the id, or drop adopt to upload the certificate`,
    };
  }
  const fingerprint = fingerprintOf(found.content);
  if (fingerprint === wanted.fingerprint) {
    return { take: found };
  }
  return {
    refused:
      `adopt names ${describe(found)}, which holds another certificate (SHA-256 ${fingerprint ?? "unreadable"}, ` +
      `declared is ${wanted.fingerprint}); nothing was changed. Declare the certificate that ${id} holds, correct the id, or drop adopt to upload`,
  };
}

async function adoptTwin(organization: Organization, wanted: ParsedCertificate): Promise<Adoption> {
  const twins = await findTwins(organization, wanted);
  const [only] = twins;
  if (only === undefined || twins.length === 1) {
    return { take: only };
  }
  return {
    refused: `adopt: true finds ${twins.length} certificates with this content: ${twins.map(describe).join(", ")}. Name one in adopt, and delete or declare the others`,
  };
}

/** Certificates with the same DER that were there before this run and that no resource of this run holds. */
export async function findTwins(organization: Organization, wanted: ParsedCertificate): Promise<CertificateInfo[]> {
  return sameContent(organization, wanted, await organization.seenBeforeRun());
}

/** Those of `listed` that hold the wanted DER; contents are fetched only where the listed dates fit. */
export async function sameContent<T extends CertificateInfo>(
  organization: Organization,
  wanted: ParsedCertificate,
  listed: readonly T[],
): Promise<T[]> {
  const twins: T[] = [];
  for (const candidate of listed) {
    if (organization.held.has(candidate.id) || !datesFit(candidate, wanted)) {
      continue;
    }
    try {
      const { content } = await organization.content(candidate.id);
      if (fingerprintOf(content) === wanted.fingerprint) {
        twins.push(candidate);
      }
    } catch (error) {
      // Deleted since it was listed: then it is nobody's twin any more.
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }
  return twins;
}

/** The document does not promise the dates, so a certificate listed without them may be any. */
function datesFit(listed: CertificateInfo, wanted: ParsedCertificate): boolean {
  const fits = (seconds: number | undefined, date: Date) => seconds === undefined || seconds * 1000 === date.getTime();
  return fits(listed.validAt, wanted.validAt) && fits(listed.expiresAt, wanted.expiresAt);
}

function fingerprintOf(content: string): string | undefined {
  const parsed = parseUploaded(content);
  return "certificate" in parsed ? parsed.certificate.fingerprint : undefined;
}

/** `cert_abc "corp-root" (uploaded 2026-01-01T00:00:00Z)`. */
export function describe(certificate: CertificateInfo): string {
  return `${certificate.id} ${JSON.stringify(certificate.name)} (uploaded ${rfc3339(new Date(certificate.createdAt * 1000))})`;
}
