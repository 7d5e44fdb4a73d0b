import type { Finding, FindingCode, Level, Report } from "./model";

/** What findings are made from. */
export type Facts = Omit<Report, "findings">;
/** Who a finding is about, next to what it says. */
type About = Partial<Pick<Finding, "anchorIds" | "scope">>;

export function finding(level: Level, code: FindingCode, message: string, advice: string, about: About = {}): Finding {
  return { level, code, message, advice, anchorIds: [], scope: null, ...about };
}
