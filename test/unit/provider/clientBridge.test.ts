import { type Authority, createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { Rig } from "../../support/rig";
import { done, preview, toggles } from "./planned";

describe("requiredClients, with more anchors than one call takes", () => {
  let rig: Rig;
  let uploaded: { id: string; name: string; root: Authority }[];
  beforeEach(async () => {
    rig = await Rig.start();
    const names = Array.from({ length: 12 }, (_, index) => `root-${index}`);
    const roots = await Promise.all(names.map((commonName) => createAuthority({ commonName })));
    uploaded = roots.map((root) => {
      const name = root.commonName;
      return { id: rig.organization.upload({ name, certificate: root.certificate }), name, root };
    });
  });
  afterEach(() => rig.close());
  const all = () => uploaded.map(({ id }) => id);

  it("never has enforcement on without the clients' anchors, when it begins and when it ends", async () => {
    // Those that would come last by their ids, and those that would go first as the newest of the list.
    const byId = [...uploaded].sort((a, b) => (a.id < b.id ? -1 : 1));
    const needed = [...new Set([...byId.slice(-2), ...uploaded.slice(-2)])];
    const clients = await Promise.all(needed.map(({ root }) => root.client()));
    const news = { certificateIds: all(), requiredClients: clients.map(({ chain }) => chain) };
    const state = await done(rig.run(), "activation", undefined, news);
    const [first = "", ...then] = toggles(rig);
    expect(first.split(" ")).toEqual(expect.arrayContaining(["+", ...needed.map(({ name }) => name)]));
    expect(then).toHaveLength(1);
    await done(rig.run(), "activation", state, { ...news, certificateIds: [], allowEmpty: true });
    const [, last = "", ...none] = toggles(rig);
    expect(last.split(" ")).toEqual(expect.arrayContaining(["-", ...needed.map(({ name }) => name)]));
    expect(none).toEqual([]);
  });

  it("counts the clients of a project that has no set of its own, for which the organization's decides", async () => {
    const last = [...uploaded].sort((a, b) => (a.id < b.id ? -1 : 1)).at(-1)!;
    const { chain } = await last.root.client();
    const { id: projectId } = rig.organization.addProject({ name: "pilot" });
    const mine = { projectId, certificateIds: [], requiredClients: [chain] };
    const run = rig.run();
    expect(await preview(run, "project", undefined, mine)).toBe("");
    await done(run, "activation", undefined, { certificateIds: all() });
    const [first = ""] = toggles(rig);
    expect(first.split(" ")).toContain(last.name);
  });

  it("refuses where one call could not hold all of them, with nothing written", async () => {
    const clients = await Promise.all(uploaded.map(({ root }) => root.client()));
    const news = { certificateIds: all(), requiredClients: clients.map(({ chain }) => chain) };
    expect(await preview(rig.run(), "activation", undefined, news)).toMatch(
      /requiredClients need 12 of the anchors: some of these clients would be refused for a moment\. Nothing was changed/,
    );
    expect(rig.writes()).toEqual([]);
  });

  it("refuses that in preview as well, where the anchors are going to be uploaded", async () => {
    const clients = await Promise.all(uploaded.map(({ root }) => root.client()));
    const news = {
      certificateIds: uploaded.map(() => UNKNOWN),
      certificateHints: uploaded.map(({ name, root: { certificate } }) => ({
        id: UNKNOWN,
        name,
        certificate,
        isExact: true,
      })),
    };
    const requiredClients = clients.map(({ chain }) => chain);
    expect(await preview(rig.run(), "activation", undefined, { ...news, requiredClients })).toMatch(
      /requiredClients need 12 of the anchors/,
    );
    const few = { ...news, requiredClients: requiredClients.slice(0, 10) };
    expect(await preview(rig.run(), "activation", undefined, few)).toBe("");
  });

  describe("where an anchor that would accept a client alone does not beside another", () => {
    const DAY = 24 * 60 * 60 * 1000;

    /** Uploaded again until its id has the place that is asked for: calls are made in the order of the ids. */
    function upload(name: string, certificate: string, isPlace: (id: string) => boolean): string {
      for (;;) {
        const id = rig.organization.upload({ name, certificate });
        if (isPlace(id)) {
          return id;
        }
        rig.organization.remove(id);
      }
    }

    it.each(["first", "last"])("chooses one that does, when enforcement is on with the %s ten alone", async (place) => {
      const root = await createAuthority({ commonName: "Root" });
      const namesake = await root.renew({ notAfter: new Date(Date.now() + 3 * DAY) });
      const issuing = await Promise.all(["One", "Two"].map((commonName) => root.intermediate({ commonName })));
      const clients = await Promise.all(issuing.map((one) => one.client()));
      const isEarly = (id: string) => (place === "first" ? id < "cert_5" : id > "cert_a");
      const isLate = (id: string) => (place === "first" ? id > "cert_a" : id < "cert_5");
      const isMiddle = (id: string) => !isEarly(id) && !isLate(id);
      const ids = [
        upload("root", root.certificate, isMiddle),
        upload("namesake", namesake.certificate, isEarly),
        ...issuing.map(({ certificate, commonName }) => upload(commonName, certificate, isLate)),
        ...realAnchors(8).map((certificate, index) => upload(`other-${index}`, certificate, isMiddle)),
      ];
      const news = { certificateIds: ids, requiredClients: clients.map(({ chain }) => chain) };
      const later = () => {
        const run = rig.run();
        run.clock.advance(5 * DAY);
        return run;
      };
      const state = await done(later(), "activation", undefined, news);
      const [first = ""] = toggles(rig);
      expect(first).toMatch(/One.*Two|Two.*One/);
      await done(later(), "activation", state, { ...news, certificateIds: [], allowEmpty: true });
      const [, last = ""] = toggles(rig);
      expect(last).toMatch(/One.*Two|Two.*One/);
    });
  });
});
