import { isIP } from "node:net";
import type { Certificate, GeneralName, GeneralSubtree, RelativeDistinguishedNames } from "pkijs";
import { OID, parsedValue } from "./extensions";

// The choices of a GeneralName (RFC 5280, 4.2.1.6), by their tags.
const EMAIL = 1;
const DNS = 2;
const DIRECTORY = 4;
const URI = 6;
const IP = 7;
const EMAIL_ATTRIBUTE = "1.2.840.113549.1.9.1";

interface Name {
  readonly type: number;
  readonly value: unknown;
}

/** A certificate whose name an authority above it may not vouch for. Both by their index in the path, the leaf being 0. */
export interface NameViolation {
  readonly certificate: number;
  readonly authority: number;
}

/**
 * The first violation of name constraints on a path from the leaf to the anchor (RFC 5280, 4.2.1.10).
 *
 * pkijs 3.4 evaluates them too, but takes a certificate when a single one of its names is permitted, adds the permitted
 * names of several authorities up instead of intersecting them, leaves those of the anchor out (which OpenSSL and Go
 * honour), and knows neither an empty DNS constraint (all names) nor the forms it does not know (which it lets through).
 */
export function nameViolation(path: readonly Certificate[]): NameViolation | undefined {
  for (let authority = path.length - 1; authority > 0; authority -= 1) {
    const constraints = parsedValue<Constraints>(path[authority]!, OID.nameConstraints);
    if (!constraints) continue;
    for (let certificate = authority - 1; certificate >= 0; certificate -= 1) {
      const holder = path[certificate]!;
      // An authority may renew itself under its own name; only the leaf's own name always counts.
      if (certificate > 0 && holder.issuer.isEqual(holder.subject)) continue;
      if (!namesOf(holder).every((name) => isAllowed(name, constraints))) return { certificate, authority };
    }
  }
  return undefined;
}

interface Constraints {
  readonly permittedSubtrees?: readonly GeneralSubtree[];
  readonly excludedSubtrees?: readonly GeneralSubtree[];
}

/** All names of a certificate. Its subject's e-mail addresses count always, as in OpenSSL; RFC 5280 says so for some. */
function namesOf(certificate: Certificate): Name[] {
  const { typesAndValues } = certificate.subject;
  const addresses = typesAndValues.filter((attribute) => attribute.type === EMAIL_ATTRIBUTE);
  return [
    ...(typesAndValues.length > 0 ? [{ type: DIRECTORY, value: certificate.subject }] : []),
    ...addresses.map((attribute) => ({ type: EMAIL, value: attribute.value.valueBlock.value })),
    ...(parsedValue<{ altNames: GeneralName[] }>(certificate, OID.subjectAltName)?.altNames ?? []),
  ];
}

function isAllowed(name: Name, { permittedSubtrees = [], excludedSubtrees = [] }: Constraints): boolean {
  const ofForm = (subtrees: readonly GeneralSubtree[]) => subtrees.filter((subtree) => subtree.base.type === name.type);
  const [permitted, excluded] = [ofForm(permittedSubtrees), ofForm(excludedSubtrees)];
  if (permitted.length + excluded.length === 0) return true;
  const matches = matcher(name);
  // A constrained name that cannot be compared is refused, whichever way it is constrained.
  if (!matches) return false;
  const within = ({ base }: GeneralSubtree) => matches(base.value);
  return (permitted.length === 0 || permitted.some(within)) && !excluded.some(within);
}

/** How to compare one name with the base of a subtree of the same form; undefined where that is not defined. */
function matcher({ type, value }: Name): ((base: unknown) => boolean) | undefined {
  switch (type) {
    case DNS:
      return (base) => isDnsNameWithin(text(value), text(base));
    case EMAIL:
      return (base) => isAddressWithin(text(value), text(base));
    case URI: {
      const host = hostOf(text(value));
      return host === undefined ? undefined : (base) => isHostWithin(host, text(base));
    }
    case IP:
      return (base) => isIpWithin(bytes(value), bytes(base));
    case DIRECTORY:
      return (base) => isNameWithin(value as RelativeDistinguishedNames, base as RelativeDistinguishedNames);
    default:
      return undefined;
  }
}

/** A DNS constraint covers the name itself and all below it. Empty covers everything, here and below: RFC 5280 is silent. */
function isDnsNameWithin(name: string, base: string): boolean {
  return base === "" || name === base || name.endsWith(base.startsWith(".") ? base : `.${base}`);
}

/** The host of a URI or address: a constraint covers that host only, unless a leading dot says "all below". */
function isHostWithin(host: string, base: string): boolean {
  return base === "" || (base.startsWith(".") ? host.endsWith(base) : host === base);
}

function isAddressWithin(address: string, base: string): boolean {
  if (base.includes("@")) return address === base;
  return isHostWithin(address.slice(address.lastIndexOf("@") + 1), base);
}

function isIpWithin(address: Uint8Array, base: Uint8Array): boolean {
  const { length } = address;
  return base.length === 2 * length && address.every((byte, i) => ((byte ^ base[i]!) & base[length + i]!) === 0);
}

function isNameWithin(name: RelativeDistinguishedNames, base: RelativeDistinguishedNames): boolean {
  return base.typesAndValues.every((attribute, i) => name.typesAndValues[i]?.isEqual(attribute) ?? false);
}

/** Undefined where a URI has no host that is a domain name: RFC 5280 demands refusal of those where URIs are constrained. */
function hostOf(uri: string): string | undefined {
  const host = URL.canParse(uri) ? new URL(uri).hostname.toLowerCase() : "";
  return host === "" || host.startsWith("[") || isIP(host) ? undefined : host;
}

function text(value: unknown): string {
  return String(value).toLowerCase();
}

function bytes(value: unknown): Uint8Array {
  return (value as { valueBlock: { valueHexView: Uint8Array } }).valueBlock.valueHexView;
}
