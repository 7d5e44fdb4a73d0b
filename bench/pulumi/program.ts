import { Certificate, CertificateActivation } from "pulumi-openai-certificates";
import type { Declared } from "./order";

/** The certificates of each organization and its active set, by this package as users have it. */
export function declare(declared: readonly Declared[]): void {
  for (const { organization, certificates } of declared) {
    const at = organization === undefined ? {} : { organization };
    const prefix = organization === undefined ? "" : `${organization}-`;
    const certificateIds = Object.entries(certificates).map(
      ([name, certificate]) => new Certificate(`${prefix}${name}`, { name, certificate, ...at }).id,
    );
    new CertificateActivation(`${prefix}org`, { certificateIds, ...at });
  }
}
