/** The rules of acceptance, by the name that verdicts carry; a name keeps its meaning between releases. */
export type Rule =
  /** It cannot be read as strictly as RFC 5280 is written. */
  | "encoding"
  | "validity"
  /** Extensions that are there twice, critical and unknown, or that verifiers treat differently. */
  | "extensions"
  | "extended-key-usage"
  | "key-usage"
  /** Missing or not matching key identifiers. */
  | "key-identifier"
  | "basic-constraints"
  | "path-length"
  | "name-constraints"
  /** Empty names, or names spelled differently in issuer and subject. */
  | "names"
  | "signature-algorithm"
  | "key"
  /** The issuer's name, but another key. */
  | "signature"
  /** An active anchor that bears the issuer's name fails, beside one that does not. */
  | "namesake"
  /** The presented certificates do not follow one another. */
  | "order"
  | "no-path"
  | "filter";

/** Why something is not accepted: the rule, and the end of a sentence. `differs`: some mainstream verifiers accept it. */
export interface Problem {
  readonly rule: Rule;
  readonly reason: string;
  readonly differs: boolean;
}

/** What no mainstream verifier accepts, or the API does not by its documentation. */
export function refusedByAll(rule: Rule, reason: string): Problem {
  return { rule, reason, differs: false };
}

/** What at least one of OpenSSL (with or without its strict checks), Go and webpki refuses, and another accepts. */
export function refusedBySome(rule: Rule, reason: string): Problem {
  return { rule, reason, differs: true };
}

/** The reason with a word about verifiers that differ. */
export function reasonOf({ reason, differs }: Problem): string {
  return differs ? `${reason} (some TLS verifiers accept this and others do not)` : reason;
}
