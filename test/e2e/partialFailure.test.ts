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
