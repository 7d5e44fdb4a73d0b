import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { errorBody } from "./errors";

/** A server that is listening; `close` ends its connections, whatever they are waiting for. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Loopback only, and not to be changed: the emulator's keys and certificates protect nothing. */
const HOST = "127.0.0.1";
/** Longer than clients keep idle connections, so that none of them is closed while a request is on its way. */
const KEEP_ALIVE_MS = 120_000;

/** Starts a server on loopback; port 0 is any free one. */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = new Set<Socket>();
  // `closeAllConnections` leaves out those that have not finished their TLS handshake.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // Only the HTTP parser's errors can be answered; others mean that the connection or its handshake is broken.
    if (!error.code?.startsWith("HPE_") || !socket.writable) socket.destroy();
    else if (error.code === "HPE_INVALID_METHOD") refuse(socket, 405, "Unknown HTTP method.");
    else refuse(socket, 400, "The request is not valid HTTP.");
  });
  server.on("connect", (_request, socket) => refuse(socket, 405, "The emulator is not a proxy."));
  server.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, port);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  const reason = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
  return new Error(`Could not listen on ${HOST}:${port}: ${reason}. Choose another port, or 0 for any free one.`, {
    cause: error,
  });
}

/** Answers what never became a request, in the API's error shape. */
function refuse(socket: Duplex, status: 400 | 405, message: string): void {
  const code = status === 400 ? "invalid_request" : "method_not_supported";
  const body = JSON.stringify(errorBody(status, code, message, null));
  const head = [
    `HTTP/1.1 ${status} ${status === 400 ? "Bad Request" : "Method Not Allowed"}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
