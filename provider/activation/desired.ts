import { type CelFilter, isOrganizationName } from "../certificate/properties";
import { type CheckFailure, type Properties, refusal } from "../lifecycle";
import { redact } from "../redact";
import { isUnknown, UNKNOWN } from "../unknown";

/**
 * A certificate that may stand behind one of the ids, as the TypeScript classes tell it. Check takes hints out again, so
 * that they are in no state. They choose words, find out what an unknown id will be, and say whether an anchor is held back
 * where its certificate is not asked about in this process, because the run is targeted or it has another provider.
 */
export interface Hint {
  /** Tells it from every other certificate of the program. */
  readonly urn: string | undefined;
  /** Undefined while it is unknown. */
  readonly id: string | undefined;
  readonly name: string;
  /** PEM; undefined while it is unknown, and where the id is known and says it all. */
  readonly certificate: string | undefined;
  /** Whose it will be: as the program names it; undefined for the default one, the sentinel while it is unknown. */
  readonly organization: string | undefined;
  /** The sentinel while it is unknown. */
  readonly adopt: boolean | string | undefined;
  /** The sentinel while it is unknown. */
  readonly celFilter: CelFilter | undefined;
  /** Whether the id was listed as it is; otherwise it was computed from the certificate's outputs, and may be another. */
  readonly isExact: boolean;
}

/** What a program wants of an active set, parsed once. */
export interface Desired {
  /** Known ids, each once, in the order given. */
  readonly ids: readonly string[];
  /** How many ids are not known yet; in preview only. */
  readonly unknown: number;
  readonly hints: readonly Hint[];
  /** Properties that are not known yet and without which there is no plan; in preview only. */
  readonly undecided: readonly string[];
  readonly exclusive: boolean;
  readonly ignored: readonly string[];
  /** True where it is unknown: preview then refuses nothing that the run may allow. */
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  /** Which of these two is unknown. */
  readonly unknownFlags: readonly ("takeOver" | "allowEmpty")[];
  readonly deactivateOnDelete: boolean;
  /** Client chains, PEM; those that are not known yet keep their places. */
  readonly requiredClients: readonly string[];
  readonly hasUnknownClients: boolean;
}

/** The name of the input that carries {@link Hint}s. */
export const HINTS = "certificateHints";

const FLAGS = ["exclusive", "takeOver", "allowEmpty", "deactivateOnDelete"] as const;
const LISTS = ["certificateIds", "ignoreCertificateIds", "requiredClients"] as const;

/** Wrong types, property by property. Unknown values pass. */
export function shapeProblems(news: Properties): CheckFailure[] {
  const problems: CheckFailure[] = [];
  if (news["certificateIds"] === undefined) {
    problems.push(refusal("certificateIds is required: the ids of the certificates to be active"));
  }
  for (const property of LISTS) {
    const value = news[property];
    if (value !== undefined && !isUnknown(value) && !isListOfText(value)) {
      problems.push(refusal(`${property} must be a list of non-empty strings`));
    }
  }
  for (const flag of FLAGS) {
    const value = news[flag];
    if (value !== undefined && !isUnknown(value) && typeof value !== "boolean") {
      problems.push(refusal(`${flag} must be true or false`));
    }
  }
  if (!isOrganizationName(news["organization"])) {
    problems.push(refusal("organization must be the name of a configured organization"));
  }
  const { ids, ignored } = desired(news);
  const both = problems.length > 0 ? [] : ids.filter((id) => ignored.includes(id));
  if (both.length > 0) {
    problems.push(
      refusal(
        `${both.map((id) => redact(id)).join(", ")} cannot be in certificateIds and in ignoreCertificateIds at once`,
      ),
    );
  }
  return problems;
}

/** The inputs as a typed object, defaults filled in. */
export function desired(news: Properties): Desired {
  const ids = list(news["certificateIds"]);
  const clients = list(news["requiredClients"]);
  return {
    ids: known(ids),
    unknown: ids.filter(isUnknown).length,
    hints: hints(news[HINTS]),
    undecided: undecided(news),
    exclusive: news["exclusive"] !== false,
    ignored: known(list(news["ignoreCertificateIds"])),
    takeOver: news["takeOver"] === true || isUnknown(news["takeOver"]),
    allowEmpty: news["allowEmpty"] === true || isUnknown(news["allowEmpty"]),
    unknownFlags: (["takeOver", "allowEmpty"] as const).filter((flag) => isUnknown(news[flag])),
    deactivateOnDelete: news["deactivateOnDelete"] === true,
    requiredClients: clients,
    hasUnknownClients: isUnknown(news["requiredClients"]) || clients.some(isUnknown),
  };
}

/** The inputs as state keeps them: without the hints. */
export function withoutHints(news: Properties): Properties {
  const { [HINTS]: _, ...inputs } = news;
  return inputs;
}

/** Whether any input is unknown, so that nothing final can be said. */
export function hasUnknown(news: Properties): boolean {
  return Object.values(news).some((value) => isUnknown(value) || (Array.isArray(value) && value.includes(UNKNOWN)));
}

/** Whether two texts of ids name the same set. */
export function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every((id) => other.includes(id)) && other.every((id) => one.includes(id));
}

/** The ids that a program has listed until now; undefined where there is no such list, as on create. */
export function listedIds(value: unknown): string[] | undefined {
  return Array.isArray(value) ? known(value) : undefined;
}

/** A list that is an output as a whole may hold any number of ids, known ones among them. */
function undecided(news: Properties): string[] {
  const { certificateIds, exclusive, ignoreCertificateIds } = news;
  return [
    ...(isUnknown(certificateIds) ? ["certificateIds"] : []),
    ...(isUnknown(exclusive) ? ["exclusive"] : []),
    ...(isUnknown(ignoreCertificateIds) || list(ignoreCertificateIds).some(isUnknown) ? ["ignoreCertificateIds"] : []),
  ];
}

/** Hints only choose words, so one that is not understood is passed over. */
function hints(value: unknown): Hint[] {
  return (Array.isArray(value) ? value : []).flatMap((given: unknown) => {
    if (given === null || typeof given !== "object") {
      return [];
    }
    const { urn, id, name, certificate, organization, adopt, celFilter, isExact } = given as Record<string, unknown>;
    return [
      {
        urn: text(urn),
        id: text(id),
        name: typeof name === "string" ? name : UNKNOWN,
        certificate: text(certificate),
        organization: typeof organization === "string" ? organization : undefined,
        adopt: typeof adopt === "boolean" || typeof adopt === "string" ? adopt : undefined,
        celFilter: celFilter as CelFilter | undefined,
        isExact: isExact === true,
      },
    ];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

function known(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((id): id is string => typeof id === "string" && !isUnknown(id)))];
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value : [];
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
}
