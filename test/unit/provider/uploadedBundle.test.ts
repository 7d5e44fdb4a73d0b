import * as pulumi from "@pulumi/pulumi";
import { getCertificate } from "../../../sdk";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { ADMIN_KEY, Rig } from "../../support/rig";

const [first = "", second = ""] = realAnchors(2);

/** A program cannot declare a bundle, but somebody may have uploaded one by hand: the API uses its first certificate. */
describe("a bundle that was uploaded by hand", () => {
  let rig: Rig;
  let id: string;

  beforeEach(async () => {
    rig = await Rig.start();
    id = rig.organization.upload({ name: "root", certificate: `${first}\n${second}` });
  });
  afterEach(() => rig.close());

  it.each(["by its id", "by its content"])("is adopted %s, without a write, by its first certificate", async (how) => {
    const adopt = how === "by its id" ? id : true;
    const { certificate } = rig.run();
    const { inputs, failures } = await certificate.check({}, { certificate: first, name: "root", adopt });
    expect(failures).toEqual([]);
    expect((await certificate.create(inputs)).id).toBe(id);
    expect(rig.writes()).toEqual([]);
  });

  it("is not its second certificate", async () => {
    const run = rig.run();
    await run.certificate.check({}, { certificate: second, name: "root", adopt: id });
    expect(run.said.text).toContain(`holds another certificate (SHA-256 ${fingerprintOf(first)}`);
  });

  it("is named as the twin of an upload of its first certificate", async () => {
    const run = rig.run();
    const { inputs } = await run.certificate.check({}, { certificate: first, name: "root" });
    await run.certificate.create(inputs);
    expect(run.said.text).toContain(`adopt: "${id}"`);
  });

  it("is read by its id, and looked up, as its first certificate", async () => {
    const { props } = await rig.run().certificate.read(id, {});
    expect(props?.["fingerprint"]).toBe(fingerprintOf(first));
    pulumi.runtime.setAllConfig({ "openai:adminKey": ADMIN_KEY, "openai:baseUrl": rig.emulator.url });
    expect((await getCertificate({ id })).fingerprint).toBe(fingerprintOf(first));
  });
});
