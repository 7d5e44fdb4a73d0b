import * as pulumi from "@pulumi/pulumi";
import type { Declared } from "../pulumi/order";
import { activationProvider, certificateProvider } from "./provider";

class PlainCertificate extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name: string; certificate: string }) {
    super(certificateProvider, name, args);
  }
}

class PlainActivation extends pulumi.dynamic.Resource {
  constructor(name: string, args: { certificateIds: pulumi.Input<string>[] }) {
    super(activationProvider, name, args);
  }
}

/** The certificates of one organization and its active set, by the plain dynamic provider. */
export function declare(declared: readonly Declared[]): void {
  for (const { certificates } of declared) {
    const certificateIds = Object.entries(certificates).map(
      ([name, certificate]) => new PlainCertificate(name, { name, certificate }).id,
    );
    new PlainActivation("org", { certificateIds });
  }
}
