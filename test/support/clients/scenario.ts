import { type Authority, type AuthorityOptions, createAuthority, type Issued } from "../../../emulator/authority";
import { der, type RawExtension } from "../../../emulator/x509";

/** A client before a set of anchors, and what has to come of it. Anchors have the ids cert_0, cert_1, … and no name. */
export interface ClientScenario {
  title: string;
  build(): Promise<{ anchors: readonly Authority[]; client: Issued }>;
  /** Ids of the anchors that accept the client, or the reason why none does. */
  expected: string[] | string;
  /** Why OpenSSL sees it differently; without it, OpenSSL must come to the same verdict. */
  openSslDiffers?: string;
}

/** What the reasons of scenarios end with where verifiers differ. */
export const DIFFERS = " (some TLS verifiers accept this and others do not)";

export const PAST = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2021-06-30T12:00:00Z") };
export const FUTURE = { notBefore: new Date("2090-02-03T00:00:00Z"), notAfter: new Date("2099-01-01T00:00:00Z") };

/** PEM blocks of a chain, one by one. */
export const blocks = (chain: string) => chain.split(/(?<=-----END CERTIFICATE-----\n)/);

const octetString = (hex: string) => der(0x04, Buffer.from(hex, "hex"));
export const unknownCritical: RawExtension = { oid: "1.3.6.1.4.1.99999.1", critical: true, der: octetString("00") };
export const keyUsage = (bits: number): RawExtension => ({
  oid: "2.5.29.15",
  critical: true,
  der: der(0x03, Buffer.of(0, bits)),
});
/** A client issued through `intermediates` authorities below one root, and its whole chain with it. */
export async function below(depth: number, client: Parameters<Authority["client"]>[0] = {}) {
  const root = await createAuthority({ commonName: "Root" });
  let issuer = root;
  for (let i = 1; i <= depth; i += 1) issuer = await issuer.intermediate({ commonName: `CA ${i}` });
  return { anchors: [root] as const, client: await issuer.client(client) };
}

/** A client below an intermediate "CN=CA 1" below an anchor. */
export function under(
  options: { root?: AuthorityOptions; issuing?: AuthorityOptions; client?: AuthorityOptions } = {},
): ClientScenario["build"] {
  return async () => {
    const root = await createAuthority({ commonName: "Root", ...options.root });
    const issuing = await root.intermediate({ commonName: "CA 1", ...options.issuing });
    return { anchors: [root], client: await issuing.client(options.client) };
  };
}
