import { createHash } from "node:crypto";
import { counted } from "../counted";
import type { AnchorReport, Level, Report } from "../model";
import { isActive, nowhere } from "../scopes";
import { historySection } from "./history";
import { lanes } from "./lanes";
import { html, Markup } from "./markup";
import { STYLE } from "./style";
import { anchorName, daysLeftText, projectName, when } from "./words";

/** One page that needs nothing from anywhere: no script at all, and a policy that would not let one run. */
export function renderHtml(report: Report): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OpenAI mTLS trust anchors, ${when(report.generatedAt)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body><main>
<h1>OpenAI mTLS trust anchors</h1>
<p class="muted">${report.generatedAt.replace("T", " ").replace("Z", " UTC")} · ${report.baseUrl}</p>
${tiles(report)}
${findings(report)}
${lanes(report)}
${table(report)}
${historySection(report)}
<footer>Made by <code>openai-certificates report --html</code>. The API checks a project's own active anchors before the organization's.</footer>
</main></body>
</html>
`;
  return page.text;
}

function tiles(report: Report): Markup {
  const { organization, projects, anchors, findings } = report;
  const own = projects.filter(({ decidedBy }) => decidedBy === "project").length;
  const next = anchors.find((anchor) => isActive(anchor) && anchor.status !== "expired" && anchor.expiresAt !== null);
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings, notes] = [count("problem"), count("warning"), count("note")];
  const worst = problems > 0 ? "problem" : warnings > 0 ? "warning" : "";
  const enforced = organization.anchorIds.length > 0;
  return html`<div class="tiles">
<div class="card"><span class="muted">Organization</span><strong class="${enforced ? "" : "warning"}">${enforced ? "mTLS enforced" : "mTLS not enforced"}</strong>${organization.anchorIds.length} active of ${counted(anchors.length, "certificate")}</div>
<div class="card"><span class="muted">Projects</span><strong>${report.projectsProblem === null ? `${own} of ${projects.length}` : "not known"}</strong>${report.projectsProblem === null ? "with a set of their own" : "they could not be listed"}</div>
<div class="card"><span class="muted">Next to expire</span>${next === undefined ? html`<strong>–</strong>no active anchor is valid` : html`<strong class="${next.status === "expiring" ? "warning" : ""}">${when(next.expiresAt)}</strong>${anchorName(next)}`}</div>
<div class="card"><span class="muted">Findings</span><strong class="${worst}">${findings.length}</strong>${counted(problems, "problem")}, ${counted(warnings, "warning")}, ${counted(notes, "note")}</div>
</div>`;
}

function findings({ findings: found }: Report): Markup {
  const items = found.map(
    ({ level, message, advice }) =>
      html`<li><span class="badge ${level}">${level}</span><div><p>${message}</p><p class="muted">${advice}</p></div></li>`,
  );
  const nothing = html`<p class="muted">Nothing to do.</p>`;
  return html`<section class="card"><h2>Findings</h2>${items.length === 0 ? nothing : html`<ul class="findings">${items}</ul>`}</section>`;
}

function table(report: Report): Markup {
  return html`<section class="card"><h2>Certificates</h2><table>
<thead><tr><th>Name and id</th><th>Authority</th><th>SHA-256</th><th>Valid</th><th>Days left</th><th>Active in</th></tr></thead>
<tbody>${report.anchors.map((anchor, index) => tableRow(report, anchor, index))}</tbody>
</table></section>`;
}

function tableRow(report: Report, anchor: AnchorReport, index: number): Markup {
  const { id, authority, subject, issuer, fingerprint, validAt, expiresAt, status, duplicates, activeIn } = anchor;
  const projects = report.projects.filter((project) => activeIn.projects.includes(project.id));
  const issued = issuer === subject ? "" : html`<div class="muted">issued by ${issuer ?? ""}</div>`;
  const twins =
    duplicates.length === 0 ? "" : html`<div class="warning">same certificate as ${duplicates.join(", ")}</div>`;
  return html`<tr id="anchor-${index}">
<td data-label="Name and id">${anchorName(anchor)}<div class="muted mono">${id}</div>${twins}</td>
<td data-label="Authority">${authority === null ? html`<span class="warning">unreadable</span>` : html`${authority}<div class="muted">${subject ?? ""}</div>${issued}`}</td>
<td data-label="SHA-256" class="hash"><code>${fingerprint ?? "–"}</code></td>
<td data-label="Valid" class="dates">${when(validAt)}<br>${when(expiresAt)}</td>
<td data-label="Days left" class="status-${status === "not yet valid" ? "valid" : status}">${daysLeftText(anchor)}</td>
<td data-label="Active in">${activeIn.organization ? html`<div>organization</div>` : ""}${projects.map((project) => html`<div>project ${projectName(project)}</div>`)}${isActive(anchor) ? "" : html`<span class="muted">${nowhere(report)}</span>`}</td>
</tr>`;
}
