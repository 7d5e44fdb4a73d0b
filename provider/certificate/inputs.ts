import { type CheckFailure, type Properties, refusal } from "../lifecycle";
import { isUnknown } from "../unknown";

/** What a program gives. */
export interface CertificateInputs {
  /** PEM; canonical once checked. */
  readonly certificate: string;
  readonly name: string;
  readonly organization?: string;
  readonly adopt?: boolean | string;
}

/** What state holds. Times are RFC 3339 in UTC. */
export interface CertificateState extends CertificateInputs {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly validAt: string;
  readonly expiresAt: string;
}

/** Wrong types, property by property. Unknown values pass. */
export function shapeProblems(news: Properties): CheckFailure[] {
  const { certificate, name, organization, adopt } = news;
  const problems: CheckFailure[] = [];
  if (typeof certificate !== "string") {
    problems.push(refusal("certificate is required: the text of one PEM certificate"));
  }
  if (typeof name !== "string" || name.trim() === "") {
    problems.push(refusal("name must be text that is not empty (it defaults to the resource's name)"));
  }
  if (!isOrganizationName(organization)) {
    problems.push(refusal("organization must be the name of a configured organization"));
  }
  if (adopt !== undefined && typeof adopt !== "boolean" && (typeof adopt !== "string" || adopt === "")) {
    problems.push(refusal("adopt must be true, or the id of the certificate to take over"));
  }
  return problems;
}

export function isOrganizationName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value !== "");
}

/** The inputs as a typed object, `__provider` and undefined properties left out; call after {@link shapeProblems}. */
export function certificateInputs(news: Properties): CertificateInputs {
  const { certificate, name, organization, adopt } = news as unknown as CertificateInputs;
  return {
    certificate,
    name,
    ...(organization === undefined ? {} : { organization }),
    ...(adopt === undefined ? {} : { adopt }),
  };
}

/** The organization's name where it is known already. */
export function knownOrganization(news: Properties): string | undefined {
  const name = news["organization"];
  return typeof name === "string" && !isUnknown(name) ? name : undefined;
}
