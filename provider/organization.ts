import type { CertificatesApi } from "./api/certificates";
import type { CertificateInfo, CertificateWithContent, ListedCertificate } from "./api/wire";
import type { Authors } from "./authors";
import { CertificatesInUse } from "./certificate/inUse";
import type { Clock } from "./clock";
import { Held } from "./held";
import type { Evidence } from "./rightOrganization";
import { Run } from "./run";
import { SharedList, Writes } from "./sharedList";

/** How old a shared list may be for showing and comparing. A run that takes longer lists again. */
const LOOK_MS = 2 * 60 * 1000;
/** How old it may be for deciding what to write. The engine checks, diffs and updates a resource within moments. */
const DECIDE_MS = 10 * 1000;

let opened = 0;

/**
 * One organization during one run of the engine: its API and what was seen of it. A provider process serves a whole
 * operation, so that all resources share this.
 */
export class Organization {
  readonly run: Run;
  readonly use: CertificatesInUse;
  /** Tells organizations apart whose API does not say which they are. */
  readonly number = opened++;
  private readonly writes = new Writes();
  private readonly lists = new Map<string, SharedList<ListedCertificate>>();
  private readonly contents = new Map<string, Promise<CertificateWithContent>>();
  private readonly declared = new Map<string, string>();
  private readonly turns = new Map<string, Promise<unknown>>();
  /** The headers that states keep of certificates that exist here: this organization's, also those from before a renaming. */
  private readonly proven = new Set<string>();
  private beforeRun: Promise<ListedCertificate[]> | undefined;

  constructor(
    /** As the program names it; undefined for the default one. */
    readonly name: string | undefined,
    readonly api: CertificatesApi,
    private readonly clock: Clock,
    readonly authors: Authors,
    held = new Held(),
  ) {
    this.run = new Run(held);
    this.use = new CertificatesInUse(api, this.label);
  }

  /** The organization's own id, from the `openai-organization` header; undefined where the API has not sent it (yet). */
  get id(): string | undefined {
    return this.api.organizationId;
  }

  /** For messages: `the organization` or `organization "eu"`. */
  get label(): string {
    return this.name === undefined ? "the organization" : `organization "${this.name}"`;
  }

  /**
   * Whether this is the organization of a state that keeps the header `recorded`, given whether any certificate of that state
   * exists. One that does proves it for all that keep the same header: where an organization was renamed, its certificates
   * in state prove that those missing beside them are really gone.
   */
  evidence(recorded: string | undefined, exists: boolean): Evidence {
    if (exists && recorded !== undefined) {
      this.proven.add(recorded);
    }
    return { recorded, seen: this.id, exists: exists || (recorded !== undefined && this.proven.has(recorded)) };
  }

  /** All certificates, for showing and comparing. */
  look(projectId?: string): Promise<ListedCertificate[]> {
    return this.list(projectId).look({ maxAgeMs: LOOK_MS });
  }

  /** All certificates, recent enough to decide on a write. */
  lookToDecide(projectId?: string): Promise<ListedCertificate[]> {
    return this.list(projectId).look({ maxAgeMs: DECIDE_MS });
  }

  /** All certificates, from a list walk of its own. */
  lookAgain(projectId?: string): Promise<ListedCertificate[]> {
    return this.list(projectId).look({ maxAgeMs: -1 });
  }

  /** One certificate out of the shared list; undefined where it is not listed. */
  async find(id: string): Promise<ListedCertificate | undefined> {
    const all = await this.list(undefined).look({ maxAgeMs: LOOK_MS, concerning: id });
    return all.find((certificate) => certificate.id === id);
  }

  /** What was there before this run uploaded anything. */
  seenBeforeRun(): Promise<ListedCertificate[]> {
    if (this.beforeRun === undefined) {
      const look = this.look();
      this.beforeRun = look;
      look.catch(() => {
        this.beforeRun = undefined;
      });
    }
    return this.beforeRun;
  }

  /** A certificate with its PEM, fetched once: the API cannot change the content behind an id. */
  content(id: string): Promise<CertificateWithContent> {
    let content = this.contents.get(id);
    if (content === undefined) {
      content = this.api.retrieveWithContent(id);
      this.contents.set(id, content);
      content.catch(() => this.contents.delete(id));
    }
    return content;
  }

  /** A certificate's PEM: what this program declares for it, else fetched. */
  async pem(id: string): Promise<string> {
    return this.declared.get(id) ?? (await this.content(id)).content;
  }

  /** Notes the PEM that a resource of this program holds under an id. */
  declare(id: string, pem: string): void {
    this.declared.set(id, pem);
  }

  async upload(name: string, pem: string): Promise<CertificateInfo> {
    // Everything seen before the first upload is remembered first: that is how a lost upload is found again.
    await this.seenBeforeRun();
    return this.writes.during([], () => this.api.upload(name, pem));
  }

  rename(id: string, name: string): Promise<CertificateInfo> {
    return this.writes.during([id], () => this.api.rename(id, name));
  }

  delete(id: string): Promise<void> {
    return this.writes.during([id], () => this.api.delete(id));
  }

  activate(ids: readonly string[], projectId?: string): Promise<ListedCertificate[]> {
    return this.writes.during([], () => this.api.activate(ids, projectId));
  }

  deactivate(ids: readonly string[], projectId?: string): Promise<ListedCertificate[]> {
    const deactivating = this.writes.during([], () => this.api.deactivate(ids, projectId));
    return deactivating.finally(() => this.use.deactivated());
  }

  /** One at a time for each `key`: the uploads of one content, and the changes of one active set. */
  inTurn<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(work);
    this.turns.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private list(projectId: string | undefined): SharedList<ListedCertificate> {
    const key = projectId ?? "";
    let list = this.lists.get(key);
    if (list === undefined) {
      list = new SharedList(
        () => this.api.list(projectId),
        this.writes,
        () => this.clock.now(),
      );
      this.lists.set(key, list);
    }
    return list;
  }
}
