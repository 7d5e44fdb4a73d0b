import { createServer } from "node:http";
import { adminApi } from "./admin";
import { type DirectAccess, directAccess } from "./directAccess";
import { exchange } from "./exchange";
import { Faults } from "./faults";
import { type Listening, listen } from "./listener";
import { adminKeys, type EmulatorOptions, organizationIds } from "./options";
import type { RecordedRequest } from "./requestLog";
import { Store } from "./store";
import { tlsServers } from "./tlsServers";

/** A running emulator of OpenAI's admin certificates API, on loopback only. */
export interface Emulator {
  /** The base URL, `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** The base URL of the listener for client certificates, `https://localhost:PORT/v1`; with `mtlsPort` only. */
  readonly mtlsUrl?: string;
  /** The base URL of the admin API over TLS, `https://localhost:PORT/v1`; with `adminTls` only. */
  readonly adminTlsUrl?: string;
  /** The certificate (PEM) a client has to trust to talk to the TLS listeners. */
  readonly mtlsCa?: string;
  /** Every request so far, in order of arrival. Empty it with `requests.length = 0`. */
  readonly requests: RecordedRequest[];
  /** What goes wrong next. */
  readonly faults: Faults;
  /** Direct access to an organization's store, by default the first one's. Throws for an unknown name. */
  organization(name?: string): DirectAccess;
  /**
   * Attaches a CEL filter to a certificate, as people do in the dashboard, or with undefined takes it away. Throws when
   * no organization has this certificate and when the expression cannot be a filter. Over HTTP: see celFilterControl.
   */
  attachFilter(id: string, expression: string | undefined): void;
  /** Ends all connections and frees the ports. */
  close(): Promise<void>;
}

/**
 * Starts an emulator. Rejects when a port is in use, when the state file is not one an emulator wrote, and when the
 * keys are empty or not distinct, or the organizations' ids do not fit them.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { now = () => new Date(), maxRequests = 100_000, maxPageSize = Number.POSITIVE_INFINITY } = options;
  const store = new Store({
    adminKeys: adminKeys(options),
    projects: options.projects ?? [{ name: "Default project" }],
    stateFile: options.stateFile,
    now,
    deactivationLag: options.deactivationLag ?? 0,
    auditLog: options.auditLog ?? true,
  });
  const closing = new AbortController();
  const requests: RecordedRequest[] = [];
  const faults = new Faults();
  const organizationId = organizationIds(options);
  const shared = { faults, requests, maxRequests, now, organizationId, closing: closing.signal };
  const api = adminApi(store, {
    maxPageSize,
    legacyToggleShape: options.legacyToggleShape ?? false,
    auditLog: options.auditLog ?? true,
  });
  const admin = exchange({ ...shared, listener: "admin" }, api);

  const listening: Listening[] = [];
  const close = async () => {
    closing.abort();
    await Promise.all(listening.splice(0).map((server) => server.close()));
  };
  const start = async (server: Parameters<typeof listen>[0], port = 0) => {
    const started = await listen(server, port);
    listening.push(started);
    return started.port;
  };
  try {
    const port = await start(createServer(admin), options.port);
    const { ca, mtls, adminTls } = await tlsServers(options, store, admin, { ...shared, listener: "mtls" });
    return {
      url: `http://127.0.0.1:${port}/v1`,
      ...(mtls && { mtlsUrl: secureUrl(await start(mtls, options.mtlsPort)) }),
      ...(adminTls && { adminTlsUrl: secureUrl(await start(adminTls, options.adminTls?.port)) }),
      ...(ca !== undefined && { mtlsCa: ca }),
      requests,
      faults,
      organization: (name) => directAccess(store.organization(name)),
      attachFilter: (id, expression) => directAccess(store.holderOf(id)).attachFilter(id, expression),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function secureUrl(port: number): string {
  return `https://localhost:${port}/v1`;
}
