import { realAnchors } from "../../support/anchors";
import type { Declared } from "../../support/program";
import { Walk } from "../../support/walk";

const [first = "", second = ""] = realAnchors(2);

describe("the resource option import, for an organization that was set up by hand", () => {
  let walk: Walk;
  let ids: string[];
  beforeAll(async () => {
    walk = await Walk.begin({ projects: [{ id: "proj_pilot", name: "pilot" }] }, { transport: "native" });
    ids = [first, second].map((certificate, index) => walk.organization.upload({ name: `root-${index}`, certificate }));
    walk.organization.activate(ids);
    walk.organization.activate([ids[0]!], "proj_pilot");
  });
  afterAll(() => walk.end());

  const program = (imports: Record<string, string>): Declared => ({
    // As people keep PEM files: with comments and line endings that the API does not keep.
    certificates: {
      "root-0": { certificate: `# from the CA\r\n${first.replace(/\n/g, "\r\n")}` },
      "root-1": { certificate: second },
    },
    activations: { org: { certificateIds: ["@root-1", "@root-0"] } },
    projects: { pilot: { projectId: "proj_pilot", certificateIds: ["@root-0"] } },
    each: Object.fromEntries(Object.entries(imports).map(([name, id]) => [name, { import: id }])),
  });

  it.each([
    [
      "root-0",
      "cert_0123456789abcdef01234567",
      /the organization has no certificate cert_0123456789abcdef01234567\. Is the id/,
    ],
    ["pilot", "organization", /the organization has no project organization\. Is the id right/],
  ])("refuses %s with the id %s, in preview, with a message alone", async (name, id, message) => {
    const { exitCode, output } = await walk.try("preview", program({ [name]: id }));
    expect(exitCode).not.toBe(0);
    expect(output.replace(/\s+/g, " ")).toMatch(message);
    expect(output).not.toMatch(/^\s+at |rpc error|desc =/m);
  });

  it("refuses the id of a certificate with other content than the program's, before anything is written", async () => {
    const { exitCode, output, wrote } = await walk.try("preview", program({ "root-0": ids[1]! }));
    expect(exitCode).not.toBe(0);
    expect(output.replace(/\s+/g, " ")).toContain(`${ids[1]} "root-1" holds another certificate than the program`);
    expect(wrote).toEqual([]);
  });

  it("refuses in preview a shorter list than the live set, unless it says takeOver", async () => {
    const org = { certificateIds: [ids[0]!] };
    const shorter = { ...program({ org: "organization" }), certificates: {}, projects: {} };
    const refused = await walk.try("preview", { ...shorter, activations: { org } });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output.replace(/\s+/g, " ")).toMatch(
      new RegExp(
        `this exclusive activation would deactivate 1 anchor that is active .* not listed: ${ids[1]} "root-1"`,
      ),
    );
    const told = await walk.go("preview", { ...shorter, activations: { org: { ...org, takeOver: true } } });
    expect(told.output).toMatch(new RegExp(`- deactivate ${ids[1]} "root-1" `));
    expect(told.wrote).toEqual([]);
  });

  it("takes all three types and writes nothing, and the next up without the option changes nothing", async () => {
    const imports = { "root-0": ids[0]!, "root-1": ids[1]!, org: "organization", pilot: "proj_pilot" };
    const imported = await walk.go("up", program(imports));
    expect(imported).toMatchObject({ wrote: [], changes: { import: 4, create: 1 } });
    const next = await walk.go("up", program({}), { expectNoChanges: true });
    expect(next).toMatchObject({ wrote: [], changes: { same: 5 } });
    expect((await walk.stack.drift(program({}))).exitCode).toBe(0);
  });
});
