import { visible } from "../../provider/words";
import { padded, paragraph, widthOf, wrapped } from "../report/columns";
import { counted } from "../report/counted";
import type { ProbedClient, ProbeReport } from "./model";

const INDENT = "  ";
const GAP = "  ";

/** The results for a terminal or a log, no line wider than `width` columns. */
export function renderProbe({ url, organization, project, clients }: ProbeReport, width: number): string {
  const scope = [
    ...(organization === null ? [] : [`organization ${visible(organization)}`]),
    ...(project === null ? [] : [`project ${visible(project)}`]),
  ];
  const head = `${counted(clients.length, "client")} at ${[visible(url), ...scope].join(", ")}`;
  const rows = [["CLIENT", "EXPECTED", "RESULT", ""], ...clients.map(cells)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  const lines = rows.flatMap((row, index) => [
    row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(GAP),
    ...(index === 0 ? [] : details(clients[index - 1] as ProbedClient, width)),
  ]);
  const narrow = lines.flatMap((line) => (widthOf(line) > width ? wrapped(line.trim(), width) : [line.trimEnd()]));
  return `${[...wrapped(head, width), "", ...narrow].join("\n")}\n`;
}

/** Whether a client got what was expected. */
export function isAsExpected({ expected, result }: ProbedClient): boolean {
  return expected === result;
}

function cells(client: ProbedClient): string[] {
  const { name, expected, result } = client;
  return [visible(name), expected, result, isAsExpected(client) ? "" : "NOT AS EXPECTED"];
}

function details(
  { subject, expiresAt, status, code, requestId, reason, check }: ProbedClient,
  width: number,
): string[] {
  const end = expiresAt === null ? "" : `, valid until ${expiresAt.slice(0, 10)}`;
  const who = subject === null ? "without a certificate" : `${visible(subject) || "(no subject)"}${end}`;
  const came = [status, code].filter((one) => one !== null).join(" ");
  const request = requestId === null ? "" : ` (request ${visible(requestId)})`;
  const said = reason === null ? [] : [`${came === "" ? "" : `${visible(came)}: `}${visible(reason)}${request}`];
  return [who, ...said, ...(check === null ? [] : [check])].flatMap((text) =>
    paragraph(text, width, INDENT, INDENT + INDENT),
  );
}
