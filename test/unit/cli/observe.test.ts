import { setImmediate } from "node:timers/promises";
import { mapBounded } from "../../../cli/observation/mapBounded";
import { observe, type Step } from "../../../cli/observation/observe";
import { type Emulator, type EmulatorOptions, startEmulator, writes } from "../../../emulator";
import { httpTransport } from "../../../provider/api/transport";
import { Session } from "../../../provider/session";
import { resolveSettings } from "../../../provider/settings";
import { realAnchors } from "../../support/anchors";
import { FakeClock } from "../../support/fakeClock";
import { ADMIN_KEY, Said } from "../../support/rig";

const anchors = realAnchors(12);
const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function organization(options: Partial<EmulatorOptions> = {}) {
  const emulator = await startEmulator({ adminKey: ADMIN_KEY, projects: [], ...options });
  running.push(emulator);
  return emulator;
}

/** A walk in no time at all, with whatever it told about its progress. */
async function walk({ url }: Emulator, step: Step = () => undefined) {
  const settings = resolveSettings(() => undefined, { OPENAI_ADMIN_KEY: ADMIN_KEY, OPENAI_BASE_URL: url });
  const session = new Session(settings, { clock: new FakeClock(), log: new Said(), transport: httpTransport });
  return observe({ api: session.organization(undefined).api, baseUrl: url }, step);
}

