import type { CertificateWithContent } from "../../provider/api/wire";
import { readContent } from "../observation/content";
import type { Observation, ObservedProject } from "../observation/observe";
import { Names } from "./names";

export interface PlannedAnchor {
  readonly id: string;
  readonly name: string | null;
  /** Names the resource and its file; see {@link Names}. */
  readonly slug: string;
  /** Undefined where the content is not a readable certificate. */
  readonly pem: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Why a Certificate cannot take it over without changing it; undefined where one can. Completes "it …". */
  readonly leftAlone: string | undefined;
}

/** One scope in which something is active. */
export interface PlannedSet {
  /** The activation's logical name. */
  readonly slug: string;
  /** Undefined for the organization. */
  readonly project: ObservedProject | undefined;
  readonly anchors: readonly PlannedAnchor[];
}

export interface AdoptionPlan {
  readonly baseUrl: string;
  /** Oldest first. */
  readonly anchors: readonly PlannedAnchor[];
  /** The organization's first, if anything is active there. */
  readonly sets: readonly PlannedSet[];
  /** Projects whose set could not be read: they are not in the program. */
  readonly unread: readonly ObservedProject[];
}

/** What a program has to declare so that it takes everything over as it is. */
export function planAdoption({ baseUrl, certificates, active, projects }: Observation): AdoptionPlan {
  const names = new Names();
  const anchors = certificates.map((one) => planAnchor(one, names.take(one.name ?? "", one.id)));
  const members = (ids: readonly string[]) => anchors.filter(({ id }) => ids.includes(id));
  const setNames = new Names();
  const organization = { slug: setNames.take("organization"), project: undefined, anchors: members(active) };
  const inProjects = projects.map((project) => ({ project, anchors: members(project.active ?? []) }));
  const sets = inProjects
    .filter((set) => set.anchors.length > 0)
    .map((set) => ({ ...set, slug: setNames.take(set.project.name ?? "", set.project.id) }));
  return {
    baseUrl,
    anchors,
    sets: organization.anchors.length > 0 ? [organization, ...sets] : sets,
    unread: projects.filter((project) => project.active === undefined),
  };
}

function planAnchor(certificate: CertificateWithContent, slug: string): PlannedAnchor {
  const { id, name } = certificate;
  const read = readContent(certificate.content);
  if ("problem" in read) {
    return { id, name, slug, pem: undefined, expiresAt: undefined, leftAlone: read.problem };
  }
  const { pem, expiresAt } = read;
  return { id, name, slug, pem, expiresAt, leftAlone: reasonToLeave(name) };
}

/** Managing a certificate means sending its name. */
function reasonToLeave(name: string | null): string | undefined {
  if (name === null || name.trim() === "") {
    return "has no name, which a Certificate needs; give it one (one POST) to manage it";
  }
  // Lone surrogates have no UTF-8, so the engine would send another name.
  return /\p{Cs}/u.test(name) ? "has a name that is not valid Unicode; rename it to manage it" : undefined;
}
