import type { CertificatesApi } from "../../provider/api/certificates";
import { type Clock, systemClock } from "../../provider/clock";
import type { Session } from "../../provider/session";
import { UsageError } from "../command";

export interface Connection {
  readonly api: Pick<CertificatesApi, "list" | "listProjects" | "retrieveWithContent">;
  /** Without a trailing slash. */
  readonly baseUrl: string;
}

/** A connection with all that the API offers, and the session behind it. */
export interface AdminConnection extends Connection {
  readonly api: CertificatesApi;
  readonly session: Session;
}

/** The admin API that the environment names. A UsageError where the environment does not say enough, or says it wrong. */
export function connect(
  env: NodeJS.ProcessEnv,
  stderr: Pick<NodeJS.WriteStream, "write">,
  clock: Clock = systemClock,
): AdminConnection {
  if (!env["OPENAI_ADMIN_KEY"]?.trim()) {
    throw new UsageError("an admin key is needed: set the environment variable OPENAI_ADMIN_KEY");
  }
  // Required when run: the overview of commands does not need them.
  const { Session: Opened } = require("../../provider/session") as typeof import("../../provider/session");
  const { httpTransport } = require("../../provider/api/transport") as typeof import("../../provider/api/transport");
  const { ENVIRONMENT_ONLY, resolveSettings } =
    require("../../provider/settings") as typeof import("../../provider/settings");
  const settings = resolveSettings(() => undefined, env, ENVIRONMENT_ONLY);
  const resolved = settings.get("");
  if (resolved === undefined || "problem" in resolved) throw new UsageError(resolved?.problem ?? "");
  // Standard output is the command's answer, which may be JSON: what the client has to say goes to standard error.
  const say = (line: string) => void stderr.write(`${line}\n`);
  const surroundings = { clock, log: { info: say, warn: say }, transport: httpTransport };
  const session = new Opened(settings, surroundings);
  const { api } = session.organization(undefined);
  return { api, session, baseUrl: resolved.settings.baseUrl };
}
