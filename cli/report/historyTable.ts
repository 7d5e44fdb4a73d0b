import { visible } from "../../provider/words";
import { named } from "../named";
import { paragraph, wrapped } from "./columns";
import type { History, HistoryEvent } from "./model";

const TIME = "2026-11-27 10:00:00Z  ".length;

/** The history for a terminal or a log: two or more lines an event. */
export function historyLines({ problem, events }: History, width: number): string[] {
  if (problem !== null) return wrapped(`History: ${problem}`, width);
  if (events.length === 0) return ["History: the audit log has no changes of certificates"];
  const margin = " ".repeat(width < 60 ? 2 : TIME);
  return [
    "History, newest first",
    ...events.flatMap((event) => {
      const time = event.at.replace("T", " ").padEnd(TIME);
      return [
        ...paragraph(describeEvent(event), width, time, margin),
        ...paragraph(`by ${visible(event.who)}`, width, margin, margin),
      ];
    }),
  ];
}

/** `activated cert_1 "corp-root" in project proj_a "Payments"`. */
export function describeEvent({ type, certificates, project }: HistoryEvent): string {
  const verb = type.slice(type.indexOf(".") + 1);
  const where = project === null ? "" : ` in project ${named(project)}`;
  return `${verb} ${certificates.map(named).join(", ")}${where}`;
}
