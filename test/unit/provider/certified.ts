import { Rig } from "../../support/rig";

/** A new emulator for each test, and what the engine does with a Certificate on it. */
export class Certified {
  rig!: Rig;

  /** Registers with the block of tests that is being declared. */
  static perTest(): Certified {
    const on = new Certified();
    beforeEach(async () => {
      on.rig = await Rig.start();
    });
    afterEach(() => on.rig.close());
    return on;
  }

  /** What the engine does to create: check, then create with the checked inputs. */
  async create(inputs: Record<string, unknown>, run = this.rig.run()) {
    const checked = await run.certificate.check({}, inputs);
    expect(checked.failures).toEqual([]);
    return { ...(await run.certificate.create(checked.inputs)), inputs: checked.inputs };
  }
}
