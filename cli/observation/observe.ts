import { ApiError, isNotFound } from "../../provider/api/errors";
import type { CertificateWithContent, ListedCertificate, Project } from "../../provider/api/wire";
import type { Connection } from "./connection";
import { mapBounded } from "./mapBounded";

export interface ObservedProject extends Project {
  /** Ids; undefined where the API answered that it has no such project, although it had listed it. */
  readonly active: readonly string[] | undefined;
}

/** An organization's certificates and where they are active, as a walk over the API has seen them. */
export interface Observation {
  readonly baseUrl: string;
  /** Oldest first. */
  readonly certificates: readonly CertificateWithContent[];
  /** Ids of what is active in the organization. */
  readonly active: readonly string[];
  readonly projects: readonly ObservedProject[];
  /** Why the key may not list the projects: then there are none here. Undefined where it may. */
  readonly projectsProblem: string | undefined;
}

/** What to tell somebody who waits: `reading projects`, 3 of 40. */
export type Step = (what: string, done: number, total: number) => void;

const AT_ONCE = 8;

/**
 * Reads everything there is to know: the list, the projects, one list per project, each content once. Never writes. Any
 * failure is an error, since a part that is missing would read like "not active"; but that a key may not list projects,
 * which is another permission than reading certificates, is an answer.
 */
export async function observe({ api, baseUrl }: Connection, step: Step): Promise<Observation> {
  const [listed, { projects, problem }] = await Promise.all([api.list(), projectsOf(api)]);
  const lists = await mapBounded(projects, AT_ONCE, (project) => orGone(api.list(project.id)), {
    after: (done) => step("reading the active sets of projects", done, projects.length),
  });
  const known = union([listed, ...lists.filter((list) => list !== undefined)]);
  const contents = await mapBounded(known, AT_ONCE, ({ id }) => orGone(api.retrieveWithContent(id)), {
    after: (done) => step("reading certificates", done, known.length),
  });
  // Gone since it was listed: then it is active nowhere either.
  const certificates = contents.filter((content) => content !== undefined).sort(byAge);
  const there = new Set(certificates.map(({ id }) => id));
  // A page that shifts while it is walked may bring a certificate twice.
  const activeIds = (list: readonly ListedCertificate[]) => [
    ...new Set(list.filter(({ id, active }) => active && there.has(id)).map(({ id }) => id)),
  ];
  return {
    baseUrl,
    certificates,
    active: activeIds(listed),
    projects: projects.map((project, index) => {
      const list = lists[index];
      return { ...project, active: list === undefined ? undefined : activeIds(list) };
    }),
    projectsProblem: problem,
  };
}

async function projectsOf(api: Connection["api"]): Promise<{ projects: readonly Project[]; problem?: string }> {
  try {
    return { projects: await api.listProjects() };
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return { projects: [], problem: error.message };
    throw error;
  }
}

async function orGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** An anchor that only a project lists was uploaded after the organization's list was read. */
function union(lists: readonly (readonly ListedCertificate[])[]): { readonly id: string }[] {
  return [...new Set(lists.flat().map(({ id }) => id))].map((id) => ({ id }));
}

function byAge(one: CertificateWithContent, other: CertificateWithContent): number {
  return one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
}
