import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";

const [certificate = ""] = realAnchors(1);

/** Thrown, the message would be printed twice: by the provider process, and with the resource. */
describe("a check whose call of the API fails", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start();
    rig.emulator.faults.add({ kind: "status", status: 401, code: "invalid_api_key" });
  });
  afterEach(() => rig.close());

  it.each([
    ["an activation", "activation", { certificateIds: ["cert_a"] }],
    ["a certificate to adopt", "certificate", { certificate, name: "root", adopt: true }],
  ] as const)("is a failure of %s, and no exception", async (_, kind, news) => {
    const { failures } = await rig.run()[kind].check({}, news);
    expect(failures).toEqual([
      { property: "", reason: expect.stringMatching(/^GET .*: 401 invalid_api_key: .* Check the admin key/) },
    ]);
  });
});
