import type { Ended, Order } from "./driver";

/** How much has been played, and how often what. */
export class Figures {
  sequences = 0;
  /** Of these, those that were given up because only a person could go on. */
  tangled = 0;
  unanswered = 0;
  operations = 0;
  /** What an engine has decided for a resource, which is compared with what a preview said, and with nothing to do. */
  decisions = 0;
  uploads = 0;
  toggles = 0;
  deletions = 0;
  foreignChanges = 0;
  faults = 0;
  kills = 0;
  outages = 0;
  wrongKeys = 0;
  refusals = 0;

  count({ trouble, wrongKey }: Order, { how, failures, effects, requests, decided }: Ended): void {
    this.operations++;
    this.decisions += decided.size;
    this.uploads += effects.filter(({ kind }) => kind === "upload").length;
    this.toggles += effects.filter(({ kind }) => kind.endsWith("activate")).length;
    this.deletions += effects.filter(({ kind }) => kind === "delete").length;
    this.faults += requests.filter(({ fault }) => fault !== undefined).length;
    this.kills += Number(how === "killed");
    this.outages += Number(trouble.brokenFrom !== undefined && how === "failed");
    this.wrongKeys += Number(wrongKey);
    this.refusals += Number(failures.some(({ phase }) => phase === "check"));
  }

  toString(): string {
    const figures = Object.entries(this).map(([name, count]) => `${name}: ${count}`);
    return figures.join(", ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  }
}
