import { HOST, lower, type NameConstraints } from "./constraints";
import type { Facts } from "./facts";
import { FORM, type GeneralName } from "./names";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

const COMMON_NAME = "2.5.4.3";
/** What OpenSSL takes for a host: two labels or more, none of which begins or ends with a hyphen. */
const LOOKS_LIKE_HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
/** Go's limit for one authority: no certificate that people use comes near it. */
const MAX_COMPARISONS = 250_000;

/**
 * Why an authority may not vouch for the certificates below it (RFC 5280, 4.2.1.10); `path` is from the leaf up to the
 * authority, which is its last. DNS names and IP addresses are compared. OpenSSL and Go compare more forms, webpki refuses
 * a name of any other form that is constrained at all, and Go refuses authorities that constrain directory names.
 */
export function constraintProblem(path: readonly Facts[], names: readonly string[]): Problem | undefined {
  const authority = path.at(-1)!;
  const itsName = names[path.length - 1]!;
  const constraints = authority.nameConstraints;
  if (!constraints) return undefined;
  const all = [...constraints.permitted, ...constraints.excluded];
  const odd = all.some(({ form }) => ![FORM.dns, FORM.ip, FORM.email, FORM.uri].includes(form as 1));
  if (odd)
    return refusedBySome("name-constraints", `${itsName} constrains other names than DNS, IP, e-mail and URI ones`);
  for (const [i, certificate] of path.slice(0, -1).entries()) {
    const presented = namesOf(certificate);
    if ((presented.length + certificate.subjectAttributes.length) * all.length > MAX_COMPARISONS) {
      return refusedBySome("name-constraints", `${names[i]} has too many names to check against ${itsName}`);
    }
    for (const name of presented) {
      const reason = `a name of ${names[i]} is outside the name constraints of ${itsName}`;
      const verdict = judge(name, constraints);
      if (verdict === "outside") return refusedByAll("name-constraints", reason);
      if (verdict === "unclear") return refusedBySome("name-constraints", `${reason}, or cannot be compared with them`);
    }
  }
  return commonNameProblem(path[0]!, names[0]!, constraints, itsName);
}

/** OpenSSL compares what looks like a host in the common name of a leaf without DNS names; Go and webpki never do. */
function commonNameProblem(leaf: Facts, name: string, constraints: NameConstraints, itsName: string) {
  const what = `the common name of ${name}, which counts as a DNS name where there is no other,`;
  for (const text of commonNamesOf(leaf)) {
    // It refuses this whatever the constraints are about.
    if (text.includes("\0"))
      return refusedBySome("name-constraints", `${what} cannot be compared with the name constraints of ${itsName}`);
    if (judge({ form: FORM.dns, content: Buffer.from(text) }, constraints) !== "within")
      return refusedBySome("name-constraints", `${what} is outside the name constraints of ${itsName}`);
  }
  return undefined;
}

/** All names of a certificate. OpenSSL also counts e-mail addresses of the subject. */
function namesOf({ subjectAttributes, alternativeNames = [] }: Facts): GeneralName[] {
  const addresses = subjectAttributes.filter(({ type }) => type === EMAIL_ADDRESS);
  return [
    ...addresses.map(({ text }) => ({ form: FORM.email, content: Buffer.from(text, "latin1") })),
    ...alternativeNames,
  ];
}

function commonNamesOf({ subjectAttributes, alternativeNames = [] }: Facts): string[] {
  if (alternativeNames.some(({ form }) => form === FORM.dns)) return [];
  const texts = subjectAttributes.filter(({ type }) => type === COMMON_NAME).map(({ text }) => text);
  return texts.filter((text) => text.includes("\0") || LOOKS_LIKE_HOST.test(text));
}

function judge(name: GeneralName, { permitted, excluded }: NameConstraints): "within" | "outside" | "unclear" {
  const ofForm = (bases: readonly GeneralName[]) =>
    bases.filter(({ form }) => form === name.form).map((one) => one.content);
  const [allowed, barred] = [ofForm(permitted), ofForm(excluded)];
  if (allowed.length + barred.length === 0) return "within";
  if (name.form === FORM.ip) {
    const within = (range: Buffer) => isInRange(name.content, range);
    return (allowed.length === 0 || allowed.some(within)) && !barred.some(within) ? "within" : "outside";
  }
  const host = lower(name.content).replace(/^\*\./, "");
  if (name.form !== FORM.dns || !HOST.test(host)) return "unclear";
  const isBarred = (one: Buffer) => isHostWithin(host, lower(one));
  if ((allowed.length > 0 && !allowed.some(isBarred)) || barred.some(isBarred)) return "outside";
  // Go also refuses a wildcard that could stand for an excluded name.
  const isWildcard = name.content[0] === 0x2a;
  return isWildcard && barred.some((one) => lower(one).endsWith(`.${host}`)) ? "unclear" : "within";
}

/** A DNS constraint covers the name itself and all below it, with a leading dot only those below; empty covers all. */
function isHostWithin(host: string, base: string): boolean {
  return base === "" || host === base || host.endsWith(base.startsWith(".") ? base : `.${base}`);
}

function isInRange(address: Buffer, range: Buffer): boolean {
  const { length } = address;
  return range.length === 2 * length && address.every((byte, i) => ((byte ^ range[i]!) & range[length + i]!) === 0);
}
