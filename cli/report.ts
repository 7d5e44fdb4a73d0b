import { writeFileSync } from "node:fs";
import { type Command, daysOption, parseOptions, UsageError } from "./command";
import { connect } from "./observation/connection";
import { observe } from "./observation/observe";
import { type Progress, progressOn, quiet } from "./observation/progress";
import { buildReport, expiringActive } from "./report/build";
import { counted } from "./report/counted";
import { renderHtml } from "./report/html";
import type { Report } from "./report/model";
import { renderTable } from "./report/table";
import { named } from "./visible";

/** The widest table: it should fit in a log and in a mail as well. */
const WIDEST = 100;
const NARROWEST = 80;
/** As long before the end as the provider warns. */
const DEFAULT_LIMIT_DAYS = 30;

const OPTIONS = {
  json: { type: "boolean", default: false },
  html: { type: "string" },
  "fail-within": { type: "string" },
} as const;

const USAGE = `Usage: openai-certificates report [--json | --html FILE] [--fail-within DAYS]

Shows every trust anchor of the organization: where it is active, how long it is still valid, who stands behind it,
and what should be done about any of that. It only reads.

  --json              print the report as JSON (documented in docs/report.schema.json)
  --html FILE         write the report as one self-contained page, with a time line
  --fail-within DAYS  end with 3 when an active anchor has expired or expires within so many days, such as 30d;
                      also decides what counts as expiring (default 30d)

Environment: OPENAI_ADMIN_KEY (permission api.mtls.read), OPENAI_BASE_URL, and for an mTLS host OPENAI_MTLS_CERT_CHAIN
and OPENAI_MTLS_KEY. NO_COLOR is respected.

Exit code: 0 the report is complete; 1 it could not be made; 2 wrong usage; 3 --fail-within found an anchor.`;

/** `openai-certificates report` */
export const command: Command = {
  name: "report",
  summary: "show every trust anchor: where it is active, and for how long it is valid",
  usage: USAGE,
  async run(argv) {
    const { json, html, "fail-within": within } = parseOptions(argv, OPTIONS);
    if (json && html !== undefined) throw new UsageError("--json and --html exclude each other");
    const limitDays = within === undefined ? DEFAULT_LIMIT_DAYS : daysOption("fail-within", within);
    const report = await makeReport(limitDays, json ? quiet : progressOn(process.stderr));
    if (html !== undefined) writeFileSync(html, renderHtml(report));
    process.stdout.write(html === undefined ? answer(report, json) : written(report, html));
    return within === undefined ? 0 : verdict(report);
  },
};

async function makeReport(limitDays: number, progress: Progress): Promise<Report> {
  try {
    const observation = await observe(connect(process.env), progress.step);
    return buildReport(observation, new Date(), limitDays);
  } finally {
    progress.done();
  }
}

function answer(report: Report, json: boolean): string {
  if (json) return `${JSON.stringify(report, null, 2)}\n`;
  const { stdout } = process;
  const width = Math.min(Math.max(stdout.columns ?? WIDEST, NARROWEST), WIDEST);
  // hasColors knows NO_COLOR and terminals without colours; only a terminal has it.
  return renderTable(report, { width, color: stdout.isTTY === true && stdout.hasColors() });
}

function written({ anchors, findings }: Report, file: string): string {
  return `wrote ${file}: ${counted(anchors.length, "certificate")}, ${counted(findings.length, "finding")}\n`;
}

function verdict(report: Report): number {
  const expiring = expiringActive(report);
  if (expiring.length === 0) return 0;
  const ids = expiring.map(named).join(", ");
  process.stderr.write(
    `openai-certificates: active and expired, or expiring within ${report.limitDays} days: ${ids}\n`,
  );
  return 3;
}
