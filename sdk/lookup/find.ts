import type { ListedCertificate } from "../../provider/api/wire";
import { rfc3339 } from "../../provider/clock";
import { ProviderError } from "../../provider/errors";
import type { Organization } from "../../provider/organization";
import { parseUploaded } from "../../provider/pem";
import { redact, redactName } from "../../provider/redact";
import type { CertificateSummary, GetCertificateResult } from "./types";

/** How recent a list has to be: `shared` may be one that the same run has fetched already. */
export type Recency = "shared" | "fresh";

/** How many certificates a message names at most. */
const MOST_NAMED = 10;

/** All certificates; with `active`, those that are in the organization's active set, or those that are not. */
export async function listCertificates(
  organization: Organization,
  active: boolean | undefined,
  recency: Recency,
): Promise<CertificateSummary[]> {
  const listed = recency === "shared" ? await organization.look() : await organization.lookAgain();
  return listed.filter((one) => active === undefined || one.active === active).map(summary);
}

/** The one certificate with an id, or else with a name, and its content. Throws where it is not exactly one. */
export async function findCertificate(
  organization: Organization,
  wanted: { readonly id: string } | { readonly name: string },
  recency: Recency,
): Promise<GetCertificateResult> {
  const fits = (one: ListedCertificate) => ("id" in wanted ? one.id === wanted.id : one.name === wanted.name);
  const shared = recency === "shared" ? (await organization.look()).filter(fits) : [];
  // What is missing may have been uploaded since the shared list was fetched: list again before saying so.
  const listed = shared.length > 0 ? shared : await organization.lookAgain();
  const [found, ...others] = listed.filter(fits);
  if (found === undefined) {
    throw new ProviderError(notFound(organization, wanted, listed));
  }
  if (others.length > 0) {
    throw new ProviderError(
      `${others.length + 1} certificates of ${organization.label} are named ${show(found.name)}: ` +
        `${[found, ...others].map(describe).join("; ")}. Ask for one of them by its id`,
    );
  }
  const { content } = await organization.content(found.id);
  const parsed = parseUploaded(content);
  if ("problem" in parsed) {
    throw new ProviderError(`the content of ${found.id} ${show(found.name)} ${parsed.problem}`);
  }
  const { pem, fingerprint, validAt, expiresAt } = parsed.certificate;
  return {
    ...summary(found),
    certificate: pem,
    fingerprint,
    validAt: rfc3339(validAt),
    expiresAt: rfc3339(expiresAt),
  };
}

function summary({ id, name, createdAt, validAt, expiresAt, active }: ListedCertificate): CertificateSummary {
  return {
    id,
    name: name ?? "",
    createdAt: time(createdAt),
    ...(validAt === undefined ? {} : { validAt: time(validAt) }),
    ...(expiresAt === undefined ? {} : { expiresAt: time(expiresAt) }),
    active,
  };
}

function notFound(
  { label }: Organization,
  wanted: { readonly id: string } | { readonly name: string },
  listed: readonly ListedCertificate[],
): string {
  const what = "id" in wanted ? `certificate ${redact(wanted.id)}` : `certificate named ${show(wanted.name)}`;
  const named = listed.slice(0, MOST_NAMED).map(({ id, name }) => `${id} ${show(name)}`);
  const more = listed.length - named.length;
  const has = named.length === 0 ? "no certificates" : `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${label} has no ${what}; it has ${has}`;
}

function describe({ id, createdAt, active }: ListedCertificate): string {
  return `${id} (uploaded ${time(createdAt)}, ${active ? "active" : "not active"})`;
}

function show(name: string | null): string {
  return JSON.stringify(redactName(name ?? ""));
}

function time(seconds: number): string {
  return rfc3339(new Date(seconds * 1000));
}
