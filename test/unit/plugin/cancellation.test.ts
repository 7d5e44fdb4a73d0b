import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { realAnchors } from "../../support/anchors";
import { until } from "../../support/engineWorld";
import { PluginServer, urn } from "../../support/pluginServer";
import { ADMIN_KEY, Rig } from "../../support/rig";

const [first = ""] = realAnchors(1);
const ROOT = urn("Certificate", "root");
const UPLOAD = { method: "POST", path: "/organization/certificates" };

describe("the first ^C while a certificate is being uploaded", () => {
  let rig: Rig;
  let plugin: PluginServer;

  beforeEach(async () => {
    rig = await Rig.start();
    plugin = await PluginServer.start();
    await plugin.configure({ adminKey: ADMIN_KEY, baseUrl: rig.emulator.url, timeoutSeconds: 1 });
  });
  afterEach(async () => {
    plugin.close();
    await rig.close();
  });

  /** Interrupts the run as soon as the upload has arrived; the answer never comes. */
  async function interruptedUpload(): Promise<{ id: string }> {
    const { inputs } = await plugin.check(ROOT, { certificate: first });
    const creating = plugin.create(ROOT, inputs);
    creating.catch(() => undefined);
    await until(() => rig.emulator.requests.some(({ method }) => method === "POST"));
    await plugin.call("cancel", new Empty());
    return creating;
  }

  it("takes the upload that went through although its answer was lost", async () => {
    rig.emulator.faults.add({ kind: "hang", at: "after", match: UPLOAD });
    const { id } = await interruptedUpload();
    expect(rig.organization.certificates()).toMatchObject([{ id, name: "root" }]);
    expect(rig.writes()).toHaveLength(1);
  });

  it("lists once where it did not, sends it no second time, and says how the next run makes no copy of it", async () => {
    rig.emulator.faults.add({ kind: "hang", match: UPLOAD });
    await expect(interruptedUpload()).rejects.toThrow(
      /upload of "root": it may have been uploaded, but the answer was lost, and .* interrupted\. POST .* Set adopt: true/,
    );
    expect(rig.calls()).toEqual([
      "GET /organization/certificates",
      "POST /organization/certificates",
      "GET /organization/certificates",
    ]);
  });

  it("says the same where listing fails too", async () => {
    rig.emulator.faults.add({ kind: "hang", at: "after", match: UPLOAD });
    rig.emulator.faults.add({ kind: "drop", match: { method: "GET", skip: 1 } });
    await expect(interruptedUpload()).rejects.toThrow(
      /may have been uploaded, .* and listing the certificates failed: GET .*: the run was interrupted\. Run again later\. POST .* Set adopt: true/,
    );
  });
});
