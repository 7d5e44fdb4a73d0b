import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Actor, AUDIT_EVENT_TYPES, type AuditEvent } from "./auditLog";
import { acceptCertificate } from "./certificateText";
import type { Scope, StoredCertificate, StoredProject } from "./organization";

/** What is kept of one organization. No key is in it: keys are given at every start. */
export interface OrganizationState {
  readonly certificates: StoredCertificate[];
  readonly projects: StoredProject[];
  readonly events: AuditEvent[];
}

export type State = Map<string, OrganizationState>;

const VERSION = 1;

/** Reads a state file; an empty state where there is none yet. Throws when the file is not one of ours. */
export function loadState(file: string): State {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new Error(`The state file ${file} could not be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return parseState(JSON.parse(text));
  } catch (error) {
    // V8's own message quotes the text, which may be a key.
    const why = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new Error(`The state file ${file} is not one this emulator wrote (${why}). Delete it or name another one.`);
  }
}

/**
 * Replaces the state file in one step, readable by its owner only: a killed emulator leaves the old or the new one.
 * Throws when it cannot be written.
 */
export function saveState(file: string, state: State): void {
  const organizations = [...state].map(([name, { certificates, projects, events }]) => ({
    name,
    projects,
    certificates: certificates.map(({ id, name: label, createdAt, content, activeIn, celFilter }) => ({
      id,
      name: label,
      createdAt,
      content,
      activeIn: [...activeIn],
      ...(celFilter !== undefined && { celFilter }),
    })),
    events,
  }));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify({ version: VERSION, organizations }, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    throw new Error(`The state file ${file} could not be written: ${(error as Error).message}`, { cause: error });
  }
}

function parseState(json: unknown): State {
  const root = fields(json, "the document");
  if (root["version"] !== VERSION) throw new Error(`version is not ${VERSION}`);
  return new Map(
    list(root["organizations"], "organizations").map((item) => {
      const { name, certificates, projects, events } = fields(item, "an organization");
      return [
        text(name, "an organization's name"),
        {
          certificates: list(certificates, "certificates").map(parseCertificate),
          projects: list(projects, "projects").map(parseProject),
          // Files of earlier releases have no log.
          events: events === undefined ? [] : list(events, "events").map(parseEvent),
        },
      ];
    }),
  );
}

function parseCertificate(json: unknown): StoredCertificate {
  const { id, name, createdAt, content, activeIn, celFilter } = fields(json, "a certificate");
  const pem = text(content, "a certificate's content");
  return {
    id: text(id, "a certificate's id"),
    name: name === null ? null : text(name, "a certificate's name"),
    createdAt: seconds(createdAt, "a certificate's createdAt"),
    content: pem,
    // It was accepted once; since then it may have expired.
    ...acceptCertificate(pem, new Date(0)),
    activeIn: new Set(
      list(activeIn, "activeIn").map((scope): Scope => (scope === null ? null : text(scope, "a scope"))),
    ),
    ...(celFilter !== undefined && { celFilter: text(celFilter, "a certificate's celFilter") }),
  };
}

function parseProject(json: unknown): StoredProject {
  const { id, name, createdAt, archivedAt } = fields(json, "a project");
  return {
    id: text(id, "a project's id"),
    name: text(name, "a project's name"),
    createdAt: seconds(createdAt, "a project's createdAt"),
    archivedAt: archivedAt === null ? null : seconds(archivedAt, "a project's archivedAt"),
  };
}

function parseEvent(json: unknown): AuditEvent {
  const { id, type, at, actor, project, certificates, content } = fields(json, "an event");
  const known = AUDIT_EVENT_TYPES.find((one) => one === type);
  if (known === undefined) throw new Error("an event's type is unknown");
  return {
    id: text(id, "an event's id"),
    type: known,
    at: seconds(at, "an event's at"),
    actor: parseActor(actor),
    ...(project === undefined ? {} : { project: named(project, "an event's project") }),
    certificates: list(certificates, "an event's certificates").map((one) => {
      const { id: certificateId, name } = fields(one, "an event's certificate");
      return { id: text(certificateId, "an event's certificate"), name: name === null ? null : text(name, "a name") };
    }),
    ...(content === undefined ? {} : { content: text(content, "an event's content") }),
  };
}

function parseActor(json: unknown): Actor {
  const { kind, id, user, ip } = fields(json, "an actor");
  if (kind === "api_key") return { kind, id: text(id, "an actor's id") };
  if (kind !== "session") throw new Error("an actor's kind is unknown");
  const { id: userId, email } = fields(user, "an actor's user");
  return {
    kind,
    user: { id: text(userId, "a user's id"), email: text(email, "a user's email") },
    ip: text(ip, "an actor's ip"),
  };
}

function named(json: unknown, what: string): { id: string; name: string } {
  const { id, name } = fields(json, what);
  return { id: text(id, what), name: text(name, what) };
}

function fields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is not a string`);
  return value;
}

function seconds(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Error(`${what} is not a number of seconds`);
  return value;
}
