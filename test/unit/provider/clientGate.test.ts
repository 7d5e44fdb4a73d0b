import { createAuthority } from "../../../emulator";
import { UNKNOWN } from "../../../provider/unknown";
import { realAnchors } from "../../support/anchors";
import { blocks } from "../../support/clients/scenario";
import { Guarded } from "./guarded";
import { done, preview, toggles, up } from "./planned";

const DAY = 24 * 60 * 60 * 1000;
const LIST = "GET /organization/certificates";
const CONTENT = "GET /organization/certificates/{id}";

describe("requiredClients", () => {
  const on = Guarded.perTest();
  let { old, gateway, worker, rig, ids } = on;
  beforeEach(() => {
    ({ old, gateway, worker, rig, ids } = on);
  });

  const active = (...certificateIds: string[]) => on.active(...certificateIds);

  describe("refuses with nothing written", () => {
    it("to drop the anchor that a client needs, naming the client and that anchor", async () => {
      const state = await done(rig.run(), "activation", undefined, active(ids.old, ids.next));
      rig.calls();
      const { refused } = await up(rig.run(), "activation", state, active(ids.next));
      expect(refused).toMatch(
        /^required client CN=gateway \(requiredClients\[0\]\) would be locked out of the organization: /,
      );
      expect(refused).toContain(`it depends on ${ids.old} "corp-2024", which this change deactivates`);
      expect(refused).toMatch(/Nothing was changed\. Keep or add an anchor/);
      expect(rig.writes()).toEqual([]);
      expect(rig.active()).toEqual(["corp-2024", "corp-2026"]);
    });

    it("in create and update too, where the set has changed since check", async () => {
      const state = await done(rig.run(), "activation", undefined, active(ids.old, ids.next));
      rig.calls();
      const { activation } = rig.run();
      await expect(activation.update("organization", state.outs, active(ids.next))).rejects.toThrow(
        /CN=gateway.*locked out/,
      );
      await expect(activation.create({ ...active(ids.next), takeOver: true })).rejects.toThrow(
        /CN=gateway.*locked out/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it("to deactivate anything while a client is refused today, naming how to proceed", async () => {
      const state = await done(rig.run(), "activation", undefined, { certificateIds: [ids.next, ids.other] });
      rig.calls();
      expect(await preview(rig.run(), "activation", state, active(ids.next))).toMatch(
        /CN=gateway.*would still be locked out of the organization.*Renew the client's certificate or add an anchor/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it("a chain with its intermediate missing", async () => {
      const [leaf = ""] = blocks(gateway.chain);
      const news = { certificateIds: [ids.old], requiredClients: [leaf] };
      expect(await preview(rig.run(), "activation", undefined, news)).toMatch(
        /"CN=Issuing CA", the issuer of "CN=gateway", is neither in its chain \(a missing intermediate\?\)/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it("the first set, when it would turn enforcement on without the client's anchor", async () => {
      expect(await preview(rig.run(), "activation", undefined, active(ids.next))).toMatch(
        /CN=gateway.*would be locked out/,
      );
      expect(rig.writes()).toEqual([]);
    });

    it("every client that would be locked out, each by its place in the list", async () => {
      const news = { certificateIds: [ids.other], requiredClients: [gateway.chain, worker.chain] };
      const refused = await preview(rig.run(), "activation", undefined, news);
      expect(refused.split("\n")).toEqual([
        expect.stringMatching(/CN=gateway \(requiredClients\[0\]\)/),
        expect.stringMatching(/CN=worker \(requiredClients\[1\]\)/),
      ]);
    });

    it.each([
      ["that cannot be parsed", () => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", /cannot be read/],
      ["that holds a private key", () => gateway.chain + gateway.key, /holds a private key/],
    ])("a chain %s, without any call and without repeating it", async (_, chain, reason) => {
      const news = { certificateIds: [ids.old], requiredClients: [worker.chain, chain()] };
      const refused = await preview(rig.run(), "activation", undefined, news);
      expect(refused).toMatch(/^requiredClients\[1\] /);
      expect(refused).toMatch(reason);
      expect(refused).not.toMatch(/BEGIN|AAAA/);
      expect(rig.calls()).toEqual([]);
    });
  });

  it("are named by their places in the list, in which some may not be known yet", async () => {
    const news = { certificateIds: [ids.other], requiredClients: [UNKNOWN, gateway.chain] };
    expect(await preview(rig.run(), "activation", undefined, news)).toMatch(/CN=gateway \(requiredClients\[1\]\)/);
    const wrong = { ...news, requiredClients: [UNKNOWN, "no chain"] };
    expect(await preview(rig.run(), "activation", undefined, wrong)).toMatch(/^requiredClients\[1\] /);
  });

  it("holds back no change that only adds trust for a client that is refused today: it warns", async () => {
    const short = await createAuthority({ commonName: "Short Root", notAfter: new Date(Date.now() + 3 * DAY) });
    const id = rig.organization.upload({ name: "short", certificate: short.certificate });
    rig.organization.activate([id]);
    const { chain } = await short.client({ commonName: "late" });
    const run = rig.run();
    run.clock.advance(5 * DAY);
    const news = { certificateIds: [id, ids.next], requiredClients: [chain] };
    expect(await preview(run, "activation", undefined, news)).toBe("");
    expect(run.said.text).toMatch(
      new RegExp(
        `warning: required client CN=late .* is locked out of the organization today, .*${id} "short" expired on`,
      ),
    );
  });

  it("lets a rotation through that keeps every client accepted at each step", async () => {
    let state = await done(rig.run(), "activation", undefined, active(ids.old));
    const both = { certificateIds: [ids.old, ids.next], requiredClients: [gateway.chain, worker.chain] };
    state = await done(rig.run(), "activation", state, both);
    state = await done(rig.run(), "activation", state, { certificateIds: [ids.next], requiredClients: [worker.chain] });
    expect(toggles(rig)).toEqual(["+ corp-2024", "+ corp-2026", "- corp-2024"]);
  });

  it("only warns where there is nothing to change", async () => {
    const { requiredClients: _, ...without } = active(ids.next);
    const state = await done(rig.run(), "activation", undefined, without);
    rig.calls();
    const run = rig.run();
    expect((await up(run, "activation", state, active(ids.next))).refused).toBe("");
    expect(run.said.text).toMatch(
      /warning: required client CN=gateway .* is locked out of the organization today, and this change does not let it in/,
    );
    expect(rig.writes()).toEqual([]);
  });

  it("has nothing to say where nothing is active afterwards: then no client certificate is asked for", async () => {
    const state = await done(rig.run(), "activation", undefined, active(ids.old));
    await done(rig.run(), "activation", state, { ...active(), allowEmpty: true });
    expect(rig.active()).toEqual([]);
  });

  describe("fetches contents of anchors", () => {
    it("only where there are required clients", async () => {
      await done(rig.run(), "activation", undefined, { certificateIds: [ids.old, ids.next] });
      expect(rig.calls()).not.toContain(CONTENT);
    });

    it("only of anchors that are or will be active, each once in a run, however many ask", async () => {
      const project = rig.organization.addProject({ name: "pilot" });
      const run = rig.run();
      const news = { certificateIds: [ids.old, ids.next], requiredClients: [gateway.chain, worker.chain] };
      await Promise.all([
        done(run, "activation", undefined, news),
        done(run, "project", undefined, { ...news, projectId: project.id }),
      ]);
      expect(rig.calls().filter((call) => call === CONTENT)).toHaveLength(2);
    });

    it("not of those that a Certificate of the program declares", async () => {
      const run = rig.run();
      const { inputs } = await run.certificate.check({}, { certificate: old.certificate, name: "own" });
      const { id } = await run.certificate.create(inputs);
      rig.calls();
      await done(run, "activation", undefined, active(id));
      expect(rig.calls()).toEqual([LIST, "POST /organization/certificates/activate"]);
    });
  });

  describe("in preview, with ids that are not known yet", () => {
    const unknown = (name: string, certificate: string | undefined, adopt?: boolean | string) => ({
      ...active(UNKNOWN),
      certificateHints: [{ id: UNKNOWN, name, certificate, adopt, isExact: true }],
    });

    it("are asked about the upload that is in the set, and not about everything that is uploaded", async () => {
      expect(await preview(rig.run(), "activation", undefined, unknown("new", await renewed()))).toBe("");
      const other = rig.run();
      await other.certificate.check({}, { certificate: await renewed(), name: "uploaded only" });
      const stranger = unknown("stranger", realAnchors(2)[1]);
      expect(await preview(other, "activation", undefined, stranger)).toMatch(/CN=gateway.*would be locked out/);
    });

    it("are asked about what the program adopts, active or not, which is planned by its id", async () => {
      const run = rig.run();
      const byId = unknown("corp-2024", old.certificate, ids.old);
      expect(await preview(run, "activation", undefined, byId)).toBe("");
      expect(run.said.text).toContain(`+ activate ${ids.old} "corp-2024"`);
      rig.organization.activate([ids.old]);
      const again = rig.run();
      expect(await preview(again, "activation", undefined, unknown("corp-2024", old.certificate, true))).toBe("");
      expect(again.said.text).toContain(`= already active: ${ids.old} "corp-2024"`);
    });

    it("does not refuse where an id from elsewhere, or a whole list of them, may be of the anchor that is needed", async () => {
      const state = await done(rig.run(), "activation", undefined, active(ids.old));
      for (const certificateIds of [[UNKNOWN], [ids.next, UNKNOWN], UNKNOWN]) {
        expect(await preview(rig.run(), "activation", state, { ...active(), certificateIds })).toBe("");
      }
    });

    it.each([
      ["warns", undefined, true],
      ["does not warn of what will be held back, for which nothing is deactivated,", { expression: "true" }, false],
    ])("%s where the unknown id is that of a new certificate", async (_, celFilter, warns) => {
      const state = await done(rig.run(), "activation", undefined, active(ids.old));
      const run = rig.run();
      await run.certificate.check({}, { certificate: realAnchors(2)[1], name: "new", celFilter });
      expect(await preview(run, "activation", state, active(UNKNOWN))).toBe("");
      expect(run.said.text.includes("up will refuse this")).toBe(warns);
    });

    const renewed = async () => (await old.renew()).certificate;
  });
});
