/** What a soak has played, and what it found. */
export class Figures {
  sequences = 0;
  operations = 0;
  faults = 0;
  kills = 0;
  /** Runs that the API's going out of order ended. */
  outages = 0;
  /** Changes by somebody else, between runs and in the middle of them. */
  foreignChanges = 0;
  uploads = 0;
  /** Uploads that a killed run, or one that an outage ended, could not save. Each must be named or adopted. */
  orphans = 0;
  adopted = 0;
  named = 0;
  /** Certificates uploaded a second time by a run that was not killed. */
  duplicates = 0;
  /** Uploads of a run that went through, and that its state does not hold. */
  losses = 0;

  toString(): string {
    return Object.entries(this)
      .map(([name, count]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${count}`)
      .join(", ");
  }
}
