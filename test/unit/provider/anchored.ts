import { realAnchors } from "../../support/anchors";
import { Rig, type Run } from "../../support/rig";

export const ACTIVATE = "POST /organization/certificates/activate";
export const DEACTIVATE = "POST /organization/certificates/deactivate";
export const LIST = "GET /organization/certificates";

type Properties = Record<string, unknown>;

/** A new emulator with 25 inactive anchors for each test, and what the engine does with an activation on it. */
export class Anchored {
  rig!: Rig;
  ids!: string[];

  /** Registers with the block of tests that is being declared. */
  static perTest(): Anchored {
    const on = new Anchored();
    beforeEach(async () => {
      on.rig = await Rig.start();
      on.ids = realAnchors(25).map((certificate, index) =>
        on.rig.organization.upload({ name: `anchor-${index}`, certificate }),
      );
    });
    afterEach(() => on.rig.close());
    return on;
  }

  some(from: number, to: number): string[] {
    return this.ids.slice(from, to);
  }

  live(): string[] {
    const certificates = this.rig.organization.certificates();
    return certificates.filter(({ active }) => active).map(({ id }) => id);
  }

  async create(news: Properties, run: Run = this.rig.run()) {
    const checked = await run.activation.check({}, news);
    expect(checked.failures).toEqual([]);
    const created = await run.activation.create(checked.inputs);
    return { ...created, inputs: checked.inputs };
  }

  /** What the engine does in `up` with a resource that is in state. */
  async up(state: { outs: Properties; inputs: Properties }, news: Properties, run = this.rig.run()) {
    const checked = await run.activation.check(state.inputs, news);
    if (checked.failures.length > 0) {
      return { refused: checked.failures.map(({ reason }) => reason).join("\n"), ...state, said: run.said.text };
    }
    const diff = await run.activation.diff("organization", state.outs, checked.inputs);
    const outs = diff.changes
      ? (await run.activation.update("organization", state.outs, checked.inputs)).outs
      : state.outs;
    return { refused: undefined, changed: diff.changes, outs, inputs: checked.inputs, said: run.said.text };
  }

  async refusedBy(news: Properties, run = this.rig.run()): Promise<string> {
    return (await run.activation.check({}, news)).failures.map(({ reason }) => reason).join("\n");
  }
}
