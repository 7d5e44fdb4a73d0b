import { describeEvent } from "../historyTable";
import type { History, HistoryEvent, Report } from "../model";
import { position, type Span } from "../timeline";
import { percent } from "./axis";
import { html, type Markup } from "./markup";

/** A lane of the time line with a mark for each change; nothing where no history was asked for. */
export function historyLane({ history }: Report, span: Span): Markup | string {
  if (history === undefined || history.events.length === 0) return "";
  const marks = history.events.map((event) => {
    const at = position(span, Date.parse(event.at));
    return at < 0 || at > 1 ? "" : mark(event, percent(at));
  });
  return html`<h3>Changes</h3><div class="row"><div class="who muted">from the audit log</div><svg class="track changes" role="img" aria-label="changes of certificates">${marks}</svg><div class="left"></div></div>`;
}

function mark(event: HistoryEvent, at: number): Markup {
  const kind = event.type.endsWith("deactivated") || event.type.endsWith("deleted") ? "less" : "more";
  return html`<line class="change ${kind}" x1="${at}%" x2="${at}%" y1="20%" y2="80%"><title>${event.at.slice(0, 10)}: ${describeEvent(event)}, by ${event.who}</title></line>`;
}

/** The changes as a list; nothing where no history was asked for. */
export function historySection({ history }: Report): Markup | string {
  if (history === undefined) return "";
  return html`<section class="card"><h2>History</h2>${list(history)}</section>`;
}

function list({ problem, events }: History): Markup {
  if (problem !== null) return html`<p class="muted">${problem}</p>`;
  if (events.length === 0) return html`<p class="muted">The audit log has no changes of certificates.</p>`;
  const items = events.map(
    (event) =>
      html`<li><time class="muted">${event.at.replace("T", " ").replace("Z", " UTC")}</time><div><p>${describeEvent(event)}</p><p class="muted">by ${event.who}</p></div></li>`,
  );
  return html`<ul class="findings history">${items}</ul>`;
}
