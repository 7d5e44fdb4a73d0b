import { type Emulator, startEmulator } from "../../../emulator";
import { Authors } from "../../../provider/authors";
import { Organization } from "../../../provider/organization";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY, Said } from "../../support/rig";
import { caller, failure } from "./callers";

const PATH = "/organization/certificates";
const MINUTE = 60_000;
const [first = "", second = "", third = ""] = realAnchors(3);

/** Nobody is asked who changed what. */
const silent = new Authors({ auditEvents: async () => [] }, false, new Said());

describe("an organization, during one run of the engine", () => {
  let emulator: Emulator;
  let clock: FakeClock;
  let organization: Organization;
  let id: string;
  let other: string;
  beforeEach(async () => {
    emulator = await startEmulator({
      adminKey: ADMIN_KEY,
      projects: [
        { id: "proj_a", name: "A" },
        { id: "proj_b", name: "B" },
      ],
    });
    id = emulator.organization().upload({ name: "first", certificate: first });
    other = emulator.organization().upload({ name: "second", certificate: second });
    clock = new FakeClock();
    organization = new Organization(undefined, caller(emulator.url, { maxRetries: 0 }, clock).api, clock, silent);
  });
  afterEach(() => emulator.close());

  /** The calls since the last time, ids left out. */
  const calls = () =>
    emulator.requests.splice(0).map(({ method, path }) => `${method} ${path.replace(/cert_\w+/, "{id}")}`);
  const LIST = `GET ${PATH}`;

  it("is looked at once for all resources of the run", async () => {
    await Promise.all([
      organization.look(),
      organization.find(id),
      organization.lookToDecide(),
      organization.seenBeforeRun(),
    ]);
    expect(calls()).toEqual([LIST]);
  });

  it("is looked at again after two minutes for showing, after ten seconds for deciding, and at once when told to", async () => {
    await organization.look();
    clock.advance(10_000);
    await organization.lookToDecide();
    expect(calls()).toEqual([LIST]);
    clock.advance(1);
    await organization.look();
    expect(calls()).toEqual([]);
    await organization.lookToDecide();
    expect(calls()).toEqual([LIST]);
    clock.advance(2 * MINUTE);
    await organization.look();
    expect(calls()).toEqual([]);
    clock.advance(1);
    await Promise.all([organization.look(), organization.find(id)]);
    expect(calls()).toEqual([LIST]);
    await organization.lookAgain();
    expect(calls()).toEqual([LIST]);
    clock.advance(-MINUTE);
    await organization.lookAgain();
    expect(calls()).toEqual([LIST]);
  });

  it("has a list of its own for each project", async () => {
    emulator.organization().activate([id], "proj_a");
    const looks = () => Promise.all([organization.look(), organization.look("proj_a"), organization.look("proj_b")]);
    const active = (await looks()).map((listed) => listed.filter((one) => one.active).map((one) => one.id));
    expect(active).toEqual([[], [id], []]);
    await looks();
    const project = (name: string) => `GET /organization/projects/proj_${name}/certificates`;
    expect(calls().sort()).toEqual([LIST, project("a"), project("b")]);
  });

  it.each([
    ["a toggle of the organization", () => organization.activate([id])],
    ["a toggle of one project", () => organization.deactivate([id], "proj_a")],
    ["an upload", () => organization.upload("third", third)],
    ["a rename", () => organization.rename(id, "renamed")],
    ["a delete", () => organization.delete(other)],
    ["a write that failed", () => failure(organization.delete("cert_x"))],
  ])("is looked at again in every scope after %s", async (_, write) => {
    const looks = () => Promise.all([organization.look(), organization.look("proj_a")]);
    await looks();
    await write();
    calls();
    await looks();
    expect(calls()).toHaveLength(2);
    const live = emulator.organization().certificates();
    const seen = await organization.look();
    expect(seen.map((one) => [one.id, one.name, one.active]).sort()).toEqual(
      live.map((one) => [one.id, one.name, one.active]).sort(),
    );
  });

  it("finds a certificate without another look, whatever is written to others meanwhile", async () => {
    await organization.seenBeforeRun();
    await organization.rename(other, "renamed");
    await organization.upload("third", third);
    calls();
    expect(await organization.find(id)).toMatchObject({ id, name: "first" });
    expect(calls()).toEqual([]);
    expect(await organization.find(other)).toMatchObject({ name: "renamed" });
    expect(calls()).toEqual([LIST]);
    expect(await organization.find("cert_x")).toBeUndefined();
    expect(calls()).toEqual([]);
  });

  it("tells a failed look to who waited for it, and looks again for the next", async () => {
    emulator.faults.add({ kind: "status", status: 403 });
    const looks = await Promise.allSettled([organization.look(), organization.find(id), organization.seenBeforeRun()]);
    expect(looks.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(calls()).toEqual([LIST]);
    expect(await organization.look()).toHaveLength(2);
    expect(await organization.seenBeforeRun()).toHaveLength(2);
    expect(calls()).toEqual([LIST]);
  });

  it("remembers what was there before it uploaded anything, for the whole run", async () => {
    await Promise.all([organization.upload("third", third), organization.upload("twin", first)]);
    clock.advance(60 * MINUTE);
    const seen = await organization.seenBeforeRun();
    expect(seen.map((one) => one.id).sort()).toEqual([id, other].sort());
    expect(calls()).toEqual([LIST, `POST ${PATH}`, `POST ${PATH}`]);
  });

  it("uploads nothing where it cannot see what was there before", async () => {
    emulator.faults.add({ kind: "status", status: 403, match: { method: "GET" } });
    expect((await failure(organization.upload("third", third))).message).toMatch(/^GET .*: 403/);
    expect(calls()).toEqual([LIST]);
  });

  it("fetches a certificate's content once, unless that failed", async () => {
    emulator.faults.add({ kind: "status", status: 403 });
    const failed = await Promise.allSettled([organization.content(id), organization.content(id)]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const contents = await Promise.all([organization.content(id), organization.content(id), organization.pem(id)]);
    expect(contents[0]).toMatchObject({ id, content: contents[2] });
    expect(calls()).toEqual([`GET ${PATH}/{id}`, `GET ${PATH}/{id}`]);
    await organization.content(other);
    expect(calls()).toEqual([`GET ${PATH}/{id}`]);
  });

  it("fetches no content that the program declares", async () => {
    organization.declare(id, first);
    expect(await organization.pem(id)).toBe(first);
    expect(calls()).toEqual([]);
  });

  it("is called by the name the program gives it", () => {
    expect(organization.label).toBe("the organization");
    expect(new Organization("eu", organization.api, clock, silent).label).toBe('organization "eu"');
  });
});

describe("work in turn", () => {
  const { api } = caller("http://127.0.0.1:1/v1");

  it("is done one at a time for one key, in order, and at the same time for others", async () => {
    const organization = new Organization(undefined, api, new FakeClock(), silent);
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const work = (name: string) => () =>
      new Promise<string>((resolve) => {
        events.push(`${name} begins`);
        ends.set(name, () => {
          events.push(`${name} ends`);
          resolve(name);
        });
      });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    };
    const turns = [
      organization.inTurn("x", work("x1")),
      organization.inTurn("x", work("x2")),
      organization.inTurn("y", work("y1")),
      organization.inTurn("x", work("x3")),
    ];
    await new Promise(setImmediate);
    expect(events).toEqual(["x1 begins", "y1 begins"]);
    await end("x1");
    await end("x2");
    await end("y1");
    await end("x3");
    expect(events.filter((event) => event.startsWith("x"))).toEqual(
      ["x1", "x2", "x3"].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    expect(await Promise.all(turns)).toEqual(["x1", "x2", "y1", "x3"]);
  });

  it("goes on after a failure, which only its own caller is told", async () => {
    const organization = new Organization(undefined, api, new FakeClock(), silent);
    const failed = organization.inTurn("x", () => Promise.reject(new Error("down")));
    const thrown = organization.inTurn("x", () => {
      throw new Error("broken");
    });
    const good = organization.inTurn("x", async () => "good");
    await expect(failed).rejects.toThrow("down");
    await expect(thrown).rejects.toThrow("broken");
    expect(await good).toBe("good");
  });
});
