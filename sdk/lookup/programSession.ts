import * as pulumi from "@pulumi/pulumi";
import { httpTransport } from "../../provider/api/transport";
import { systemClock } from "../../provider/clock";
import type { Log } from "../../provider/log";
import { Session } from "../../provider/session";
import { resolveSettings } from "../../provider/settings";

interface Opened {
  readonly session: Session;
  readonly configuredWith: string;
}

/** Per run of a program, known by its stack resource: a process of the Automation API may run several. */
const sessions = new WeakMap<object, Opened>();

/**
 * The session that the functions of one run share, configured as the provider is: stack configuration over environment.
 * Outside of a run, such as in a unit test, nothing is shared.
 */
export function programSession(): Session {
  // As the raw text, secret or not: a key goes to the client and into no output.
  const settings = resolveSettings((key) => pulumi.runtime.getConfig(key), process.env);
  const configuredWith = JSON.stringify([...settings]);
  const run = pulumi.runtime.getStackResource?.();
  const opened = run && sessions.get(run);
  if (opened?.configuredWith === configuredWith) {
    return opened.session;
  }
  const session = new Session(settings, { clock: systemClock, log: programLog, transport: httpTransport });
  if (run !== undefined) {
    sessions.set(run, { session, configuredWith });
  }
  return session;
}

const programLog: Log = {
  info: (line) => void pulumi.log.info(line),
  warn: (line) => void pulumi.log.warn(line),
};
