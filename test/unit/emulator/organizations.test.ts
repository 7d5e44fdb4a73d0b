import { type Emulator, startEmulator } from "../../../emulator";
import { anchor, call, emulators, KEY, uploadAnchors } from "./helpers";

const PATH = "/organization/certificates";
const KEYS = { acme: "sk-admin-acme", beta: "sk-admin-beta" };

describe("several organizations in one emulator", () => {
  const start = emulators();

  it("have a store each, selected by the key", async () => {
    const emulator = await start({ adminKey: KEYS });
    const { body } = await call(emulator, "POST", PATH, { key: KEYS.acme, body: { certificate: anchor() } });
    expect((await call(emulator, "GET", PATH, { key: KEYS.acme })).body.first_id).toBe(body.id);
    expect((await call(emulator, "GET", PATH, { key: KEYS.beta })).body.data).toEqual([]);
    expect((await call(emulator, "GET", `${PATH}/${body.id}`, { key: KEYS.beta })).status).toBe(404);
    expect(emulator.requests.map(({ organization }) => organization)).toEqual(["acme", "acme", "beta", "beta"]);
    expect(emulator.organization("acme").certificates()).toHaveLength(1);
    expect(emulator.organization("beta").certificates()).toHaveLength(0);
    expect(emulator.organization().certificates()).toHaveLength(1);
    expect(() => emulator.organization("gamma")).toThrow("no organization 'gamma'");
  });

  it("start with the same projects, which are not shared", async () => {
    const emulator = await start({ adminKey: KEYS, projects: [{ id: "proj_a", name: "A" }] });
    emulator.organization("beta").addProject({ id: "proj_b", name: "B" });
    const ids = (name: string) =>
      emulator
        .organization(name)
        .projects()
        .map(({ id }) => id);
    expect([ids("acme"), ids("beta")]).toEqual([["proj_a"], ["proj_a", "proj_b"]]);
  });

  it.each([
    ["no organization", {}, "at least one organization"],
    ["an empty key", { a: "" }, "empty or contains white space"],
    ["a key with a space", "sk admin", "empty or contains white space"],
    ["the same key twice", { a: KEY, b: KEY }, "same admin key"],
  ])("cannot be started with %s, and the error repeats no key", async (_what, adminKey, message) => {
    const starting = startEmulator({ adminKey });
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.not.toThrow(/sk/);
  });
});

describe("direct access to the emulator's store", () => {
  const start = emulators();

  it("does and shows what the API would, without a request", async () => {
    const emulator = await start({ projects: [{ id: "proj_a", name: "A" }] });
    const store = emulator.organization();
    const [a = "", b = ""] = uploadAnchors(emulator, 2);
    store.activate([a, b]);
    store.activate([b], "proj_a");
    store.deactivate([a]);
    store.rename(a, "renamed");
    expect(store.certificates()).toMatchObject([
      { id: a, name: "renamed", content: anchor(0), active: false, activeProjects: [] },
      { id: b, name: "anchor-1", content: anchor(1), active: true, activeProjects: ["proj_a"] },
    ]);
    expect(store.certificates()[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(emulator.requests).toEqual([]);
    const { body } = await call(emulator, "GET", `${PATH}?order=asc`);
    expect(body.data).toMatchObject([{ name: "renamed", active: false }, { active: true }]);
  });

  it("takes away an active certificate, which no caller of the API could", async () => {
    const emulator = await start();
    const [id = ""] = uploadAnchors(emulator, 1);
    emulator.organization().activate([id]);
    emulator.organization().remove(id);
    expect((await call(emulator, "GET", `${PATH}/${id}`)).status).toBe(404);
  });

  it("activates more than ten at once", async () => {
    const emulator = await start();
    emulator.organization().activate(uploadAnchors(emulator, 12));
    expect(
      emulator
        .organization()
        .certificates()
        .every(({ active }) => active),
    ).toBe(true);
  });

  it("refuses what the API would refuse, and a project id that is taken", async () => {
    const emulator = await start({ projects: [{ id: "proj_a", name: "A" }] });
    const store = emulator.organization();
    expect(() => store.upload({ certificate: "nothing" })).toThrow("not accepted");
    expect(() => store.activate(["cert_x"])).toThrow("No certificate found with id 'cert_x'");
    expect(() => store.activate([], "proj_x")).toThrow("No project found with id 'proj_x'");
    expect(() => store.addProject({ id: "proj_a", name: "Again" })).toThrow("already a project 'proj_a'");
  });
});

describe("the header openai-organization", () => {
  const start = emulators();
  const named = async (emulator: Emulator, path = PATH, key = KEY) =>
    (await call(emulator, "GET", path, { key })).headers.get("openai-organization");

  it("names the organization of the key, the same after a restart and in errors", async () => {
    const [emulator, restarted] = [await start({ adminKey: KEYS }), await start({ adminKey: KEYS })];
    const acme = await named(emulator, PATH, KEYS.acme);
    expect(acme).toMatch(/^org-[0-9a-f]{24}$/);
    expect(await named(restarted, PATH, KEYS.acme)).toBe(acme);
    expect(await named(emulator, `${PATH}/cert_unknown`, KEYS.acme)).toBe(acme);
    expect(await named(emulator, PATH, KEYS.beta)).not.toBe(acme);
  });

  it("says what it is told to, for one organization or for several", async () => {
    expect(await named(await start({ organizationId: "org-corp" }))).toBe("org-corp");
    const several = await start({ adminKey: KEYS, organizationId: { beta: "org-beta" } });
    expect(await named(several, PATH, KEYS.beta)).toBe("org-beta");
    expect(await named(several, PATH, KEYS.acme)).toMatch(/^org-[0-9a-f]{24}$/);
  });

  it("is not sent where it is switched off, where the key is refused, and with a page that is not the API's", async () => {
    expect(await named(await start({ organizationId: false }))).toBeNull();
    const emulator = await start();
    expect(await named(emulator, PATH, "sk-wrong")).toBeNull();
    emulator.faults.add({ kind: "garbage", at: "after", body: "{}" });
    expect(await named(emulator)).toBeNull();
  });

  it.each([
    ["one id for several organizations", KEYS, "org-corp", "give organizationId by organization"],
    ["an id for an organization without a key", KEY, { gamma: "org-corp" }, "names the organization 'gamma'"],
  ])("is refused for %s", async (_what, adminKey, organizationId, message) => {
    await expect(startEmulator({ adminKey, organizationId })).rejects.toThrow(message);
  });
});
