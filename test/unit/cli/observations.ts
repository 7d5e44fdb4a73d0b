import type { Observation, ObservedProject } from "../../../cli/observation/observe";
import { type AuthorityOptions, createAuthority } from "../../../emulator";
import type { CertificateWithContent } from "../../../provider/api/wire";

export const DAY_MS = 24 * 60 * 60 * 1000;
export const NOW = new Date("2030-06-15T12:00:00Z");

/** A day that lies so many days from {@link NOW}. */
export function daysFromNow(days: number): Date {
  return new Date(NOW.getTime() + days * DAY_MS);
}

/** A certificate that is valid from 100 days ago for so many days from {@link NOW}. */
export async function anchorPem(daysLeft: number, options: AuthorityOptions = {}): Promise<string> {
  const from = daysFromNow(Math.min(-100, daysLeft - 100));
  return (await createAuthority({ notBefore: from, notAfter: daysFromNow(daysLeft), ...options })).certificate;
}

/** As the API answers a certificate; without dates, for those come from the content. */
export function certificate(id: string, name: string | null, content: string): CertificateWithContent {
  return { id, name, content, createdAt: NOW.getTime() / 1000 - 3600, validAt: undefined, expiresAt: undefined };
}

export function project(id: string, name: string | null, active: readonly string[] | undefined): ObservedProject {
  return { id, name, active };
}

export function observation(
  certificates: readonly CertificateWithContent[],
  active: readonly string[] = [],
  projects: readonly ObservedProject[] = [],
  projectsProblem: string | undefined = undefined,
): Observation {
  return { baseUrl: "https://api.openai.com/v1", certificates, active, projects, projectsProblem };
}