describe("looking at an organization", () => {
  it("finds every certificate with its content, and what is active in the organization and in each project", async () => {
    const emulator = await organization({ maxPageSize: 5 });
    const direct = emulator.organization();
    const ids = anchors.map((certificate, index) => direct.upload({ name: `root-${index}`, certificate }));
    const [first = "", second = ""] = ids;
    for (const name of ["a", "b", "c"]) direct.addProject({ id: `proj_${name}`, name });
    direct.addProject({ id: "proj_old", name: "old", archived: true });
    direct.activate([first]);
    direct.activate([first, second], "proj_b");
    direct.activate([second], "proj_old");
    const seen = await walk(emulator);
    expect(seen.certificates.map(({ content }) => content)).toEqual(expect.arrayContaining(anchors));
    expect(seen.certificates).toHaveLength(12);
    expect(seen.active).toEqual([first]);
    const active = seen.projects.map((project) => [project.id, project.active?.toSorted()]);
    expect(Object.fromEntries(active)).toEqual({
      proj_a: [],
      proj_b: [first, second].sort(),
      proj_c: [],
      proj_old: [second],
    });
  });

  it("costs a list walk, a walk over the projects, one list a project and one read a certificate, and never writes", async () => {
    const emulator = await organization();
    for (const certificate of anchors) emulator.organization().upload({ certificate });
    for (let number = 0; number < 5; number++) emulator.organization().addProject({ name: `p${number}` });
    await walk(emulator);
    expect(writes(emulator.requests)).toEqual([]);
    const paths = emulator.requests.map(({ path }) => path.replace(/(cert|proj)_\w+/, "{$1}"));
    const counts = Object.fromEntries(
      [...new Set(paths)].map((path) => [path, paths.filter((one) => one === path).length]),
    );
    expect(counts).toEqual({
      "/organization/certificates": 1,
      "/organization/projects": 1,
      "/organization/projects/{proj}/certificates": 5,
      "/organization/certificates/{cert}": 12,
    });
  });

  it("tells how far it is", async () => {
    const emulator = await organization();
    for (const certificate of anchors.slice(0, 2)) emulator.organization().upload({ certificate });
    emulator.organization().addProject({ name: "p" });
    const steps: string[] = [];
    await walk(emulator, (what, done, total) => steps.push(`${what} ${done}/${total}`));
    expect(steps).toEqual([
      "reading the active sets of projects 1/1",
      "reading certificates 1/2",
      "reading certificates 2/2",
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["list of certificates", "/organization/certificates", /GET \/organization\/certificates /],
    ["list of projects", "/organization/projects", /GET \/organization\/projects /],
    [
      "project's list",
      "/organization/projects/proj_a/certificates",
      /GET \/organization\/projects\/proj_a\/certificates /,
    ],
    ["content", "/organization/certificates/{id}", /GET \/organization\/certificates\/cert_\w+ /],
  ])("fails where the %s stays malformed, and never takes it for an empty one", async (_, path, message) => {
    const emulator = await organization({ projects: [{ id: "proj_a", name: "A" }] });
    const id = emulator.organization().upload({ certificate: anchors[0] ?? "" });
    const match = { path: path.replace("{id}", id), times: Number.POSITIVE_INFINITY };
    emulator.faults.add({ kind: "body", change: () => ({}), match });
    const failure = await walk(emulator).catch((error: Error) => error.message);
    expect(failure).toMatch(message);
    expect(failure).toMatch(/the answer is malformed.*Gave up after 6 attempts/);
  });

  it("leaves open what is active in a project that is listed but not found, and fails for any other error", async () => {
    const emulator = await organization({ projects: [{ id: "proj_a", name: "A" }] });
    const match = { path: "/organization/projects/proj_a/certificates" };
    emulator.faults.add({ kind: "status", status: 404, code: "not_found", match });
    expect((await walk(emulator)).projects).toEqual([{ id: "proj_a", name: "A", active: undefined }]);
    emulator.faults.add({ kind: "status", status: 403, match });
    await expect(walk(emulator)).rejects.toThrow(/GET \/organization\/projects\/proj_a\/certificates: 403/);
  });

  it("knows the organization alone where the key may not list projects, and says why; other failures are errors", async () => {
    const emulator = await organization({ projects: [{ id: "proj_a", name: "A" }] });
    const id = emulator.organization().upload({ certificate: anchors[0] ?? "" });
    emulator.organization().activate([id]);
    const match = { path: "/organization/projects" };
    emulator.faults.add({ kind: "status", status: 403, match });
    expect(await walk(emulator)).toMatchObject({
      active: [id],
      projects: [],
      projectsProblem: expect.stringMatching(
        /^GET \/organization\/projects: 403.*The admin key needs permission to list the organization's projects\.$/,
      ),
    });
    emulator.faults.add({ kind: "status", status: 403, match: { path: "/organization/certificates" } });
    await expect(walk(emulator)).rejects.toThrow(/The admin key needs the permission api\.mtls\.read\.$/);
  });

  it("drops a certificate that was deleted during the walk, also from the sets", async () => {
    const emulator = await organization();
    const [gone = "", stays = ""] = anchors
      .slice(0, 2)
      .map((certificate) => emulator.organization().upload({ certificate }));
    emulator.organization().activate([gone, stays]);
    const match = { path: `/organization/certificates/${gone}` };
    emulator.faults.add({ kind: "status", status: 404, code: "not_found", match });
    const seen = await walk(emulator);
    expect(seen.certificates.map(({ id }) => id)).toEqual([stays]);
    expect(seen.active).toEqual([stays]);
  });
});

describe("many calls at once", () => {
  const none = { after: () => undefined };

  it("are never more than the limit, and their results keep the order", async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapBounded(
      [...Array(20).keys()],
      3,
      async (item) => {
        most = Math.max(most, ++underWay);
        await setImmediate();
        underWay--;
        return item * 2;
      },
      none,
    );
    expect(most).toBe(3);
    expect(results).toEqual([...Array(20).keys()].map((item) => item * 2));
  });

  it("end with the first failure: no further one begins", async () => {
    const begun: number[] = [];
    const walked = mapBounded(
      [...Array(20).keys()],
      2,
      async (item) => {
        begun.push(item);
        await setImmediate();
        if (item === 3) throw new Error("no");
      },
      none,
    );
    await expect(walked).rejects.toThrow("no");
    await setImmediate();
    await setImmediate();
    expect(begun.length).toBeLessThanOrEqual(6);
  });
});
