import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { daysLeft, read } from "../anchor";
import { ACTIVATIONS, CERTIFICATES, TRUST_ANCHORS } from "../types";

/**
 * When the last anchor of a set expires, every client is refused. Adding the next generation satisfies this, also with a
 * date, so that the change that repairs a set is not refused. No policy sees the date, so in the end it has to be active.
 */
export const setMinimumValidity: StackValidationPolicy = {
  name: "set-minimum-validity",
  description:
    "An active set has at least one anchor that is valid for at least 45 more days (days); 14 (activeDays) are enough while " +
    "the next generation waits for its activateOn.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      days: { type: "integer", minimum: 1, default: 45 },
      activeDays: { type: "integer", minimum: 1, default: 14 },
    },
  },
  validateStack: (args, report) => {
    const { days = 45, activeDays = 14 } = args.getConfig<{ days?: number; activeDays?: number }>();
    const now = new Date();
    for (const activation of args.resources.filter(({ type }) => ACTIVATIONS.includes(type))) {
      const left = longest(activation, now);
      if (left === undefined || left >= days) {
        continue;
      }
      const next = successors(args.resources, activation, now).find(({ one }) => (validity(one, now) ?? 0) >= days);
      const last =
        left === NONE
          ? `no anchor of "${activation.name}" is valid now`
          : `the last anchor of "${activation.name}" is valid for ${left} more days, less than ${next ? activeDays : days}`;
      if (next === undefined) {
        report(`${last}: add the next generation beside it`, activation.urn);
      } else if (left < activeDays) {
        report(`${last}, and its successor "${next.one.name}" ${next.waits}`, activation.urn);
      }
    }
  },
};

/** The days of a set of which every anchor is still to become valid: nobody is accepted. */
const NONE = Number.NEGATIVE_INFINITY;

/**
 * Days until the last anchor that is valid now expires. Undefined where the set has no anchors, or only those that wait for
 * their filters, or lists ids of certificates that the program does not declare, since nothing is known of these. In a
 * preview the ids are unknown, and the certificates are not.
 */
function longest(activation: PolicyResource, now: Date): number | undefined {
  const known = listed(activation).filter((one) => validity(one, now) !== undefined);
  const active = known.filter((one) => !isHeldBack(one));
  if (active.length === 0 || known.length < countOf(activation.props)) {
    return undefined;
  }
  return Math.max(...active.map((one) => (isValidYet(one, now) ? validity(one, now)! : NONE)));
}

/** What can take over from a set's anchors, and what it still waits for. */
function successors(resources: readonly PolicyResource[], activation: PolicyResource, now: Date) {
  const set = listed(activation);
  const is = (waits: string) => (one: PolicyResource) => ({ one, waits });
  return [
    ...waiting(resources, activation).map(is("is not active yet: give it an earlier activateOn, or none")),
    ...set.filter(isHeldBack).map(is("waits for its CEL filter: attach it, and set attachedTo")),
    ...set.filter((one) => !isValidYet(one, now)).map(is("is not valid yet: list one that is valid now")),
  ];
}

/** The provider activates no certificate whose filter is not attached to it, or of which that is not known yet. */
function isHeldBack({ props }: PolicyResource): boolean {
  try {
    const filter = props["celFilter"];
    return filter !== undefined && filter !== null && typeof filter["attachedTo"] !== "string";
  } catch {
    return true; // Reading an unknown value throws.
  }
}

/**
 * What TrustAnchors has uploaded beside a set's anchors and no set lists yet: it waits for its activateOn, since a component
 * activates every other anchor, and declares none that has retired.
 */
function waiting(resources: readonly PolicyResource[], activation: PolicyResource): PolicyResource[] {
  const own = listed(activation).map(componentOf);
  const active = resources.flatMap(listed).map(({ urn }) => urn);
  return resources.filter((one) => {
    const component = componentOf(one);
    return isCertificate(one) && component !== undefined && own.includes(component) && !active.includes(one.urn);
  });
}

function componentOf({ parent }: PolicyResource): string | undefined {
  return parent !== undefined && TRUST_ANCHORS.includes(parent.type) ? parent.urn : undefined;
}

/** The program's own certificates in a set; none for what is not an activation. */
function listed({ type, propertyDependencies }: PolicyResource): PolicyResource[] {
  return ACTIVATIONS.includes(type) ? (propertyDependencies["certificateIds"] ?? []).filter(isCertificate) : [];
}

function isCertificate({ type }: PolicyResource): boolean {
  return CERTIFICATES.includes(type);
}

function validity({ props }: PolicyResource, now: Date): number | undefined {
  const certificate = read(props["certificate"]);
  return certificate && daysLeft(certificate, now);
}

function isValidYet({ props }: PolicyResource, now: Date): boolean {
  const certificate = read(props["certificate"]);
  return certificate !== undefined && Date.parse(certificate.validFrom) <= now.getTime();
}

/** How many ids a set has, as far as that is known: reading an unknown value throws. */
function countOf(props: PolicyResource["props"]): number {
  try {
    return props["certificateIds"].length;
  } catch {
    return 0;
  }
}
