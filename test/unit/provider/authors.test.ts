import { realAnchors } from "../../support/anchors";
import { Rig, type Run } from "../../support/rig";

const LOG = "GET /organization/audit_logs";
const jane = { email: "jane@example.com", ip: "203.0.113.9" };
const BY_JANE = /by jane@example\.com from 203\.0\.113\.9 on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
const [first = "", second = ""] = realAnchors(2);

describe("drift messages, with openai:auditLog", () => {
  let rig: Rig;
  let own: string;
  let foreign: string;
  let set: { inputs: Record<string, unknown>; outs: Record<string, unknown> };
  const told = () => rig.run({ "openai:auditLog": "true" });

  const start = async (options = {}) => {
    rig = await Rig.start(options);
    own = rig.organization.upload({ name: "own", certificate: first });
    foreign = rig.organization.upload({ name: "foreign", certificate: second });
    const inputs = { certificateIds: [own] };
    set = { inputs, outs: (await rig.run().activation.create(inputs)).outs };
    rig.calls();
  };
  afterEach(() => rig.close());

  /** What a preview of the unchanged program says. */
  async function planned(run: Run): Promise<string> {
    const { inputs, failures } = await run.activation.check(set.inputs, set.inputs);
    expect(failures).toEqual([]);
    await run.activation.diff("organization", set.outs, inputs);
    return run.said.text;
  }

  it("say who activated and deactivated what, and when, for one call more", async () => {
    await start();
    rig.organization.by(jane).activate([foreign]);
    rig.organization.by(jane).deactivate([own]);
    const run = told();
    const { inputs } = await run.activation.check(set.inputs, set.inputs);
    await run.activation.diff("organization", set.outs, inputs);
    await run.activation.update("organization", set.outs, inputs);
    expect(run.said.text).toMatch(new RegExp(`\\+ activate ${own} "own" .* \\(deactivated ${BY_JANE.source}\\)`));
    expect(run.said.text).toMatch(new RegExp(`- deactivate ${foreign} "foreign" .* \\(activated ${BY_JANE.source}\\)`));
    expect(rig.calls().filter((call) => call === LOG)).toHaveLength(1);
  });

  it("say who deleted a certificate that is uploaded again", async () => {
    await start();
    const { inputs } = await rig.run().certificate.check({}, { certificate: second, name: "foreign", adopt: foreign });
    const { id, outs } = await rig.run().certificate.create(inputs);
    rig.organization.by(jane).remove(id);
    const run = told();
    await run.certificate.check(inputs, inputs);
    await run.certificate.diff(id, outs, inputs);
    expect(run.said.text).toMatch(
      new RegExp(`"foreign" was deleted outside of Pulumi ${BY_JANE.source}: it is uploaded`),
    );
  });

  it("make no call where there is no drift, nor without the option", async () => {
    await start();
    const quiet = told();
    await quiet.activation.check(set.inputs, set.inputs);
    expect(rig.calls()).not.toContain(LOG);
    rig.organization.by(jane).activate([foreign]);
    const run = rig.run();
    expect(await planned(run)).toContain(`- deactivate ${foreign}`);
    expect(rig.calls()).not.toContain(LOG);
  });

  it("go on without a name, and say why once, where the key may not read the log", async () => {
    await start();
    rig.emulator.faults.add({
      kind: "status",
      status: 403,
      match: { path: "/organization/audit_logs", times: Infinity },
    });
    rig.organization.activate([foreign]);
    const run = told();
    const plan = await planned(run);
    expect(plan).toMatch(/who changed what is not reported, because the audit log could not be read: GET .*403/);
    expect(plan).toContain(`- deactivate ${foreign}`);
  });

  it("go on without a name where the log is off", async () => {
    await start({ auditLog: false });
    rig.organization.activate([foreign]);
    expect(await planned(told())).toContain(`- deactivate ${foreign}`);
  });
});
