import { writeFileSync } from "node:fs";
import { refuseUnlessEmpty, writeFiles } from "./adopt/write";
import { type Command, daysOption, parseOptions, UsageError } from "./command";
import { connect } from "./observation/connection";
import { observe } from "./observation/observe";
import { progressOn, quiet } from "./observation/progress";
import { buildReport } from "./report/build";
import { counted } from "./report/counted";
import { failWithin } from "./report/failWithin";
import { historyOf, type ReadLog, readLog } from "./report/history";
import { renderHtml } from "./report/html";
import type { Report } from "./report/model";
import { restoration } from "./report/restore";
import { type Paper, renderTable } from "./report/table";
import { type Stream, type Surroundings, widthOfPaper } from "./surroundings";

/** As long before the end as the provider warns. */
const DEFAULT_LIMIT_DAYS = 30;

const OPTIONS = {
  json: { type: "boolean", default: false },
  html: { type: "string" },
  "fail-within": { type: "string" },
  history: { type: "boolean", default: false },
  restore: { type: "string" },
} as const;

const USAGE = `Usage: openai-certificates report [--json | --html FILE] [--fail-within DAYS] [--history [--restore DIR]]

Shows every trust anchor of the organization: where it is active, how long it is still valid, who stands behind it,
and what should be done about any of that. It only reads.

  --json              print the report as JSON (documented in docs/report.schema.json)
  --html FILE         write the report as one self-contained page, with a time line
  --fail-within DAYS  end with 3 when an active anchor has expired or expires within so many days, such as 30 or 30d, or
                      when a set has no valid anchor yet; also decides what counts as expiring (default 30)
  --history           who uploaded, renamed, activated, deactivated and deleted what, from the audit log, where the
                      organization has turned it on and the key may read it
  --restore DIR       with --history: write the certificates that were deleted, as the log holds them, to the folder
                      DIR, which must not exist or be empty

Environment: OPENAI_ADMIN_KEY (permissions api.mtls.read and to list projects; without the second, the report knows the
organization's set alone), OPENAI_BASE_URL, and for an mTLS host OPENAI_MTLS_CERT_CHAIN and OPENAI_MTLS_KEY. NO_COLOR is
respected.

Exit code: 0 the report is complete; 1 it could not be made, or --fail-within found none and could not know of all;
2 wrong usage; 3 --fail-within found one.`;

/** `openai-certificates report` */
export const command: Command = {
  name: "report",
  summary: "show every trust anchor: where it is active, and for how long it is valid",
  usage: USAGE,
  run: (argv) => runReport(argv, process),
};

export async function runReport(argv: readonly string[], { stdout, stderr, env }: Surroundings): Promise<number> {
  const { json, html, "fail-within": within, history, restore } = parseOptions(argv, OPTIONS);
  if (json && html !== undefined) throw new UsageError("--json and --html cannot be used together");
  if (restore !== undefined && !history) throw new UsageError("--restore needs --history");
  if (restore !== undefined) refuseUnlessEmpty(restore, "--restore");
  const limitDays = within === undefined ? DEFAULT_LIMIT_DAYS : daysOption("fail-within", within);
  const connection = connect(env, stderr);
  const progress = json ? quiet : progressOn(stderr);
  const observation = await observe(connection, progress.step).finally(progress.done);
  const log = history ? await readLog(connection.api) : undefined;
  const report = {
    ...buildReport(observation, new Date(), limitDays),
    ...(log !== undefined && { history: historyOf(log) }),
  };
  if (html !== undefined) {
    writeFileSync(html, renderHtml(report));
    stdout.write(written(report, html));
  } else {
    stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : renderTable(report, paperOf(stdout)));
  }
  // Standard output may be JSON, for another program.
  if (restore !== undefined && log !== undefined) stderr.write(restoreInto(restore, log));
  return within === undefined ? 0 : verdict(report, stderr);
}

/** Node's hasColors knows NO_COLOR and terminals without colours; only a terminal has it. */
function paperOf(stdout: Stream): Paper {
  return { width: widthOfPaper(stdout), color: stdout.isTTY === true && stdout.hasColors() };
}

function written({ anchors, findings }: Report, file: string): string {
  return `wrote ${file}: ${counted(anchors.length, "certificate")}, ${counted(findings.length, "finding")}\n`;
}

function restoreInto(folder: string, log: ReadLog): string {
  if ("problem" in log) throw new Error(`nothing was restored. ${log.problem}`);
  const { files, lines } = restoration(log.events, folder);
  writeFiles(folder, files);
  return `${lines.join("\n")}\n`;
}

function verdict(report: Report, stderr: Stream): number {
  const { exitCode, lines } = failWithin(report);
  for (const line of lines) stderr.write(`openai-certificates: ${line}\n`);
  return exitCode;
}
