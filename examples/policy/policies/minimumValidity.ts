import type { ResourceValidationPolicy } from "@pulumi/policy";
import { daysLeft, validateAnchors } from "../anchor";

/**
 * Advisory, because an anchor in the last weeks of its overlap is what a rotation looks like, and must not hold that
 * rotation up. What a set needs is demanded by set-minimum-validity.
 */
export const minimumValidity: ResourceValidationPolicy = {
  name: "minimum-validity",
  description: "A trust anchor is valid for at least 90 more days (days).",
  enforcementLevel: "advisory",
  configSchema: { properties: { days: { type: "integer", minimum: 1, default: 90 } } },
  validateResource: validateAnchors((certificate, args) => {
    const { days = 90 } = args.getConfig<{ days?: number }>();
    const left = daysLeft(certificate, new Date());
    return left >= days ? undefined : `is valid for ${left} more days, less than ${days}: prepare its successor`;
  }),
};
