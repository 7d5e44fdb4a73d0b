import { createHash } from "node:crypto";
import type { ProjectSeed } from "./organization";

/** How to start an emulator; only `adminKey` is required. */
export interface EmulatorOptions {
  /** The port on 127.0.0.1; default 0, any free one. */
  readonly port?: number;
  /** The bearer key, or one key for each organization by its name: the key selects the organization and its store. */
  readonly adminKey: string | Readonly<Record<string, string>>;
  /**
   * What the answer header `openai-organization` says: one id, or one for each organization by its name; default an id
   * made from the organization's name, the same after every start. `false` leaves the header out.
   */
  readonly organizationId?: string | Readonly<Record<string, string>> | false;
  /** A JSON file that keeps certificates, active sets and projects over restarts; by default nothing is kept. */
  readonly stateFile?: string;
  /** Bounds the length of every page, whatever `limit` says, so that short lists have several pages. */
  readonly maxPageSize?: number;
  /** The projects every organization starts with; default one, "Default project". */
  readonly projects?: readonly ProjectSeed[];
  /** The emulator's clock: for creation times, and for what has expired. */
  readonly now?: () => Date;
  /** Starts the listener for client certificates on this port; 0 is any free one. */
  readonly mtlsPort?: number;
  /** Serves the admin API over TLS too, to clients with a certificate that chains to `clientCa` (PEM). */
  readonly adminTls?: { readonly port?: number; readonly clientCa: string };
  /** Activations answer a plain list object, as older documents of the API say. */
  readonly legacyToggleShape?: boolean;
  /** How many DELETE calls still answer `certificate_in_use` after a deactivation; default 0. */
  readonly deactivationLag?: number;
  /** Whether the organizations have their audit log turned on, which is the customer's choice; default true. */
  readonly auditLog?: boolean;
  /** How many requests the log holds before it drops the oldest; default 100,000. */
  readonly maxRequests?: number;
}

/** The name of the organization where `adminKey` is a single key. */
export const DEFAULT_ORGANIZATION = "default";

/** The keys by organization. Throws where there is none, or one that could not select its organization. */
export function adminKeys({ adminKey }: EmulatorOptions): Record<string, string> {
  const keys = typeof adminKey === "string" ? { [DEFAULT_ORGANIZATION]: adminKey } : { ...adminKey };
  const values = Object.values(keys);
  if (values.length === 0) throw new Error("The emulator needs an admin key for at least one organization.");
  if (!values.every((key) => /^\S+$/.test(key))) throw new Error("An admin key is empty or contains white space.");
  if (new Set(values).size < values.length) throw new Error("Two organizations have the same admin key.");
  return keys;
}

/** The id of each organization by its name; undefined for all of them where the header is left out. */
export function organizationIds(options: EmulatorOptions): (name: string) => string | undefined {
  const { organizationId = {} } = options;
  if (organizationId === false) return () => undefined;
  const names = Object.keys(adminKeys(options));
  if (typeof organizationId === "string") {
    if (names.length > 1) throw new Error("With several organizations, give organizationId by organization.");
    return () => organizationId;
  }
  const stray = Object.keys(organizationId).find((name) => !names.includes(name));
  if (stray !== undefined) throw new Error(`organizationId names the organization '${stray}', which has no admin key.`);
  return (name) => organizationId[name] ?? `org-${createHash("sha256").update(name).digest("hex").slice(0, 24)}`;
}
