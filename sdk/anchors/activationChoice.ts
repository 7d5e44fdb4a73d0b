import * as pulumi from "@pulumi/pulumi";

/**
 * Whether the component activates its anchors. Throws a RunError where `activate: false` comes with options of an
 * activation, which would have no effect: a required client, for one, would not be checked by anybody.
 */
export function activates(component: string, activate: unknown, options: Readonly<Record<string, unknown>>): boolean {
  if (activate === undefined || activate === true) {
    return true;
  }
  const refuse = (problem: string) => new pulumi.RunError(`TrustAnchors "${component}": ${problem}`);
  if (activate !== false) {
    throw refuse("activate must be true or false and not an output, since it decides which resources there are");
  }
  const ignored = Object.keys(options).filter((key) => options[key] !== undefined);
  if (ignored.length > 0) {
    throw refuse(
      `activate: false declares no activation, so ${ignored.join(", ")} would have no effect. Pass ` +
        `${ignored.length === 1 ? "it" : "them"} to the activation that lists activeCertificateIds`,
    );
  }
  return false;
}
