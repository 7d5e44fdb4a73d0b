import * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/errors";
import type { Organization } from "../provider/organization";
import type { Recency } from "./lookup/find";

/** Which certificate: by exactly one of `id` and `name`. */
export interface GetCertificateArgs {
  id?: string | undefined;
  /** The name as it is in the organization; an error where several have it. */
  name?: string | undefined;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. */
  organization?: string | undefined;
}

/** As {@link GetCertificateArgs}, with values that may not be known yet. */
export interface GetCertificateOutputArgs {
  id?: pulumi.Input<string | undefined>;
  name?: pulumi.Input<string | undefined>;
  organization?: pulumi.Input<string | undefined>;
}

/** Which certificates. */
export interface GetCertificatesArgs {
  /** True: those in the organization's active set; false: the others. Default: all. */
  active?: boolean | undefined;
  /** Which organization of `openai:organizations`; default: the one of `openai:adminKey`. */
  organization?: string | undefined;
}

/** As {@link GetCertificatesArgs}, with values that may not be known yet. */
export interface GetCertificatesOutputArgs {
  active?: pulumi.Input<boolean | undefined>;
  organization?: pulumi.Input<string | undefined>;
}

/** A certificate as lists show it. Times are RFC 3339, UTC. */
export interface CertificateSummary {
  id: string;
  /** Empty where it has none. */
  name: string;
  /** When it was uploaded. */
  createdAt: string;
  /** Start of its validity; missing where the API does not list it. */
  validAt?: string;
  /** End of its validity; missing where the API does not list it. */
  expiresAt?: string;
  /** Whether it is in the organization's active set; a project's is another matter. */
  active: boolean;
}

/** A certificate with its content. */
export interface GetCertificateResult extends CertificateSummary {
  /** Canonical PEM. */
  certificate: string;
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string;
  validAt: string;
  expiresAt: string;
}

/**
 * Reads one certificate of an organization, which nothing needs to declare. Costs one call for its content, and a list
 * that all functions of a run share. Rejects with a RunError where there is not exactly one.
 */
export function getCertificate(args: GetCertificateArgs): Promise<GetCertificateResult> {
  return readCertificate(args, "shared");
}

/** As {@link getCertificate}, once the arguments are known: in a preview where they are not, the result is not either. */
export function getCertificateOutput(args: GetCertificateOutputArgs): pulumi.Output<GetCertificateResult> {
  return pulumi.output(args).apply((known) => readCertificate(known, recencyFor(args)));
}

/** Lists the certificates of an organization, newest first and without their contents. Rejects with a RunError. */
export function getCertificates(args: GetCertificatesArgs = {}): Promise<CertificateSummary[]> {
  return readCertificates(args, "shared");
}

/** As {@link getCertificates}, once the arguments are known: in a preview where they are not, the result is not either. */
export function getCertificatesOutput(args: GetCertificatesOutputArgs = {}): pulumi.Output<CertificateSummary[]> {
  return pulumi.output(args).apply((known) => readCertificates(known, recencyFor(args)));
}

/** Arguments that had to be waited for may come from a resource of this run, and a list from before may not show it. */
function recencyFor(args: object): Recency {
  const isPlain = Object.values(args).every((value) => value === undefined || typeof value !== "object");
  return isPlain ? "shared" : "fresh";
}

function readCertificate(args: GetCertificateArgs, recency: Recency): Promise<GetCertificateResult> {
  return withOrganization("getCertificate", args.organization, (organization) => {
    const { findCertificate } = require("./lookup/find") as typeof import("./lookup/find");
    return findCertificate(organization, oneOf(args), recency);
  });
}

function readCertificates(args: GetCertificatesArgs, recency: Recency): Promise<CertificateSummary[]> {
  return withOrganization("getCertificates", args.organization, (organization) => {
    const { listCertificates } = require("./lookup/find") as typeof import("./lookup/find");
    return listCertificates(organization, args.active, recency);
  });
}

function oneOf({ id, name }: GetCertificateArgs): { id: string } | { name: string } {
  if (id && name === undefined) {
    return { id };
  }
  if (name && id === undefined) {
    return { name };
  }
  throw new ProviderError("give either an id or a name, as text that is not empty");
}

async function withOrganization<T>(
  called: string,
  name: string | undefined,
  read: (organization: Organization) => Promise<T>,
): Promise<T> {
  // The client is loaded at the first call: most programs only declare resources.
  const { programSession } = require("./lookup/programSession") as typeof import("./lookup/programSession");
  try {
    return await read(programSession().organization(name));
  } catch (error) {
    throw error instanceof ProviderError ? new pulumi.RunError(`${called}: ${error.message}`) : error;
  }
}
