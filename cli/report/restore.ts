import path from "node:path";
import type { AuditEvent } from "../../provider/api/auditWire";
import { parseUploaded } from "../../provider/pem";
import { Names } from "../adopt/names";
import { named } from "../named";

export interface Restoration {
  /** File name → PEM. */
  readonly files: ReadonlyMap<string, string>;
  /** One line for each deleted certificate: where it went, or why it cannot be restored. */
  readonly lines: readonly string[];
}

/** The certificates that the log says were deleted, as files; the newest deletion first. */
export function restoration(events: readonly AuditEvent[], folder: string): Restoration {
  const names = new Names();
  const files = new Map<string, string>();
  const deleted = events.filter(({ type }) => type === "certificate.deleted");
  const lines = deleted.flatMap(({ certificates: [certificate], pem, effectiveAt }) => {
    if (certificate === undefined) return [];
    const what = `${named(certificate)}, deleted ${new Date(effectiveAt * 1000).toISOString().slice(0, 10)}`;
    if (pem === undefined) return [`not restored: ${what}: the audit log does not have its content`];
    const parsed = parseUploaded(pem);
    if ("problem" in parsed) return [`not restored: ${what}: its content ${parsed.problem}`];
    const file = `${names.take(certificate.name ?? "", certificate.id)}.pem`;
    files.set(file, parsed.certificate.pem);
    return [`restored ${path.join(folder, file)}: ${what}`];
  });
  return {
    files,
    lines: lines.length === 0 ? ["nothing to restore: the audit log has no deleted certificates"] : lines,
  };
}
