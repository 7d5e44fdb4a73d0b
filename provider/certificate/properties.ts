import type { CertificateInfo } from "../api/wire";
import { rfc3339 } from "../clock";
import { type CheckFailure, type Properties, refusal } from "../lifecycle";
import type { Organization } from "../organization";
import type { ParsedCertificate } from "../pem";
import { isUnknown } from "../unknown";

/** The CEL filter that people attach to a certificate in the dashboard; the API can neither set nor show it. */
export interface CelFilter {
  readonly expression: string;
  /** The id of the certificate to which a person says that it is attached. */
  readonly attachedTo?: string;
}

/** What a program gives. */
export interface CertificateInputs {
  /** PEM; canonical once checked. */
  readonly certificate: string;
  readonly name: string;
  readonly organization?: string;
  readonly adopt?: boolean | string;
  readonly celFilter?: CelFilter;
}

/** What state holds. Times are RFC 3339 in UTC. */
export interface CertificateState extends CertificateInputs {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly validAt: string;
  readonly expiresAt: string;
  /** The organization's own id, where the API sends it. */
  readonly organizationId?: string;
}

const INPUTS = ["certificate", "name", "organization", "adopt", "celFilter"] as const;
const OBSERVED = ["fingerprint", "createdAt", "validAt", "expiresAt", "organizationId"] as const;

/** Wrong types, property by property. Unknown values pass. */
export function shapeProblems(news: Properties): CheckFailure[] {
  const { certificate, name, organization, adopt, celFilter } = news;
  const problems: CheckFailure[] = [];
  if (typeof certificate !== "string") {
    problems.push(refusal("certificate is required, as a string: the text of one PEM certificate"));
  }
  if (typeof name !== "string" || name.trim() === "") {
    problems.push(refusal("name must be a non-empty string (default: the resource's name)"));
  }
  if (!isOrganizationName(organization)) {
    problems.push(refusal("organization must be the name of a configured organization"));
  }
  if (adopt !== undefined && typeof adopt !== "boolean" && (typeof adopt !== "string" || !isId(adopt))) {
    problems.push(
      refusal(
        "adopt must be true (no text, so without quotes), or the id of the certificate to take over, such as cert_abc",
      ),
    );
  }
  if (celFilter !== undefined && !isUnknown(celFilter) && !isFilter(celFilter)) {
    problems.push(
      refusal("celFilter must be an object with expression (a string) and, once the filter is attached, attachedTo"),
    );
  }
  return problems;
}

/** One word, which is no boolean in quotes: that would be looked for in vain, and the certificate uploaded a second time. */
function isId(text: string): boolean {
  return /^\S+$/.test(text) && !/^(?:true|false)$/i.test(text);
}

function isFilter(value: unknown): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return false;
  }
  const { expression, attachedTo } = value as Record<string, unknown>;
  const isText = (one: unknown) => typeof one === "string" && one.trim() !== "";
  return isText(expression) && (attachedTo === undefined || isText(attachedTo));
}

export function isOrganizationName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value !== "");
}

/** The inputs as a typed object, everything else left out; call after {@link shapeProblems}. */
export function certificateInputs(props: Properties): CertificateInputs {
  return pick(props, INPUTS) as unknown as CertificateInputs;
}

/** What state has observed, as it is. */
export function observedState(olds: Properties): Omit<CertificateState, keyof CertificateInputs> {
  return pick(olds, OBSERVED) as unknown as Omit<CertificateState, keyof CertificateInputs>;
}

function pick(props: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(keys.filter((key) => props[key] !== undefined).map((key) => [key, props[key]]));
}

/** State right after a certificate was uploaded or taken over. */
export function toState(
  { id }: Organization,
  inputs: CertificateInputs,
  parsed: ParsedCertificate,
  info: CertificateInfo,
): CertificateState {
  return {
    ...inputs,
    fingerprint: parsed.fingerprint,
    createdAt: rfc3339(new Date(info.createdAt * 1000)),
    validAt: rfc3339(parsed.validAt),
    expiresAt: rfc3339(parsed.expiresAt),
    ...(id === undefined ? {} : { organizationId: id }),
  };
}

/** The organization's name where it is known already. */
export function knownOrganization(news: Properties): string | undefined {
  const name = news["organization"];
  return typeof name === "string" && !isUnknown(name) ? name : undefined;
}
