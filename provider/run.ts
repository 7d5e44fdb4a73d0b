import type { Held } from "./held";
import type { Properties } from "./lifecycle";
import { stableText } from "./stableText";

/** What the check of a Certificate found that creating it will do; known before the certificate has an id. */
export interface Coming {
  /** As the program gives it; the sentinel of an unknown value where it is not known yet. */
  readonly name: string;
  readonly fingerprint: string;
  readonly pem: string;
  readonly validAt: Date;
  readonly expiresAt: Date;
  /** As the program gives it. */
  readonly adopt: boolean | string | undefined;
  /** The existing certificate that will be taken over; undefined for an upload. */
  readonly adopts: string | undefined;
  /** Whether it will be held back from active sets, because its CEL filter can only be attached once it has an id. */
  readonly isHeldBack: boolean;
  /** A replacement is checked twice: as a change, and once more as a first creation, without `ignoreChanges`. */
  readonly isCheckedAgain: boolean;
}

/** A CEL filter as the program declares it, and whether a person says that it is attached to this id. */
export interface DeclaredFilter {
  readonly expression: string;
  readonly isAttached: boolean;
}

/** What the organization's activation is going to make of its set. */
export interface PlannedSet {
  /** Those that have ids. */
  readonly ids: readonly string[];
  readonly uploads: readonly { readonly name: string; readonly pem: string }[];
  /** Whether that is all; in preview, ids may be unknown that nothing explains. */
  readonly isKnown: boolean;
  /** Whether it may lock out clients that are accepted today. */
  readonly takesAway: boolean;
}

/**
 * What the resources of one organization tell each other within one run of the engine. A run may be targeted, refreshed,
 * or spread over several processes, so nothing here is complete: it may refuse something, hold a deletion back or find a
 * better word. It never causes a deletion or a deactivation, and never makes a resource forget.
 */
export class Run {
  /** The declared filter behind an id, undefined where the program declares none. */
  readonly filters = new Map<string, DeclaredFilter | undefined>();
  /** Why the admin key seems to belong to another organization; creates, which have no state of their own, ask for it. */
  wrongOrganization: string | undefined;
  /** Decides for projects without a set of their own; undefined before the organization's activation is checked. */
  plannedSet: PlannedSet | undefined;
  /** By project without a set of its own, the client chains that it requires: the organization's set decides for these. */
  readonly relyingClients = new Map<string, readonly string[]>();
  /** The same of projects whose set is empty for as long as this run has not filled it. */
  readonly uncovered = new Map<string, readonly string[]>();
  /** Names of certificates whose content, or what they adopt, is not known yet. */
  readonly unread = new Set<string>();
  /**
   * Ids of certificates and scopes that this run imports, which only the native plugin can. An import that has taken the wrong
   * id is not carried on with a replacement, and one that has taken a set deactivates nothing of it without takeOver.
   */
  readonly imported = new Set<string>();
  private readonly announced = new Set<Coming>();
  private readonly told = new Set<string>();

  constructor(readonly held: Held) {}

  /** Notes what a check found. */
  announce(coming: Coming): void {
    this.announced.add(coming);
  }

  /**
   * Forgets what the first check of a replacement by this content found, because its second check is going to find it anew.
   * That may be under another name, and which of several such replacements it is does not matter: each has a second check.
   */
  checkAgain(fingerprint: string): void {
    const first = this.coming.find((one) => one.isCheckedAgain && one.fingerprint === fingerprint);
    if (first !== undefined) {
      this.announced.delete(first);
    }
  }

  get coming(): Coming[] {
    return [...this.announced];
  }

  /** The name of the certificate that is announced to take over an existing one, and that is not `own`. */
  otherAdopter(id: string, own: (one: Coming) => boolean): string | undefined {
    return this.coming.find((one) => one.adopts === id && !own(one))?.name;
  }

  /** Notes that a preview has told the program an id that will be taken over: an id that is not known is another one. */
  tell(id: string): void {
    this.told.add(id);
  }

  hasTold(id: string): boolean {
    return this.told.has(id);
  }

  /** What an id that is not known may be. */
  get unnamed(): Coming[] {
    return this.coming.filter(({ adopts }) => adopts === undefined || !this.told.has(adopts));
  }
}

/**
 * The inputs that checks of this process have accepted. The engine also asks for diffs while it refreshes, before any
 * check, about inputs that the program may be about to change: such a diff must neither refuse nor speak.
 */
export class CheckedInputs {
  private readonly seen = new Map<string, Properties>();

  /** `given`: what the program gave, with what check takes out again. */
  add(inputs: Properties, given = inputs): void {
    this.seen.set(stableText(inputs, "__provider"), given);
  }

  has(inputs: Properties): boolean {
    return this.given(inputs) !== undefined;
  }

  /** What the program gave for these inputs; undefined where no check has accepted them. */
  given(inputs: Properties): Properties | undefined {
    return this.seen.get(stableText(inputs, "__provider"));
  }
}

/**
 * The checks of resources that are in state and whose content has not changed: a diff about the same inputs follows each. A
 * diff more than that is a refresh's, about a resource that the program may have dropped.
 */
export class ExpectedDiffs {
  private readonly open = new Map<string, number>();

  expect(inputs: Properties): void {
    const key = stableText(inputs, "__provider");
    this.open.set(key, (this.open.get(key) ?? 0) + 1);
  }

  /** Whether this diff is one of those; asked once by each diff. */
  arrive(inputs: Properties): boolean {
    const key = stableText(inputs, "__provider");
    const count = this.open.get(key) ?? 0;
    this.open.set(key, Math.max(0, count - 1));
    return count > 0;
  }
}
