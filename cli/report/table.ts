import { literal, visible } from "../../provider/words";
import { named } from "../named";
import { padded, paragraph, wrapped } from "./columns";
import { describeSet } from "./counted";
import { historyLines } from "./historyTable";
import type { AnchorReport, Finding, Level, Report } from "./model";
import { nowhere, scopesOf } from "./scopes";
import { barOf, position, type Span, spanOf } from "./timeline";

export interface Paper {
  /** In columns; no line is longer. At least 40. */
  readonly width: number;
  readonly color: boolean;
}

const GAP = 2;
const DAYS = 11;
const BAR = 26;
const INDENT = "  ";
/** With fewer columns than these, what stands beside each other in the table stands below each other. */
const TABLE_WIDTH = 80;

/** The report for a terminal or a log: plain text, its colours say nothing that the text does not. */
export function renderTable(report: Report, paper: Paper): string {
  const paint = painter(paper.color);
  const lines = [
    ...wrapped(`Trust anchors at ${visible(report.baseUrl)}, ${report.generatedAt}`, paper.width),
    "",
    ...scopes(report, paper),
    "",
    ...anchors(report, paper, paint),
    ...report.findings.flatMap((finding) => ["", ...describeFinding(finding, paper, paint)]),
    ...(report.history === undefined ? [] : ["", ...historyLines(report.history, paper.width)]),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

type Style = Level | "dim" | "bold";
type Paint = (style: Style | undefined, text: string) => string;

const CODES: Readonly<Record<Style, number>> = { problem: 31, warning: 33, note: 36, dim: 2, bold: 1 };

function painter(color: boolean): Paint {
  return (style, text) => (color && style !== undefined ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}

function scopes(report: Report, { width }: Paper): string[] {
  const own = report.projects.filter(({ decidedBy }) => decidedBy === "project");
  const isEnforced = report.organization.anchorIds.length > 0;
  const organization = isEnforced
    ? `mTLS is enforced, ${describeSet(report.organization)}`
    : "mTLS is not enforced, nothing is active";
  const projects =
    report.projectsProblem === null
      ? `${own.length} of ${report.projects.length} with a set of their own`
      : "not known, they could not be listed";
  return [
    ...paragraph(`Organization: ${organization}`, width, "", INDENT),
    ...paragraph(`Projects: ${projects}`, width, "", INDENT),
    ...own.flatMap((one) => paragraph(`${named(one)}: ${describeSet(one)}`, width, INDENT, INDENT + INDENT)),
  ];
}

/** What every row is drawn from. */
interface Sheet {
  readonly report: Report;
  readonly width: number;
  readonly paint: Paint;
  readonly span: Span;
  /** Of the name and of the places; the columns between them are as wide as ever. */
  readonly columns: { readonly name: number; readonly place: number };
}

function anchors(report: Report, { width }: Paper, paint: Paint): string[] {
  if (report.anchors.length === 0) return ["There are no certificates."];
  const span = spanOf(report);
  const free = width - DAYS - BAR - 3 * GAP;
  const name = Math.floor(free * 0.45);
  const sheet = { report, width, paint, span, columns: { name, place: free - name } };
  const [first, last] = [span.from, span.to].map((time) => String(new Date(time).getUTCFullYear()));
  const axis = `${first}${String(last).padStart(BAR - String(first).length)}`;
  const isNarrow = width < TABLE_WIDTH;
  return [
    paint("bold", isNarrow ? `${INDENT}${axis}` : row(sheet, ["CERTIFICATE", "DAYS LEFT", axis, "ACTIVE IN"])),
    ...report.anchors.flatMap((anchor) => ["", ...(isNarrow ? stacked(sheet, anchor) : describeAnchor(sheet, anchor))]),
    "",
    ...wrapped("= valid, | today; < and > continue beyond the time line", width).map((line) => paint("dim", line)),
  ];
}

function describeAnchor(sheet: Sheet, anchor: AnchorReport): string[] {
  const { report, columns, paint } = sheet;
  const names = wrapped(anchor.name === null ? "(no name)" : visible(anchor.name), columns.name);
  const scopes = scopesOf(anchor).map((scope) => placeOf(report, scope));
  const places = scopes.length === 0 ? [nowhere(report)] : scopes.flatMap((scope) => wrapped(scope, columns.place));
  const left = daysLeft(anchor);
  const rows = Array.from({ length: Math.max(names.length, places.length) }, (_, index) => {
    const once = index === 0 ? [left.text, drawBar(sheet.span, anchor, report.generatedAt)] : ["", ""];
    return paint(left.style, row(sheet, [names[index] ?? "", ...once, places[index] ?? ""]));
  });
  return [...rows, ...dimDetails(sheet, anchor)];
}

function stacked(sheet: Sheet, anchor: AnchorReport): string[] {
  const { report, width, paint } = sheet;
  const scopes = scopesOf(anchor).map((scope) => placeOf(report, scope));
  const rows = [
    ...wrapped(anchor.name === null ? "(no name)" : visible(anchor.name), width),
    `${INDENT}${drawBar(sheet.span, anchor, report.generatedAt)}`,
    `${INDENT}${validity(anchor)}`,
    ...paragraph(
      `active in ${scopes.length === 0 ? nowhere(report) : scopes.join(", ")}`,
      width,
      INDENT,
      INDENT + INDENT,
    ),
  ];
  return [...rows.map((line) => paint(daysLeft(anchor).style, line)), ...dimDetails(sheet, anchor)];
}

function dimDetails({ width, paint }: Sheet, anchor: AnchorReport): string[] {
  const lines = details(anchor).flatMap((text) => paragraph(text, width, INDENT, INDENT + INDENT));
  return lines.map((line) => paint("dim", line));
}

function row({ columns }: Sheet, cells: readonly string[]): string {
  const widths = [columns.name, DAYS, BAR, columns.place];
  const parts = cells.map((cell, index) => padded(cell, widths[index] ?? 0));
  return parts.join(" ".repeat(GAP)).trimEnd();
}

/** A project by its name where only one has it; the list of sets at the top tells its id. */
function placeOf({ projects }: Report, scope: string): string {
  if (scope === "organization") return scope;
  const name = projects.find(({ id }) => id === scope)?.name ?? null;
  const isUnique = name !== null && projects.filter((project) => project.name === name).length === 1;
  return `project ${isUnique ? literal(name) : visible(scope)}`;
}

function details({ id, authority, issuer, subject, fingerprint, duplicates }: AnchorReport): string[] {
  return [
    `${visible(id)}${authority === null ? "" : `  ${visible(authority)}`}`,
    ...(issuer === null || issuer === subject ? [] : [`issued by ${visible(issuer)}`]),
    fingerprint === null ? "content unreadable" : `sha256 ${fingerprint}`,
    ...(duplicates.length === 0 ? [] : [`same certificate as ${duplicates.map(visible).join(", ")}`]),
  ];
}

function daysLeft({ status, daysLeft: days }: AnchorReport): { text: string; style?: Style } {
  if (days === null) return { text: "unknown", style: "warning" };
  if (status === "expired") return { text: "expired", style: "problem" };
  if (status === "expiring") return { text: `${days} soon`, style: "warning" };
  return status === "not yet valid" ? { text: "not yet" } : { text: String(days) };
}

function validity({ status, daysLeft: days }: AnchorReport): string {
  if (days === null) return "expiry unknown";
  if (status === "expired" || status === "not yet valid") return status;
  return `${days} ${days === 1 ? "day" : "days"} left${status === "expiring" ? ", expires soon" : ""}`;
}

/** `<=====|=====....`; a validity shorter than a column still gets one. */
function drawBar(span: Span, anchor: AnchorReport, generatedAt: string): string {
  const bar = barOf(span, anchor);
  const column = (fraction: number) => Math.min(Math.floor(fraction * BAR), BAR - 1);
  const characters = Array.from({ length: BAR }, (_, index): string =>
    bar !== undefined && index >= column(bar.start) && index <= column(bar.end) ? "=" : ".",
  );
  if (bar?.before) characters[0] = "<";
  if (bar?.after) characters[BAR - 1] = ">";
  characters[column(position(span, Date.parse(generatedAt)))] = "|";
  return characters.join("");
}

function describeFinding({ level, message, advice }: Finding, { width }: Paper, paint: Paint): string[] {
  const label = level.padEnd(9);
  const margin = " ".repeat(label.length);
  const [first = "", ...rest] = paragraph(message, width, label, margin);
  return [paint(level, label) + first.slice(label.length), ...rest, ...paragraph(advice, width, margin, margin)];
}
