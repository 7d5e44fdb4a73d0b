import { DAY_MS, day } from "../../provider/clock";
import { visible } from "../../provider/words";
import { named } from "../named";
import type { ReadAnchor } from "./build";
import { aboutContent, sameName } from "./contentFindings";
import { type Facts, finding } from "./finding";
import type { ActiveSet, AnchorReport, Finding, Level } from "./model";
import { isActive, scopeLabel, scopesOf } from "./scopes";

/** "Organizations can upload up to 50 certificates", says the API reference. */
const MOST_CERTIFICATES = 50;

/** What somebody who answers for the organization should know or do; the worst first. */
export function findings(facts: Facts, read: readonly ReadAnchor[]): Finding[] {
  const all = [
    ...facts.projects.flatMap((project) => aboutSet(facts, project, project.id)),
    ...aboutSet(facts, facts.organization, "organization"),
    ...facts.anchors.filter(isActive).flatMap((anchor) => aboutActive(facts, anchor)),
    ...notEnforced(facts),
    ...facts.anchors.flatMap((anchor) => aboutContent(anchor, read)),
    ...sameName(facts, read),
    ...unreadableProjects(facts),
    ...duplicates(facts),
    ...noFreeSlot(facts),
    ...unused(facts),
  ];
  const levels: readonly Level[] = ["problem", "warning", "note"];
  return levels.flatMap((level) => all.filter((one) => one.level === level));
}

function aboutSet(facts: Facts, set: ActiveSet, scope: string): Finding[] {
  if (set.lastExpiresAt === null) return [];
  const { generatedAt, limitDays } = facts;
  const [last, where] = [new Date(set.lastExpiresAt), scopeLabel(facts, scope)];
  const about = { scope, anchorIds: set.anchorIds };
  if (set.lastExpiresAt <= generatedAt) {
    const message = `Every active anchor of ${where} has expired, the last on ${day(last)}: all of its clients are refused`;
    return [finding("problem", "set-expired", message, "Activate the anchor of the next generation now.", about)];
  }
  const anchors = facts.anchors.filter(({ id }) => set.anchorIds.includes(id));
  const until = validUntil(anchors, generatedAt);
  const [next] = anchors.flatMap(({ validAt }) => (validAt !== null && validAt > until ? [validAt] : [])).sort();
  if (until === generatedAt) {
    const message = `No active anchor of ${where} is valid now, the next one from ${next?.slice(0, 10)} on: all of its clients are refused`;
    return [finding("problem", "set-not-yet-valid", message, "Activate an anchor that is valid now beside it.", about)];
  }
  const left = Date.parse(until) - Date.parse(generatedAt);
  if (left > limitDays * DAY_MS) return [];
  const then =
    until === set.lastExpiresAt
      ? `The last active anchor of ${where} expires on ${day(last)}, ${inDays(left)}: then`
      : `No active anchor of ${where} is valid from ${until.slice(0, 10)}, ${inDays(left)}, to ${next?.slice(0, 10)}: in between`;
  const advice = "Activate the anchor of the next generation beside it and move the clients before that day.";
  return [finding("problem", "set-expiring", `${then} all of its clients are refused`, advice, about)];
}

/** Until when there is a valid anchor without a gap: `now` where none is valid now. */
function validUntil(anchors: readonly AnchorReport[], now: string): string {
  const byBeginning = anchors.toSorted((one, other) => ((one.validAt ?? "") < (other.validAt ?? "") ? -1 : 1));
  return byBeginning.reduce((until, { validAt, expiresAt }) => {
    const follows = (validAt ?? "") <= until && expiresAt !== null && expiresAt > until;
    return follows ? expiresAt : until;
  }, now);
}

function aboutActive(facts: Facts, anchor: AnchorReport): Finding[] {
  const { status, validAt, expiresAt, id } = anchor;
  const where = scopesOf(anchor)
    .map((scope) => scopeLabel(facts, scope))
    .join(" and ");
  const about = { anchorIds: [id] };
  if (status === "expired" && expiresAt !== null) {
    const message = `${named(anchor)} expired on ${expiresAt.slice(0, 10)} and is active in ${where}: clients that chain to it are refused`;
    return [finding("problem", "expired", message, "Move its clients to another anchor, then deactivate it.", about)];
  }
  if (status === "expiring" && expiresAt !== null) {
    const left = Date.parse(expiresAt) - Date.parse(facts.generatedAt);
    const message = `${named(anchor)} expires on ${expiresAt.slice(0, 10)}, ${inDays(left)}, and is active in ${where}`;
    return [finding("warning", "expiring", message, "Move its clients to another anchor before that day.", about)];
  }
  if (status === "not yet valid" && validAt !== null) {
    const message = `${named(anchor)} is active in ${where}, but not valid before ${validAt.slice(0, 10)}`;
    return [finding("note", "not-yet-valid", message, "Clients that chain to it are refused until then.", about)];
  }
  return [];
}

