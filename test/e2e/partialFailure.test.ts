import { createAuthority } from "../../emulator";
import { ALL_TWELVE, Site, TWELVE, twelve } from "../support/site";
import { mustSucceed } from "../support/stack";
import { TRANSPORTS } from "../support/transports";

const SECOND_CALL = { method: "POST", path: /activate$/, skip: 1, times: Number.POSITIVE_INFINITY };
const FORBIDDEN =
  /POST \/organization\/certificates\/activate: 403 insufficient_permissions: .* \(request req_\w+\) The admin key needs the permissions/;

describe.each(TRANSPORTS)("an activation of twelve that stops after its first ten (%s)", (transport) => {
  it.each<[string, (site: Site) => Promise<void>]>([
    [
      "is refreshed, and finished by the next up",
      async (site) => {
        mustSucceed(await site.stack.refresh());
        expect(activation(site)?.outputs?.["certificateIds"]).toEqual(activeIds(site));
        mustSucceed(await site.stack.up(twelve()));
        expect(site.tally()).toEqual(ALL_TWELVE);
      },
    ],
    [
      "is destroyed with all that it did",
      async (site) => {
        mustSucceed(await site.stack.destroy());
        expect(site.certificates()).toEqual([]);
        expect(site.stack.saved().resources).toEqual([]);
      },
    ],
  ])("keeps what was done in state, and %s", (_, goOn) =>
    Site.during(transport, {}, async (site) => {
      const { emulator, stack } = site;
      emulator.faults.add({
        kind: "status",
        status: 403,
        code: "insufficient_permissions",
        match: SECOND_CALL,
      });
      const stopped = await stack.up(twelve());
      expect(stopped.exitCode).toBe(1);
      expect(stopped.output).toMatch(FORBIDDEN);
      expect(activeIds(site)).toHaveLength(10);
      expect(site.tally()).toMatchObject({ live: TWELVE, orphans: [], lost: [] });
      const { inputs, outputs } = activation(site) ?? {};
      expect(outputs).toMatchObject({ certificateIds: activeIds(site) });
      // The dynamic provider loses its code in a partial state that does not hold all inputs, and then nothing works.
      const provider = transport === "dynamic" ? expect.any(String) : undefined;
      expect([inputs?.["__provider"], outputs?.["__provider"]]).toEqual([provider, provider]);
      emulator.faults.clear();
      await goOn(site);
    }),
  );
});

describe("a state that is larger than the header that gRPC's peers usually take", () => {
  it("comes through after a partial failure of the native plugin", () =>
    Site.during("native", {}, async (site) => {
      const root = await createAuthority({ commonName: "Corp Root" });
      const { chain } = await root.client({ commonName: "gateway" });
      const requiredClients = Array.from({ length: 200 }, () => chain);
      const program = twelve();
      const { org } = program.activations!;
      const declared = {
        certificates: { ...program.certificates, root: { certificate: root.certificate } },
        activations: {
          org: { ...org!, certificateIds: ["@root", ...(org!.certificateIds as string[])], requiredClients },
        },
      };
      expect(JSON.stringify(requiredClients).length).toBeGreaterThan(100_000);
      site.emulator.faults.add({ kind: "status", status: 403, code: "insufficient_permissions", match: SECOND_CALL });
      const stopped = await site.stack.up(declared);
      expect(stopped.exitCode).toBe(1);
      expect(stopped.output).toMatch(FORBIDDEN);
      expect(activation(site)?.outputs).toMatchObject({ certificateIds: activeIds(site), requiredClients });
      site.emulator.faults.clear();
      mustSucceed(await site.stack.up(declared));
      expect(activeIds(site)).toHaveLength(TWELVE + 1);
    }));
});

function activation({ stack }: Site) {
  return stack.saved().resources.find(({ type }) => type.endsWith(":CertificateActivation"));
}

function activeIds(site: Site): string[] {
  return site
    .certificates()
    .filter(({ active }) => active)
    .map(({ id }) => id)
    .sort();
}
