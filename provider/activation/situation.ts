import type { ListedCertificate } from "../api/wire";
import { resolveAdoption } from "../certificate/adoption";
import { isFilterUnknown, noteFilter } from "../certificate/filter";
import { parsePem } from "../pem";
import { isUnknown } from "../unknown";
import type { Desired, Hint } from "./desired";
import type { Situation } from "./plan";
import type { Scope } from "./scope";
import type { Before } from "./state";

/** A certificate that is going to be uploaded. */
export interface Upload {
  readonly name: string;
  readonly pem: string;
  readonly validAt: Date;
  readonly expiresAt: Date;
}

/** What an unknown id may be; `adopts`: the existing certificate. */
export interface Candidate {
  readonly name: string;
  readonly adopts: string | undefined;
  readonly isHeldBack: boolean;
}

/** A situation as one activation sees it, with what its unknown ids are going to be. */
export interface Seen extends Situation {
  /** Wanted ids that a certificate of this run takes over. */
  readonly adopted: ReadonlySet<string>;
  /** Uploads that unknown ids stand for. */
  readonly uploads: readonly Upload[];
  /** Names of uploads that are held back, because their CEL filter cannot be attached before they have an id. */
  readonly waitingNames: readonly string[];
  /** How many of the unknown ids may be anything, live already or not; in preview only. */
  readonly unexplained: number;
  readonly candidates: readonly Candidate[];
  /** Whether this resource answered for the whole set before. */
  readonly wasExclusive: boolean;
}

interface Explained {
  readonly adopted: string[];
  readonly uploads: Upload[];
  readonly waitingNames: string[];
}

/** Puts together what a plan depends on. Asks the API only about certificates that unknown ids may take over. */
export async function situationOf(
  scope: Scope,
  wanted: Desired,
  before: Before | undefined,
  listed: readonly ListedCertificate[],
): Promise<Seen> {
  const { run } = scope.organization;
  // An import has read what is live; no program has listed any of it until now.
  const answered = run.imported.has(scope.id) ? undefined : before;
  const explained = await explain(scope, wanted);
  const ids = [...new Set([...wanted.ids, ...(explained?.adopted ?? [])])];
  const heldBack = ids.filter((id) => isHeldBack(scope, wanted, before, id));
  const unexplained = explained === undefined ? wanted.unknown : 0;
  return {
    wanted: ids.filter((id) => !heldBack.includes(id)),
    heldBack,
    unknown: unexplained + (explained?.uploads.length ?? 0),
    waiting: explained?.waitingNames.length ?? 0,
    live: listed.filter(({ active }) => active),
    exclusive: wanted.exclusive,
    ignored: wanted.ignored,
    listedBefore: answered?.listed,
    adopted: new Set([...(explained?.adopted ?? []), ...takenOver(scope, ids)]),
    uploads: explained?.uploads ?? [],
    waitingNames: explained?.waitingNames ?? [],
    unexplained,
    candidates: unexplained === 0 && wanted.undecided.length === 0 ? [] : candidatesOf(scope, wanted),
    wasExclusive: answered?.exclusive === true,
  };
}

/** What each unknown id is going to be, where the program's own certificates stand behind all of them. */
async function explain(scope: Scope, wanted: Desired): Promise<Explained | undefined> {
  const hints = wanted.hints.filter(({ id, isExact }) => isExact && id === undefined);
  if (hints.length !== wanted.unknown) {
    return undefined;
  }
  const explained: Explained = { adopted: [], uploads: [], waitingNames: [] };
  const seen = new Set<string | undefined>();
  for (const { urn, certificate, name, adopt, celFilter } of hints) {
    const parsed = certificate === undefined ? undefined : parsePem(certificate);
    if (parsed === undefined || "problem" in parsed || isUnknown(adopt) || isFilterUnknown(celFilter)) {
      return undefined;
    }
    const { pem, validAt, expiresAt } = parsed.certificate;
    // One certificate may be listed twice.
    if (urn !== undefined && seen.has(urn)) {
      continue;
    }
    seen.add(urn);
    const adoption = await resolveAdoption(scope.organization, parsed.certificate, adopt, name);
    if ("refused" in adoption) {
      return undefined;
    }
    if (adoption.take !== undefined) {
      explained.adopted.push(adoption.take.id);
      noteFilter(scope.organization, adoption.take.id, { celFilter });
    } else if (celFilter !== undefined) {
      explained.waitingNames.push(name);
    } else {
      explained.uploads.push({ name, pem, validAt, expiresAt });
    }
  }
  return explained;
}

/**
 * Whether a listed anchor waits for its CEL filter: by what the certificate's own calls in this process have found, else
 * as the hint has it, else, where a run is targeted and says nothing of the certificate, as it was before.
 */
function isHeldBack({ organization }: Scope, { hints }: Desired, before: Before | undefined, id: string): boolean {
  const { filters } = organization.run;
  const hint = hints.find((one) => one.isExact && one.id === id);
  if (hint !== undefined && !filters.has(id)) {
    noteFilter(organization, id, hint);
  }
  return filters.has(id) ? filters.get(id)?.isAttached === false : (before?.heldBack.includes(id) ?? false);
}

/**
 * Whether only state tells if one of the listed anchors waits for its CEL filter: it was listed before, it is not active, and
 * nothing in this run says what the program declares of it, because the run is targeted and the language gives no hints.
 */
export function isLeftToState(
  { organization }: Scope,
  { ids, hints }: Desired,
  before: Before | undefined,
  listed: readonly ListedCertificate[],
): boolean {
  const active = new Set(listed.filter((one) => one.active).map(({ id }) => id));
  const isHinted = ({ isExact, celFilter }: Hint) => isExact && !isFilterUnknown(celFilter);
  const isSaid = (id: string) =>
    organization.run.filters.has(id) || hints.some((one) => one.id === id && isHinted(one));
  return ids.some((id) => before?.listed.includes(id) && !active.has(id) && !isSaid(id));
}

/** What the checks of this run have found out about a certificate says more than its hint, which would be a second one. */
function candidatesOf({ organization: { run } }: Scope, { hints }: Desired): Candidate[] {
  const found = [...run.unnamed, ...[...run.unread].map(unread)];
  const isFound = ({ name }: Candidate) => found.some((one) => one.name === name);
  return [...hints.flatMap(candidate).filter((one) => !isFound(one)), ...found];
}

function candidate({ id, name, celFilter, adopt }: Hint): Candidate[] {
  const isHeldBack = celFilter !== undefined && adopt === undefined;
  return id === undefined ? [{ name, adopts: undefined, isHeldBack }] : [];
}

function unread(name: string): Candidate {
  return { name, adopts: undefined, isHeldBack: false };
}

/** Known ids that certificates of this run take over: an engine that asks for a create's outputs in preview has told them. */
function takenOver({ organization }: Scope, ids: readonly string[]): string[] {
  return organization.run.coming.flatMap(({ adopts }) => (adopts !== undefined && ids.includes(adopts) ? adopts : []));
}
