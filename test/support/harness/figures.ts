import type { Ended, Order } from "./driver";

/** What has been played. */
export class Figures {
  sequences = 0;
  operations = 0;
  uploads = 0;
  toggles = 0;
  deletions = 0;
  foreignChanges = 0;
  faults = 0;
  kills = 0;
  outages = 0;
  wrongKeys = 0;
  refusals = 0;

  count({ trouble, wrongKey }: Order, { how, failures, effects, requests }: Ended): void {
    this.operations++;
    this.uploads += effects.filter(({ kind }) => kind === "upload").length;
    this.toggles += effects.filter(({ kind }) => kind.endsWith("activate")).length;
    this.deletions += effects.filter(({ kind }) => kind === "delete").length;
    this.faults += requests.filter(({ fault }) => fault !== undefined).length;
    this.kills += how === "killed" ? 1 : 0;
    this.outages += trouble.brokenFrom === undefined || how !== "failed" ? 0 : 1;
    this.wrongKeys += wrongKey ? 1 : 0;
    this.refusals += failures.some(({ phase }) => phase === "check") ? 1 : 0;
  }

  toString(): string {
    const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return Object.entries(this)
      .map(([name, count]) => `${words(name)}: ${count}`)
      .join(", ");
  }
}
