import { DAY_MS } from "../../../provider/clock";
import { describeSet } from "../counted";
import type { ActiveSet, AnchorReport, ProjectSet, Report } from "../model";
import { isActive } from "../scopes";
import { barOf, position, type Span, spanOf } from "../timeline";
import { percent, ticksOf } from "./axis";
import { historyLane } from "./history";
import { html, type Markup } from "./markup";
import { anchorName, daysLeftText, projectName, when } from "./words";

/** The time line: a group for the organization, one for each project with a set of its own, and what is active nowhere. */
export function lanes(report: Report): Markup {
  const { anchors, organization, projects } = report;
  const own = projects.filter(({ decidedBy }) => decidedBy === "project");
  const idle = anchors.filter((anchor) => !isActive(anchor));
  const draw = (shown: readonly AnchorReport[]) => shown.map((anchor) => row(report, anchor));
  const members = ({ anchorIds }: ActiveSet) => anchors.filter(({ id }) => anchorIds.includes(id));
  return html`<section class="card"><h2>Time line</h2>
${axis(report)}
<h3>Organization <span class="muted">${setText(organization)}</span></h3>${draw(members(organization))}
${own.map((project) => html`<h3>Project ${projectName(project)} <span class="muted">${setText(project)}</span></h3>${draw(members(project))}`)}
${idle.length === 0 ? "" : html`<div class="idle"><h3>Active nowhere</h3>${draw(idle)}</div>`}
${historyLane(report, spanOf(report))}
${legend(report)}
${withoutOwnSet(projects)}
</section>`;
}

function setText(set: ActiveSet): string {
  return set.anchorIds.length === 0 ? "nothing is active: mTLS is not enforced" : describeSet(set);
}

function axis(report: Report): Markup {
  const span = spanOf(report);
  const today = percent(position(span, Date.parse(report.generatedAt)));
  const labels = ticksOf(span).map(
    ({ at, label }, index) =>
      html`<text class="tick ${index % 2 === 0 ? "even" : "odd"}" x="${at}%" y="30" text-anchor="${anchorAt(at)}">${label}</text>`,
  );
  return html`<div class="row" aria-hidden="true"><div></div><svg class="track axis"><text class="now" x="${today}%" y="12" text-anchor="${anchorAt(today)}">today</text>${labels}</svg><div class="left muted">days left</div></div>`;
}

/** Labels at the ends stay inside the track. */
function anchorAt(percent: number): "start" | "middle" | "end" {
  if (percent < 4) return "start";
  return percent > 96 ? "end" : "middle";
}

function row(report: Report, anchor: AnchorReport): Markup {
  const index = report.anchors.indexOf(anchor);
  return html`<div class="row"><div class="who"><a href="#anchor-${index}">${anchorName(anchor)}</a><code>${anchor.id}</code></div>${track(report, anchor)}<div class="left status-${anchor.status === "not yet valid" ? "valid" : anchor.status}">${daysLeftText(anchor)}</div></div>`;
}

function track(report: Report, anchor: AnchorReport): Markup {
  const span = spanOf(report);
  const now = Date.parse(report.generatedAt);
  const today = percent(position(span, now));
  const limit = percent(position(span, now + report.limitDays * DAY_MS)) - today;
  const text = `valid from ${when(anchor.validAt)} to ${when(anchor.expiresAt)}`;
  return html`<svg class="track" role="img" aria-label="${text}"><title>${text}</title>
${ticksOf(span).map(({ at }) => html`<line class="grid" x1="${at}%" x2="${at}%" y1="0" y2="100%"/>`)}
<rect class="soon" x="${today}%" width="${limit.toFixed(2)}%" y="0" height="100%"/>${bars(span, today, anchor)}
<line class="today" x1="${today}%" x2="${today}%" y1="0" y2="100%"/></svg>`;
}

/** What is over is paler than what is still to come. */
function bars(span: Span, today: number, anchor: AnchorReport): Markup[] {
  const bar = barOf(span, anchor);
  if (bar === undefined) return [];
  const [start, end] = [percent(bar.start), percent(bar.end)];
  const rect = (from: number, to: number, kind: string) =>
    html`<rect class="bar ${kind} ${anchor.status}" x="${from}%" width="${(to - from).toFixed(2)}%" y="34%" height="32%" rx="2"/>`;
  return [
    ...(start < today ? [rect(start, Math.min(end, today), "past")] : []),
    ...(end > today ? [rect(Math.max(start, today), end, "ahead")] : []),
    ...(bar.before ? [html`<text class="edge" x="-4" y="62%" text-anchor="end">‹</text>`] : []),
    ...(bar.after ? [html`<text class="edge" x="100%" dx="3" y="62%">›</text>`] : []),
  ];
}

function legend({ limitDays }: Report): Markup {
  const sample = (kind: string) =>
    html`<svg aria-hidden="true"><rect class="bar ${kind}" x="1" y="1" width="28" height="10" rx="2"/></svg>`;
  return html`<p class="legend"><span>${sample("")}valid</span><span>${sample("past")}time gone</span><span>${sample("expiring")}expires within ${limitDays} days</span><span>${sample("expired")}expired</span><span class="idle">${sample("")}active nowhere</span><span><svg aria-hidden="true"><rect class="soon" width="30" height="12"/></svg>the next ${limitDays} days</span><span>‹ › goes on outside</span></p>`;
}

function withoutOwnSet(projects: readonly ProjectSet[]): Markup | string {
  const others = projects.filter(({ decidedBy }) => decidedBy !== "project");
  if (others.length === 0) return "";
  const count =
    others.length === 1 ? "1 project has no set of its own" : `${others.length} projects have no sets of their own`;
  const fate = (project: ProjectSet) => {
    if (project.decidedBy === null) return "not found: unknown";
    return project.decidedBy === "organization" ? "the organization's set decides" : "mTLS is not enforced";
  };
  return html`<details><summary>${count}</summary><ul>${others.map((project) => html`<li>${projectName(project)} <span class="muted">${fate(project)}</span></li>`)}</ul></details>`;
}
