import { isOrganizationName } from "../certificate/inputs";
import { type CheckFailure, type Properties, refusal } from "../lifecycle";
import { isUnknown, UNKNOWN } from "../unknown";

/** What a program gives for an active set, once checked. */
export interface ActivationInputs {
  /** Known ids, sorted, each once. */
  readonly wanted: readonly string[];
  /** How many ids are not known yet; in preview only. */
  readonly unknown: number;
  /** Properties that are not known yet and without which there is no plan; in preview only. */
  readonly undecided: readonly string[];
  readonly exclusive: boolean;
  readonly ignored: readonly string[];
  readonly takeOver: boolean;
  readonly allowEmpty: boolean;
  /** Client chains, PEM; in preview, also unknown ones. */
  readonly requiredClients: readonly string[];
}

const FLAGS = ["exclusive", "takeOver", "allowEmpty"] as const;
const LISTS = ["certificateIds", "ignoreCertificateIds", "requiredClients"] as const;

/** Wrong types, property by property. Unknown values pass. */
export function shapeProblems(news: Properties): CheckFailure[] {
  const problems: CheckFailure[] = [];
  if (news["certificateIds"] === undefined) {
    problems.push(refusal("certificateIds is required: the ids of the certificates to be active"));
  }
  for (const list of LISTS) {
    const value = news[list];
    if (value !== undefined && !isUnknown(value) && !isListOfText(value)) {
      problems.push(refusal(`${list} must be a list of texts that are not empty`));
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
  if (problems.length === 0) {
    const { wanted, ignored } = activationInputs(news);
    const both = wanted.filter((id) => ignored.includes(id));
    if (both.length > 0) {
      problems.push(refusal(`${both.join(", ")} cannot be in certificateIds and in ignoreCertificateIds at once`));
    }
  }
  return problems;
}

/** The inputs with the set in canonical order, so that order and repetition never show as a change. */
export function canonicalActivation(news: Properties): Properties {
  const canonical = { ...news };
  for (const list of ["certificateIds", "ignoreCertificateIds"]) {
    const value = news[list];
    if (Array.isArray(value)) {
      canonical[list] = [...new Set(known(value)), ...value.filter(isUnknown)];
    }
  }
  return canonical;
}

/** The inputs as a typed object, defaults filled in; call after {@link shapeProblems}. */
export function activationInputs(news: Properties): ActivationInputs {
  const ids = news["certificateIds"];
  return {
    wanted: known(ids),
    unknown: isUnknown(ids) ? 1 : list(ids).filter(isUnknown).length,
    undecided: undecided(news),
    exclusive: news["exclusive"] !== false,
    ignored: known(news["ignoreCertificateIds"]),
    takeOver: news["takeOver"] === true,
    allowEmpty: news["allowEmpty"] === true,
    requiredClients: list(news["requiredClients"]),
  };
}

/** Whether any input is unknown, so that nothing final can be said. */
export function hasUnknown(news: Properties): boolean {
  return Object.values(news).some((value) => isUnknown(value) || (Array.isArray(value) && value.includes(UNKNOWN)));
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

function known(value: unknown): string[] {
  return [...new Set(list(value).filter((id) => !isUnknown(id)))].sort();
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value : [];
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
}
