import type { AnchorReport, ProjectSet } from "../model";
import { html, type Markup } from "./markup";

export function anchorName({ name }: AnchorReport): Markup {
  return name === null ? html`<span class="nameless">no name</span>` : html`${name}`;
}

export function projectName({ id, name }: Pick<ProjectSet, "id" | "name">): Markup {
  return name === null ? html`<code>${id}</code>` : html`${name} <code class="muted">${id}</code>`;
}

/** The day of an RFC 3339 time. */
export function when(time: string | null): string {
  return time === null ? "an unknown day" : time.slice(0, 10);
}

export function daysLeftText({ status, daysLeft }: AnchorReport): string {
  if (daysLeft === null) return "unknown";
  if (status === "expired") return "expired";
  return status === "not yet valid" ? "not yet valid" : daysLeft.toLocaleString("en-US");
}
