import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { ExchangeContext } from "./exchange";
import { mtlsServer } from "./mtls";
import type { EmulatorOptions } from "./options";
import type { Store } from "./store";

/** The TLS servers that were asked for, not yet listening, and the certificate (PEM) their clients have to trust. */
export interface TlsServers {
  readonly ca?: string;
  readonly mtls?: Server;
  readonly adminTls?: Server;
}

/** Makes the TLS servers of an emulator, with a certificate authority of their own. */
export async function tlsServers(
  { mtlsPort, adminTls }: EmulatorOptions,
  store: Store,
  admin: RequestListener,
  context: ExchangeContext,
): Promise<TlsServers> {
  if (mtlsPort === undefined && adminTls === undefined) return {};
  // Required here because most emulators need no certificate authority, nor the ASN.1 library behind it.
  const { createAuthority } = require("./authority") as typeof import("./authority");
  const authority = await createAuthority({ commonName: "OpenAI emulator" });
  const { key, chain: cert } = await authority.server({ names: ["localhost"], ips: ["127.0.0.1"] });
  return {
    ca: authority.certificate,
    ...(mtlsPort !== undefined && { mtls: mtlsServer({ key, cert }, store, context) }),
    ...(adminTls && {
      adminTls: createServer({ key, cert, ca: adminTls.clientCa, requestCert: true, rejectUnauthorized: true }, admin),
    }),
  };
}
