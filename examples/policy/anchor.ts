import { X509Certificate } from "node:crypto";
import type { ReportViolation, ResourceValidationArgs } from "@pulumi/policy";
import { CERTIFICATES } from "./types";

const DAY_MS = 24 * 60 * 60 * 1000;

type Check = (certificate: X509Certificate, args: ResourceValidationArgs) => string | undefined;

/**
 * Validates each uploaded anchor: `check` answers what is wrong with a certificate, or nothing. A PEM that cannot be read
 * is refused by the provider; one that is not known yet (an output) is checked during the update.
 */
export function validateAnchors(check: Check): (args: ResourceValidationArgs, report: ReportViolation) => void {
  return (args, report) => {
    if (!CERTIFICATES.includes(args.type)) {
      return;
    }
    const certificate = read(args.props["certificate"]);
    const problem = certificate && check(certificate, args);
    if (problem !== undefined) {
      report(`${JSON.stringify(args.props["name"] ?? args.name)} ${problem}`);
    }
  };
}

/** Undefined for what is not a certificate. */
export function read(pem: unknown): X509Certificate | undefined {
  try {
    return typeof pem === "string" ? new X509Certificate(pem) : undefined;
  } catch {
    return undefined;
  }
}

/** Whole days until it expires; negative once it has. */
export function daysLeft(certificate: X509Certificate, now: Date): number {
  return Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY_MS);
}
