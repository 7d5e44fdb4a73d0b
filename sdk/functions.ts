import * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../provider/errors";
import type { Organization } from "../provider/organization";
import type { Recency } from "./lookup/find";
import { checkOptions, checkPlainOptions, resourcesOf } from "./lookup/invokeOptions";

import type {
  CertificateSummary,
  GetCertificateArgs,
  GetCertificateOutputArgs,
  GetCertificateResult,
  GetCertificatesArgs,
  GetCertificatesOutputArgs,
} from "./lookup/types";

/**
 * Reads one certificate of an organization, also one that no program declares. Costs one call for its content and one for a
 * list that all functions of a run share. Rejects with a RunError if there is no such certificate, or more than one.
 *
 * Of the invoke options, `provider` is refused: the key comes from the stack's configuration or the environment. The
 * others change nothing here.
 *
 * @example
 * ```ts
 * import { getCertificate } from "pulumi-openai-certificates";
 *
 * const root = getCertificate({ name: "corp-root-2026" });
 * export const expiresAt = root.then((certificate) => certificate.expiresAt);
 * ```
 */
export async function getCertificate(
  args: GetCertificateArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetCertificateResult> {
  checkPlainOptions("getCertificate", opts);
  return readCertificate(args, "shared");
}

/**
 * The form of {@link getCertificate} for arguments that are outputs. It reads once they are known and the resources of `dependsOn`
 * exist; in a preview where that is not so yet, the result is unknown.
 *
 * @example
 * ```ts
 * import { Certificate, getCertificateOutput } from "pulumi-openai-certificates";
 *
 * const root = Certificate.get("root", "cert_abc");
 * export const isActive = getCertificateOutput({ id: root.id }).active;
 * ```
 */
export function getCertificateOutput(
  args: GetCertificateOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetCertificateResult> {
  checkOptions("getCertificateOutput", opts);
  return whenKnown(args, opts, readCertificate);
}

/**
 * Lists the certificates of an organization, newest first and without their contents. All functions of a run share one
 * list. Rejects with a RunError. The invoke options are those of {@link getCertificate}.
 *
 * @example
 * ```ts
 * import { getCertificates } from "pulumi-openai-certificates";
 *
 * const active = getCertificates({ active: true });
 * export const names = active.then((certificates) => certificates.map(({ name }) => name));
 * ```
 */
export async function getCertificates(
  args: GetCertificatesArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<CertificateSummary[]> {
  checkPlainOptions("getCertificates", opts);
  return readCertificates(args, "shared");
}

/**
 * The form of {@link getCertificates} for arguments that are outputs. It reads once they are known and the resources of `dependsOn`
 * exist; in a preview where that is not so yet, the result is unknown.
 *
 * @example
 * ```ts
 * import { getCertificatesOutput, TrustAnchors } from "pulumi-openai-certificates";
 *
 * const org = new TrustAnchors("org", { anchors: "anchors" });
 * export const active = getCertificatesOutput({ active: true }, { dependsOn: org });
 * ```
 */
export function getCertificatesOutput(
  args: GetCertificatesOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<CertificateSummary[]> {
  checkOptions("getCertificatesOutput", opts);
  return whenKnown(args, opts, readCertificates);
}

/** Reads once the arguments are known and the resources to wait for exist, and answers an output that depends on both. */
function whenKnown<A extends object, T>(
  args: A,
  opts: pulumi.InvokeOutputOptions | undefined,
  read: (args: pulumi.Unwrap<A>, recency: Recency) => Promise<T>,
): pulumi.Output<T> {
  const recency = opts?.dependsOn === undefined ? recencyFor(args) : "fresh";
  return pulumi
    .all([pulumi.output(args), resourcesOf(opts?.dependsOn)])
    .apply(([known]) => read(known as pulumi.Unwrap<A>, recency)) as pulumi.Output<T>;
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
  throw new ProviderError("give either id or name, as a non-empty string");
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
