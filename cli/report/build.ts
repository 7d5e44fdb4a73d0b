import type { CertificateWithContent } from "../../provider/api/wire";
import { DAY_MS, rfc3339 } from "../../provider/clock";
import { type Content, readContent } from "../observation/content";
import type { Observation, ObservedProject } from "../observation/observe";
import { findings } from "./findings";
import type { ActiveSet, AnchorReport, AnchorStatus, ProjectSet, Report } from "./model";
import { isActive } from "./scopes";

/** A certificate with its content read, or with the reason why it cannot be. */
export interface ReadAnchor extends CertificateWithContent {
  readonly read: Content | { readonly problem: string };
}

/** What an observation says at a point in time; anchors that expire within `limitDays` count as expiring. */
export function buildReport(observation: Observation, at: Date, limitDays: number): Report {
  const generatedAt = rfc3339(at);
  // What the report says of "now" is what it says of every status: to the second.
  const now = new Date(generatedAt);
  const read = observation.certificates.map((one): ReadAnchor => ({ ...one, read: readContent(one.content) }));
  const anchors = read.map((one) => anchorReport(one, read, observation, now, limitDays)).sort(byUrgency);
  const without = {
    schemaVersion: 1,
    generatedAt,
    baseUrl: observation.baseUrl,
    limitDays,
    organization: activeSet(observation.active, anchors),
    projects: observation.projects.map((project) => projectSet(project, observation, anchors)),
    projectsProblem: observation.projectsProblem ?? null,
    anchors,
  } as const;
  return { ...without, findings: findings(without, read) };
}

function anchorReport(
  anchor: ReadAnchor,
  all: readonly ReadAnchor[],
  { active, projects }: Observation,
  now: Date,
  limitDays: number,
): AnchorReport {
  const { id, name, createdAt, read } = anchor;
  const content = "problem" in read ? undefined : read;
  const validAt = content?.validAt ?? fromSeconds(anchor.validAt);
  const expiresAt = content?.expiresAt ?? fromSeconds(anchor.expiresAt);
  const left = expiresAt === undefined ? undefined : expiresAt.getTime() - now.getTime();
  return {
    id,
    name,
    fingerprint: content?.fingerprint ?? null,
    authority: content?.authority ?? null,
    subject: content?.subject ?? null,
    issuer: content?.issuer ?? null,
    createdAt: rfc3339(new Date(createdAt * 1000)),
    validAt: validAt === undefined ? null : rfc3339(validAt),
    expiresAt: expiresAt === undefined ? null : rfc3339(expiresAt),
    status: statusOf(left, validAt, now, limitDays),
    daysLeft: left === undefined ? null : Math.floor(left / DAY_MS),
    activeIn: {
      organization: active.includes(id),
      projects: projects.filter((project) => project.active?.includes(id)).map((project) => project.id),
    },
    duplicates: all.filter((other) => other.id !== id && isSame(other.read, read)).map((other) => other.id),
  };
}

function statusOf(left: number | undefined, validAt: Date | undefined, now: Date, limitDays: number): AnchorStatus {
  if (left === undefined) return "unknown";
  if (left < 0) return "expired";
  if (left <= limitDays * DAY_MS) return "expiring";
  return validAt !== undefined && validAt.getTime() > now.getTime() ? "not yet valid" : "valid";
}

function isSame(one: ReadAnchor["read"], other: ReadAnchor["read"]): boolean {
  return "fingerprint" in one && "fingerprint" in other && one.fingerprint === other.fingerprint;
}

function fromSeconds(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}

function activeSet(anchorIds: readonly string[], anchors: readonly AnchorReport[]): ActiveSet {
  const ends = anchors.filter(({ id }) => anchorIds.includes(id)).map(({ expiresAt }) => expiresAt);
  const known = ends.filter((end) => end !== null).sort();
  return { anchorIds, lastExpiresAt: known.length === ends.length ? (known.at(-1) ?? null) : null };
}

function projectSet(
  { id, name, active }: ObservedProject,
  observation: Observation,
  anchors: readonly AnchorReport[],
): ProjectSet {
  const others = observation.active.length > 0 ? "organization" : "nobody";
  const decidedBy = active === undefined ? null : active.length > 0 ? "project" : others;
  return { id, name, decidedBy, ...activeSet(active ?? [], anchors) };
}

/** Unknown ends come first, because somebody has to look. */
function byUrgency(one: AnchorReport, other: AnchorReport): number {
  const rank = (anchor: AnchorReport) => `${isActive(anchor) ? 0 : 1} ${anchor.expiresAt ?? ""} ${anchor.id}`;
  return rank(one) < rank(other) ? -1 : 1;
}