function notEnforced({ organization, projects }: Facts): Finding[] {
  if (organization.anchorIds.length > 0) return [];
  const own = projects.filter(({ decidedBy }) => decidedBy === "project").length;
  const but =
    own === 0
      ? ""
      : `, except in ${own === 1 ? "one project that has its" : `${own} projects that have their`} own set`;
  const message = `Nothing is active in the organization: requests are accepted without a client certificate${but}`;
  const advice = "To enforce mTLS, activate the anchors of all clients (CertificateActivation).";
  return [finding("warning", "not-enforced", message, advice, { scope: "organization" })];
}

function unreadableProjects(facts: Facts): Finding[] {
  if (facts.projectsProblem !== null) {
    const message = `The projects could not be listed, so this report knows the organization's active set alone: ${facts.projectsProblem}`;
    return [
      finding("warning", "project-unreadable", message, "Use a key that may list projects for a complete report."),
    ];
  }
  return facts.projects
    .filter(({ decidedBy }) => decidedBy === null)
    .map(({ id }) =>
      finding(
        "warning",
        "project-unreadable",
        `The list of projects has ${scopeLabel(facts, id)}, but the API does not find it: this report does not know what is active there`,
        "Run the report again: a project that was deleted a moment ago will be gone.",
        { scope: id },
      ),
    );
}

/** One finding a group. The one to keep is active in most places, so that least has to change. */
function duplicates(facts: Facts): Finding[] {
  return facts.anchors.flatMap((anchor, index) => {
    const twins = facts.anchors.filter(({ id }) => anchor.duplicates.includes(id));
    const isFirst = twins.every((twin) => facts.anchors.indexOf(twin) > index);
    const [keep, ...others] = [anchor, ...twins].sort(byPlaces);
    if (keep === undefined || others.length === 0 || !isFirst) return [];
    const message = `${[keep, ...others].map(named).join(" and ")} are the same certificate`;
    const missing = new Set(others.flatMap(scopesOf).filter((scope) => !scopesOf(keep).includes(scope)));
    const places = [...missing].map((scope) => scopeLabel(facts, scope)).join(" and ");
    const activate = missing.size === 0 ? "" : `, activate it in ${places} too`;
    const advice = `Keep ${visible(keep.id)}${activate}; deactivate and delete ${others.map(({ id }) => visible(id)).join(" and ")}.`;
    return [finding("warning", "duplicate", message, advice, { anchorIds: [keep, ...others].map(({ id }) => id) })];
  });
}

function byPlaces(one: AnchorReport, other: AnchorReport): number {
  const organization = ({ activeIn }: AnchorReport) => Number(activeIn.organization);
  return scopesOf(other).length - scopesOf(one).length || organization(other) - organization(one);
}

function noFreeSlot({ anchors }: Facts): Finding[] {
  if (anchors.length < MOST_CERTIFICATES) return [];
  const message = `The organization holds ${MOST_CERTIFICATES} certificates, the most it can have: the next rotation cannot upload its anchor`;
  return [finding("warning", "no-free-slot", message, "Delete a certificate that is active nowhere.")];
}

function unused({ anchors, projectsProblem }: Facts): Finding[] {
  if (projectsProblem !== null) return [];
  const idle = anchors.filter((anchor) => !isActive(anchor));
  if (idle.length === 0) return [];
  const show = (anchor: AnchorReport) => `${named(anchor)}${anchor.status === "expired" ? " (expired)" : ""}`;
  const message = `${idle.length === 1 ? "One certificate is" : `${idle.length} certificates are`} active nowhere: ${idle.map(show).join(", ")}`;
  const advice = `Activate them or delete them: an organization holds at most ${MOST_CERTIFICATES}.`;
  return [finding("note", "unused", message, advice, { anchorIds: idle.map(({ id }) => id) })];
}

function inDays(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  return days === 0 ? "within a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
}
