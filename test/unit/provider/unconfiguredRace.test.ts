import { type Emulator, startEmulator } from "../../../emulator";
import { fingerprintOf, realAnchors } from "../../support/anchors";
import { DynamicProvider } from "../../support/dynamicProvider";
import { pinnedProvider } from "../../support/release";

const KEY = "sk-admin-local-race";
const anchors = realAnchors(50);

/**
 * The provider process lets parallel calls through while the first one awaits `configure`; a refresh or a destroy starts
 * with as many as the engine runs at once.
 */
describe("a provider process that is called 50 times at once, with nothing before", () => {
  let emulator: Emulator;
  let provider: DynamicProvider;
  let ids: string[];

  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    ids = anchors.map((certificate, index) => emulator.organization().upload({ name: `root-${index}`, certificate }));
    provider = await DynamicProvider.start({ "openai:adminKey": KEY, "openai:baseUrl": emulator.url });
  });
  afterEach(async () => {
    await provider.stop();
    await emulator.close();
  });

  /** What state holds of the certificate, with the closure as the first release wrote it. */
  const stored = (index: number) => ({
    name: `root-${index}`,
    certificate: anchors[index] ?? "",
    fingerprint: fingerprintOf(anchors[index] ?? ""),
    createdAt: "2026-01-01T00:00:00Z",
    validAt: "2026-01-01T00:00:00Z",
    expiresAt: "2036-01-01T00:00:00Z",
    __provider: pinnedProvider("Certificate"),
  });

  it("reads all of them configured, by one list", async () => {
    const read = await Promise.all(ids.map((id, index) => provider.read(id, stored(index))));
    expect(read.map((outputs) => outputs?.["fingerprint"])).toEqual(anchors.map(fingerprintOf));
    expect(emulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      "GET /organization/certificates 200",
    ]);
  });

  it("deletes all of them configured, each with one call", async () => {
    await Promise.all(ids.map((id, index) => provider.delete(id, stored(index))));
    expect(emulator.organization().certificates()).toEqual([]);
    expect(emulator.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(ids.map(() => "DELETE 200"));
  });

  it("reads resources of all types at once, each with the closure of its own", async () => {
    emulator.organization().activate(ids.slice(0, 2));
    const [organization, ...certificates] = await Promise.all([
      provider.read("organization", {
        certificateIds: ids.slice(0, 2),
        exclusive: true,
        __provider: pinnedProvider("CertificateActivation"),
      }),
      ...ids.slice(0, 10).map((id, index) => provider.read(id, stored(index))),
    ]);
    expect(organization?.["certificateIds"]).toEqual(ids.slice(0, 2).sort());
    expect(certificates.map((outputs) => outputs?.["name"])).toEqual(
      ids.slice(0, 10).map((_, index) => `root-${index}`),
    );
    expect(emulator.requests).toHaveLength(1);
  });
});
