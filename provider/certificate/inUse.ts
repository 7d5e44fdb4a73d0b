import type { CertificatesApi } from "../api/certificates";
import type { ListedCertificate, Project } from "../api/wire";
import { ProviderError } from "../errors";
import { named } from "../words";

/** A deactivation may take a moment to show in a delete. */
const PATIENCE_MS = 5000;
/** How many projects are listed side by side. */
const AT_ONCE = 8;

/** Where certificates are active, for those that cannot be deleted. */
export class Holders {
  constructor(
    private readonly scopes: readonly { readonly label: string; readonly active: ReadonlySet<string> }[],
    /** What could not be listed, each as the end of a sentence. */
    private readonly unlisted: readonly string[],
  ) {}

  /** `the organization, project proj_abc "search"`, and what could not be asked. */
  where(id: string): string {
    const holders = this.scopes.filter(({ active }) => active.has(id)).map(({ label }) => label);
    const unlisted = this.unlisted.length === 0 ? "" : `; ${this.unlisted.join("; ")}`;
    if (holders.length > 0) {
      return `${holders.join(", ")}${unlisted}`;
    }
    return this.unlisted.length > 0
      ? `a scope that could not be listed: ${this.unlisted.join("; ")}`
      : "a scope that the lists of the organization and its projects do not show";
  }
}

/** The certificates of one organization that a run could not delete because they are in use. */
export class CertificatesInUse {
  private since: number | undefined;
  private found: Promise<Holders> | undefined;

  constructor(
    private readonly api: CertificatesApi,
    private readonly label: string,
  ) {}

  /** Whether to try again: one short time for all deletes of a run, from the first refusal on, or the first one after a deactivation. */
  mayStillEnd(now: number): boolean {
    this.since ??= now;
    return now - this.since < PATIENCE_MS;
  }

  /** The run has deactivated something, which may take a moment to show, and makes what was found untrue. */
  deactivated(): void {
    this.since = undefined;
    this.found = undefined;
  }

  /** The holders of all certificates, found once as long as the run deactivates nothing. `isFirst`: nobody has asked before. */
  async holders(): Promise<{ readonly holders: Holders; readonly isFirst: boolean }> {
    const isFirst = this.found === undefined;
    this.found ??= this.find();
    return { holders: await this.found, isFirst };
  }

  private async find(): Promise<Holders> {
    const unlisted: string[] = [];
    const attempt = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof ProviderError)) {
          throw error;
        }
        unlisted.push(`${what} could not be listed (${error.message})`);
        return undefined;
      }
    };
    const scope = async (label: string, projectId?: string) => {
      const listed = await attempt(label, () => this.api.list(projectId));
      return { label, active: activeIds(listed ?? []) };
    };
    const projects = (await attempt("the projects", () => this.api.listProjects())) ?? [];
    const scopes = await sideBySide(AT_ONCE, [
      () => scope(this.label),
      ...projects.map((project) => () => scope(projectLabel(project), project.id)),
    ]);
    return new Holders(scopes, unlisted);
  }
}

function projectLabel(project: Project): string {
  return `project ${named(project)}`;
}

function activeIds(listed: readonly ListedCertificate[]): ReadonlySet<string> {
  return new Set(listed.filter(({ active }) => active).map(({ id }) => id));
}

/** Runs jobs with at most `most` under way, and answers in their order. */
async function sideBySide<T>(most: number, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const at = next++;
      results[at] = await jobs[at]!();
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, jobs.length) }, worker));
  return results;
}
