import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { Emulator, EmulatorOptions, ProjectSeed } from "../emulator";
import { type Command, integerOption, parseOptions, UsageError } from "./command";

const PORTS = { min: 0, max: 65_535 };
/** The command has no use for the log; it should not grow while the emulator runs for weeks. */
const LOGGED_REQUESTS = 100;

const OPTIONS = {
  port: { type: "string", default: "8787" },
  "admin-key": { type: "string" },
  state: { type: "string" },
  "mtls-port": { type: "string" },
  "mtls-ca": { type: "string" },
  "page-size": { type: "string" },
  project: { type: "string", multiple: true, default: [] as string[] },
  "no-audit-log": { type: "boolean", default: false },
} as const;

const USAGE = `Usage: openai-certificates emulator [options]

Runs a local emulator of OpenAI's admin certificates API, on 127.0.0.1 only. The first line on standard output is its
base URL, for OPENAI_BASE_URL. It runs until it gets SIGTERM or SIGINT.

  --port PORT        port of the admin API; default 8787, 0 takes any free one
  --admin-key KEY    the bearer key to accept; default: the environment variable OPENAI_ADMIN_KEY
  --state FILE       keep everything in this JSON file; default: in memory
  --mtls-port PORT   also run the listener for client certificates (GET /v1/models); its URL is the second line
  --mtls-ca FILE     write the certificate that clients of that listener have to trust to this file (PEM)
  --project ID       a project that the organization has; repeatable; default: one with a made-up id
  --no-audit-log     the organization has not turned on its audit log
  --page-size N      answer lists in pages of at most N, whatever the request's limit`;

/** \`openai-certificates emulator\` */
export const command: Command = {
  name: "emulator",
  summary: "run a local emulator of the admin certificates API",
  usage: USAGE,
  async run(argv) {
    const values = parseOptions(argv, OPTIONS);
    const options = emulatorOptions(values);
    // Required when run: the overview of commands does not need it.
    const { startEmulator } = require("../emulator") as typeof import("../emulator");
    const stopped = stopSignal();
    const emulator = await startEmulator(options);
    try {
      announce(emulator, values["mtls-ca"]);
      await stopped;
    } finally {
      await emulator.close();
    }
    return 0;
  },
};

function emulatorOptions(values: ReturnType<typeof parseOptions<typeof OPTIONS>>): EmulatorOptions {
  const adminKey = values["admin-key"] ?? process.env["OPENAI_ADMIN_KEY"];
  if (!adminKey) throw new UsageError("an admin key is needed: give --admin-key KEY or set OPENAI_ADMIN_KEY");
  const { "mtls-port": mtlsPort, project, "mtls-ca": mtlsCa, "page-size": pageSize, state } = values;
  if (mtlsCa !== undefined && mtlsPort === undefined) throw new UsageError("--mtls-ca needs --mtls-port");
  return {
    adminKey,
    port: integerOption("port", values.port, PORTS),
    maxRequests: LOGGED_REQUESTS,
    auditLog: !values["no-audit-log"],
    ...(project.length > 0 && { projects: project.map(projectOption) }),
    ...(state !== undefined && { stateFile: state }),
    ...(mtlsPort !== undefined && { mtlsPort: integerOption("mtls-port", mtlsPort, PORTS) }),
    ...(pageSize !== undefined && { maxPageSize: integerOption("page-size", pageSize, { min: 1, max: 100 }) }),
  };
}

/** Not repeated where it is wrong: it may be a key. */
function projectOption(id: string): ProjectSeed {
  if (/^proj_[\w-]{1,64}$/.test(id)) return { id, name: id };
  throw new UsageError("--project takes a project's id, such as proj_abc");
}

function announce({ url, mtlsUrl, mtlsCa }: Emulator, caFile: string | undefined): void {
  if (caFile !== undefined && mtlsCa !== undefined) writeFileSync(caFile, mtlsCa);
  process.stdout.write(`${url}\n`);
  if (mtlsUrl !== undefined) process.stdout.write(`${mtlsUrl}\n`);
}

function stopSignal(): Promise<unknown> {
  return Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
}
