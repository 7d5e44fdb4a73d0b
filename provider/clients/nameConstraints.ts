import { isIPv4 } from "node:net";
import { lower, type NameConstraints } from "./constraints";
import { isCovered, isDnsBase, isDnsName, mayStandFor } from "./dnsName";
import type { Facts } from "./facts";
import { FORM, type GeneralName, hostOf } from "./names";
import { type Problem, refusedByAll, refusedBySome } from "./rules";

const COMMON_NAME = "2.5.4.3";
/** What OpenSSL takes for a host: two labels or more, none of which begins or ends with a hyphen. */
const LOOKS_LIKE_HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
/** What every verifier reads as one (RFC 2821), without quotes. */
const MAILBOX = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9-]+\.)*[a-z0-9-]+$/i;
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
    if (placeOfHost(text.toLowerCase(), constraints) === "outside")
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

type Place = "within" | "outside" | "unclear";

function judge(name: GeneralName, constraints: NameConstraints): Place {
  const { allowed, barred } = basesOf(name.form, constraints);
  if (allowed.length + barred.length === 0) return isParsed(name) ? "within" : "unclear";
  if (name.form === FORM.ip) return placeOf(allowed, barred, (range) => isInRange(name.content, range));
  if (name.form !== FORM.dns) return "unclear";
  const host = lower(name.content);
  if (placeOfHost(host, constraints) === "outside") return "outside";
  const bases = [...allowed, ...barred].map(lower);
  const isReadable = isDnsName(host) && bases.every(isDnsBase);
  // Go and webpki also refuse a wildcard that could stand for an excluded name.
  return isReadable && !barred.some((base) => mayStandFor(host, lower(base))) ? "within" : "unclear";
}

/** Whatever the constraints are about, Go parses these names, a URI for its host, which must not be an address. */
function isParsed({ form, content }: GeneralName): boolean {
  const text = content.toString("latin1");
  if (form === FORM.email) return MAILBOX.test(text);
  return form !== FORM.uri || (/^[^[]/.test(hostOf(text)) && !isIPv4(hostOf(text)));
}

function placeOfHost(host: string, constraints: NameConstraints): "within" | "outside" {
  const { allowed, barred } = basesOf(FORM.dns, constraints);
  return placeOf(allowed, barred, (base) => isCovered(host, lower(base)));
}

function placeOf(allowed: readonly Buffer[], barred: readonly Buffer[], isBelow: (base: Buffer) => boolean) {
  return (allowed.length === 0 || allowed.some(isBelow)) && !barred.some(isBelow) ? "within" : "outside";
}

function basesOf(form: number, { permitted, excluded }: NameConstraints) {
  const ofForm = (bases: readonly GeneralName[]) => bases.filter((one) => one.form === form).map((one) => one.content);
  return { allowed: ofForm(permitted), barred: ofForm(excluded) };
}

function isInRange(address: Buffer, range: Buffer): boolean {
  const { length } = address;
  return range.length === 2 * length && address.every((byte, i) => ((byte ^ range[i]!) & range[length + i]!) === 0);
}
