/** A fault put back in place of its fix, and the words of the model by which random sequences have to find it. */
export interface Sabotage {
  readonly fault: string;
  readonly file: string;
  /** Text that is in the file once, and what takes its place. */
  readonly from: string;
  readonly to: string;
  readonly finds: RegExp;
  /** The first seed that found it, at which the search begins. */
  readonly seed: number;
}

/** By the name that `--sabotage` takes. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "1": {
    fault: "a refresh counts as the program's word that it holds a certificate: it is forgotten, and not deleted",
    file: "provider/certificate/diff.ts",
    from: "const isDeclared = session.expected.arrive(news);",
    to: "const isDeclared = true;",
    finds: /state has forgotten/,
    seed: 14,
  },
  "2": {
    fault: "another name for the same organization replaces certificates",
    file: "provider/certificate/diff.ts",
    from: "!(await isSameOrganization(session, id, olds, news))",
    to: "true",
    finds: /was uploaded|has taken|was to be deleted|though nothing forbids/,
    seed: 171,
  },
  "2-names": {
    fault: "two exclusive activations under two names of one organization take turns",
    file: "provider/session.ts",
    from: 'return first === (name ?? "") ? undefined : first;',
    to: "return undefined;",
    finds: /(live|in state): found/,
    seed: 14195,
  },
  "3": {
    fault: "an activation that is renamed and moved to another provider, or deleted, ends enforcement (case 9 too)",
    file: "provider/activation/remove.ts",
    from: "  if (deactivateOnDelete) {",
    to: "  if (deactivateOnDelete !== undefined) {",
    finds: /enforcement ended/,
    seed: 6,
  },
  "4": {
    fault: "two activations of one scope take turns, and lock each other's required clients out (cases 5 and 6 too)",
    file: "provider/activation/oneScope.ts",
    from: "return first.by.key === by.key\n",
    to: "return first.by.key !== undefined\n",
    finds: /live: found|though \w+ wants it|was locked out/,
    seed: 111,
  },
  "7": {
    fault: "a refresh with the key of another organization forgets everything",
    file: "provider/rightOrganization.ts",
    from: 'return recorded === seen ? "same" : "other";',
    to: 'return "same";',
    finds: /state has forgotten/,
    seed: 21,
  },
  "8": {
    fault: "a refresh makes an anchor that was activated by hand the program's own, and a delete takes it away",
    file: "provider/activation/read.ts",
    from: ": inputsOf(at);\n  // Filled in",
    to: ": { ...inputsOf(at), certificateIds: live };\n  // Filled in",
    finds: /a refresh made cert_\w+ \w+'s own/,
    seed: 11,
  },
  "10": {
    fault: "a refresh drops an activation with a deliberately empty set where an anchor was activated by hand",
    file: "provider/activation/lifecycle.ts",
    from: "    return { id, ...observed(session(), here, at, until, listed) };",
    to: "    if (until?.listed.length === 0 && listed.some(({ active }) => active)) return {};\n    return { id, ...observed(session(), here, at, until, listed) };",
    finds: /a refresh dropped the activation/,
    seed: 70,
  },
  "11": {
    fault: "what a replacement has adopted again is deleted with its old copy, in a later run",
    file: "provider/certificate/delete.ts",
    from: "const holder = organization.run.held.by(id);",
    to: "const holder = undefined;",
    finds: /was to be deleted, though \w+ holds it/,
    seed: 335,
  },
  "12": {
    fault: "preview announces the activation of adopted anchors that are active already",
    file: "provider/activation/situation.ts",
    from: "    if (adoption.take !== undefined) {",
    to: "    if (adoption.take !== undefined && seen.size === 0) {",
    finds: /preview announced what the run did not do/,
    seed: 10,
  },
  "13": {
    fault: "required clients are not asked before the run",
    file: "provider/activation/verdict.ts",
    from: "  if (refused.length > 0 || situation.unexplained > 0) {",
    to: "  if (refused.length > 0 || situation.uploads.length > 0) {",
    finds: /preview did not refuse/,
    seed: 90,
  },
  "14": {
    fault: "more uploads than the organization has room for pass preview",
    file: "provider/certificate/announce.ts",
    from: "  if (there + uploads <= MOST_CERTIFICATES) {",
    to: "  if (there + uploads <= 2 * MOST_CERTIFICATES) {",
    finds: /preview did not refuse/,
    seed: 5048,
  },
  "15": {
    fault: "checked inputs hold hints, which the run will hold otherwise: up --plan refuses them",
    file: "provider/activation/lifecycle.ts",
    from: "    const inputs = withoutHints(news);",
    to: "    const inputs = news;",
    finds: /violates plan/,
    seed: 2,
  },
  "16": {
    fault: "adopt that names what is gone or has another content is refused",
    file: "provider/certificate/adoption.ts",
    from: "return { take: undefined, because:",
    to: "return { refused:",
    finds: /though nothing forbids it|did not go through/,
    seed: 184,
  },
  filters: {
    fault: "while a listed anchor waits for its CEL filter, the one that it takes over from goes",
    file: "provider/activation/plan.ts",
    from: "  const deactivate = isWaiting ? [] : surplus;",
    to: "  const deactivate = surplus;",
    finds: /which nothing asked for/,
    seed: 42,
  },
};
