import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { daysLeft, read } from "../anchor";
import { ACTIVATIONS, CERTIFICATES } from "../types";

/** When the last anchor of a set expires, every client is refused. Adding the next generation always satisfies this. */
export const setMinimumValidity: StackValidationPolicy = {
  name: "set-minimum-validity",
  description: "An active set has at least one anchor that is valid for at least 45 more days (days).",
  enforcementLevel: "mandatory",
  configSchema: { properties: { days: { type: "integer", minimum: 1, default: 45 } } },
  validateStack: (args, report) => {
    const { days = 45 } = args.getConfig<{ days?: number }>();
    for (const activation of args.resources.filter(({ type }) => ACTIVATIONS.includes(type))) {
      const left = longest(activation, new Date());
      if (left !== undefined && left < days) {
        report(
          `the last anchor of "${activation.name}" is valid for ${left} more days, less than ${days}: add the next generation beside it`,
          activation.urn,
        );
      }
    }
  },
};

/**
 * Days until the last anchor expires. Undefined where the set has no anchors, or lists ids of certificates that the program
 * does not declare, since nothing is known of these. In a preview the ids are unknown, and the certificates are not.
 */
function longest({ props, propertyDependencies }: PolicyResource, now: Date): number | undefined {
  const declared = (propertyDependencies["certificateIds"] ?? []).filter(({ type }) => CERTIFICATES.includes(type));
  const known = declared.map((certificate) => read(certificate.props["certificate"]));
  const days = known.flatMap((certificate) => (certificate === undefined ? [] : [daysLeft(certificate, now)]));
  return days.length === 0 || days.length < countOf(props) ? undefined : Math.max(...days);
}

/** How many ids a set has, as far as that is known: reading an unknown value throws. */
function countOf(props: PolicyResource["props"]): number {
  try {
    return props["certificateIds"].length;
  } catch {
    return 0;
  }
}
