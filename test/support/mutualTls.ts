import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import type { Authority, Issued } from "../../emulator/authority";

/** A client as OpenSSL judged it: the common name of one that was let in, or that it was turned away. */
export type TlsVerdict = { accepted: true; commonName: string } | { accepted: false };

/**
 * What OpenSSL thinks: the verdict of a real TLS server on loopback that demands a client certificate and trusts only
 * `anchors`, on a client that presents this chain. OpenSSL judges by the present time.
 */
export async function tlsVerdict(host: Authority, anchors: string[], client: Issued): Promise<TlsVerdict> {
  const identity = await host.server({ names: ["localhost"] });
  const server = tls.createServer({ requestCert: true, rejectUnauthorized: true });
  // An anchor that is not self-signed ends a path, as it does in RFC 5280. Node's createServer drops that option.
  const trust = { cert: identity.chain, key: identity.key, ca: anchors, allowPartialTrustChain: true };
  server.addContext("localhost", trust);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const verdict = new Promise<TlsVerdict>((resolve) => {
    server.once("secureConnection", (socket) => {
      resolve({ accepted: true, commonName: String(socket.getPeerCertificate().subject.CN) });
      socket.destroy();
    });
    // Node drops a connection whose client certificate does not verify, before it is a "secureConnection".
    server.once("tlsClientError", () => resolve({ accepted: false }));
  });
  const { port } = server.address() as AddressInfo;
  const socket = tls.connect({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca: host.certificate,
    cert: client.chain,
    key: client.key,
  });
  // The verdict is the server's; what the client notices of it depends on the version of TLS and on timing.
  const clientNoticed = new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => resolve(failure));
  });
  const result = await verdict;
  socket.destroy();
  const failure = await clientNoticed;
  server.close();
  await once(server, "close");
  // A client that refuses this server would look like a client that was refused.
  if (failure && /self.signed|issuer certificate|Hostname/i.test(failure.message)) throw failure;
  return result;
}
