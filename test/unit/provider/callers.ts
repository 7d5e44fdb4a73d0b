import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import {
  type Count,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  type Match,
  startEmulator,
} from "../../../emulator";
import { CertificatesApi } from "../../../provider/api/certificates";
import { Client } from "../../../provider/api/client";
import { ApiError } from "../../../provider/api/errors";
import { httpTransport } from "../../../provider/api/transport";
import { type OrganizationSettings, resolveSettings } from "../../../provider/settings";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY, Said } from "../../support/rig";

/** The settings that a stack configuration makes; its keys come without their namespace. */
export function settingsFor(config: Record<string, unknown>): OrganizationSettings {
  const given: Record<string, unknown> = { adminKey: ADMIN_KEY, ...config };
  const resolved = resolveSettings((key) => given[key.replace(/^openai:/, "")], {}).get("");
  if (resolved === undefined || "problem" in resolved) {
    throw new Error(resolved?.problem);
  }
  return resolved.settings;
}

/** A client of the API at a base URL, over real HTTP, with time injected. */
export function caller(baseUrl: string, config: Record<string, unknown> = {}, clock = new FakeClock()) {
  const settings = settingsFor({ baseUrl, ...config });
  const said = new Said();
  const client = new Client(settings, httpTransport(settings), clock, said);
  return { api: new CertificatesApi(client), client, clock, said };
}

/** The ApiError that a call ends in. */
export async function apiError(call: Promise<unknown>): Promise<ApiError> {
  const error = await failure(call);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

/** The error that a call ends in. */
export async function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => {
      throw new Error("the call was expected to fail");
    },
    (error) => error,
  );
}

/** Starts servers on loopback for the tests of one file, and ends them and their connections after each test. */
export function loopback(): (server: Server) => Promise<{ port: number; connections: () => number }> {
  const running: { server: Server; sockets: Set<Socket> }[] = [];
  afterEach(async () => {
    for (const { server, sockets } of running.splice(0)) {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    }
  });
  return async (server) => {
    const sockets = new Set<Socket>();
    let connections = 0;
    server.on("connection", (socket: Socket) => {
      connections++;
      sockets.add(socket);
      // A client that goes away is none of the server's business.
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    running.push({ server, sockets });
    return { port: (server.address() as AddressInfo).port, connections: () => connections };
  };
}

/** A port on loopback where nothing listens. */
export async function deadPort(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A list of the API without anything in it. */
export const EMPTY = { object: "list", data: [], first_id: null, last_id: null, has_more: false };

export function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** When a test's calls are made: the clock stands until it is slept on. */
export const NOW = Date.parse("2026-10-21T07:28:00Z");

/** An emulator with small pages for each test of a file, what calls it and what disturbs it. */
export class Emulated {
  emulator!: Emulator;

  constructor() {
    beforeEach(() => this.start());
    afterEach(() => this.emulator.close());
  }

  async start(more: Partial<EmulatorOptions> = {}): Promise<void> {
    this.emulator = await startEmulator({ adminKey: ADMIN_KEY, maxPageSize: 2, ...more });
  }

  open(config: Record<string, unknown> = {}) {
    return caller(this.emulator.url, config, new FakeClock(NOW));
  }

  arm(fault: Fault, match: Match & Count): void {
    this.emulator.faults.add(Object.assign({ match }, fault));
  }

  calls(): string[] {
    return this.emulator.requests.map(({ method, path }) => `${method} ${path}`);
  }
}
