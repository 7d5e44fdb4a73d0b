import { isNotFound } from "../api/errors";
import type { CertificateInfo } from "../api/wire";
import { rfc3339 } from "../clock";
import type { Organization } from "../organization";
import { type ParsedCertificate, parseUploaded } from "../pem";
import { redact } from "../redact";
import type { Coming, Run } from "../run";
import { count, named, quotedName } from "../words";

/**
 * What creating a certificate comes to: `take` an existing one, or upload. `because`: why `adopt` does not find what it
 * names, so that an upload is due all the same.
 */
export type Adoption =
  | { readonly take: CertificateInfo }
  | { readonly take: undefined; readonly because?: string }
  | { readonly refused: string };

/** What an anchor has to have in common with an existing certificate to be the same. */
export type Wanted = Pick<ParsedCertificate, "fingerprint" | "validAt" | "expiresAt">;

/** Which announcements may be the certificate's own; nothing is free for it that one of the others takes over. */
export type Own = (one: Coming) => boolean;

/** A check announces what it finds only afterwards, and other certificates may have the same name. */
export const NOT_ANNOUNCED: Own = () => false;

/** After the checks, certificates that agree in all this stand for one another: any of them may be the one that takes over. */
export function announcedAs({ fingerprint }: Wanted, adopt: boolean | string | undefined, name: string): Own {
  return (one) => one.fingerprint === fingerprint && one.adopt === adopt && one.name === name;
}

/** Judges `adopt` by content alone, whenever something has to be created; it may stay in the program forever. */
export async function resolveAdoption(
  organization: Organization,
  wanted: Wanted,
  adopt: boolean | string | undefined,
  name: string,
  own: Own = announcedAs(wanted, adopt, name),
): Promise<Adoption> {
  if (adopt === undefined || adopt === false) {
    return { take: undefined };
  }
  const as = { name, own };
  return adopt === true ? adoptTwin(organization, wanted, as) : adoptById(organization, wanted, adopt, as);
}

interface As {
  readonly name: string;
  readonly own: Own;
}

async function adoptById(organization: Organization, wanted: Wanted, id: string, { name, own }: As): Promise<Adoption> {
  let found: CertificateInfo & { content: string };
  try {
    found = await organization.content(id);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    return { take: undefined, because: `adopt names ${redact(id)}, which ${organization.label} does not have` };
  }
  const fingerprint = fingerprintOf(found.content);
  if (fingerprint === wanted.fingerprint) {
    const other = organization.run.otherAdopter(id, own);
    if (other !== undefined) {
      return {
        refused:
          `${quotedName(name)} and ${another(other, name)} would both adopt ${described(found)}, and one certificate cannot belong ` +
          "to two resources: remove one of the two, or its adopt",
      };
    }
    const holder = organization.run.held.by(id);
    return holder === undefined
      ? { take: found }
      : {
          refused: `adopt names ${described(found)}, which ${another(holder, name)} holds: remove one of the two, or its adopt`,
        };
  }
  return {
    take: undefined,
    because:
      `adopt names ${described(found)}, which holds another certificate ` +
      `(SHA-256 ${fingerprint ?? "unreadable"}; declared is ${wanted.fingerprint})`,
  };
}

async function adoptTwin(organization: Organization, wanted: Wanted, { name, own }: As): Promise<Adoption> {
  const { run } = organization;
  const found = (await findTwins(organization, wanted)).map((twin) => ({
    twin,
    by: claim(run, twin.id, { name, own }),
  }));
  const [only, ...more] = found.flatMap(({ twin, by }) => (by === undefined ? twin : []));
  if (only === undefined) {
    const adopted = found.map(({ twin, by }) => `${described(twin)}, which ${by}`);
    return { take: undefined, ...(adopted.length > 0 && { because: `adopt: true finds ${adopted.join(", and ")}` }) };
  }
  if (more.length === 0) {
    return { take: only };
  }
  const twins = [only, ...more];
  return {
    refused:
      `adopt: true finds ${count(twins.length, "certificate")} with this content: ${twins.map(described).join(", ")}. ` +
      "Name one in adopt, and delete or declare the others",
  };
}

/** What another resource of the program does with a certificate, as the end of a sentence; undefined where it is free. */
function claim(run: Run, id: string, { name, own }: As): string | undefined {
  const adopter = run.otherAdopter(id, own);
  const holder = run.held.by(id);
  if (adopter !== undefined) {
    return `${another(adopter, name)} adopts`;
  }
  return holder === undefined ? undefined : `${another(holder, name)} holds`;
}

/** Certificates with the same DER that were there before this run. */
export async function findTwins(organization: Organization, wanted: Wanted): Promise<CertificateInfo[]> {
  return sameContent(organization, wanted, await organization.seenBeforeRun());
}

/** Those of `listed` that hold the wanted DER; contents are fetched only where the listed dates fit. */
export async function sameContent<T extends CertificateInfo>(
  organization: Organization,
  wanted: Wanted,
  listed: readonly T[],
): Promise<T[]> {
  const twins: T[] = [];
  for (const candidate of listed) {
    if (!datesFit(candidate, wanted)) {
      continue;
    }
    try {
      if (fingerprintOf(await organization.pem(candidate.id)) === wanted.fingerprint) {
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
function datesFit(listed: CertificateInfo, wanted: Wanted): boolean {
  const fits = (seconds: number | undefined, date: Date) => seconds === undefined || seconds * 1000 === date.getTime();
  return fits(listed.validAt, wanted.validAt) && fits(listed.expiresAt, wanted.expiresAt);
}

function fingerprintOf(content: string): string | undefined {
  const parsed = parseUploaded(content);
  return "certificate" in parsed ? parsed.certificate.fingerprint : undefined;
}

/** How to call another certificate beside the one called `name`. */
export function another(other: string, name: string): string {
  return other === name ? `another ${quotedName(other)}` : quotedName(other);
}

/** `cert_abc "corp-root" (uploaded 2026-01-01T00:00:00Z)`. */
export function described(certificate: CertificateInfo): string {
  return `${named(certificate)} (uploaded ${rfc3339(new Date(certificate.createdAt * 1000))})`;
}
