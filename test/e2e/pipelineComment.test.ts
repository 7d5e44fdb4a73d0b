import { realAnchors } from "../support/anchors";
import type { Declared } from "../support/program";
import { PullRequest } from "../support/pullRequest";
import { TRANSPORTS } from "../support/transports";
import { Walk } from "../support/walk";

const [first = "", second = "", third = ""] = realAnchors(3);

describe.each(TRANSPORTS)("the comment about a plan of the real engine (%s)", (transport) => {
  let walk: Walk;
  let request: PullRequest;
  beforeAll(async () => {
    request = await PullRequest.open();
    walk = await Walk.begin({}, { transport });
  });
  afterAll(async () => {
    request.close();
    await walk.end();
  });

  const program = (anchors: Record<string, string>, each: Declared["each"] = {}) => ({
    certificates: Object.fromEntries(Object.entries(anchors).map(([name, certificate]) => [name, { certificate }])),
    activations: { org: { certificateIds: Object.keys(anchors).map((name) => `@${name}`) } },
    each,
  });
  /** The rows of the comment about a plan, without the types of their resources. */
  async function rows(declared: ReturnType<typeof program>): Promise<string[]> {
    const { output } = await walk.go("preview", declared);
    expect(await request.comment(output, request.github())).toEqual({ code: 0, stderr: "" });
    const [, fenced = ""] = request.written().split(/~{10,}(?:text)?\n/);
    const [above = ""] = fenced.split("\n\n");
    return above.split("\n").map((row) => row.replace(/\S+:\S+ /, ""));
  }

  it("has a row for each resource, though resources have messages and names have spaces", async () => {
    const declared = program(
      { "Corp Root 2026": first, "Partner (by mail)": second },
      { "Partner (by mail)": { retainOnDelete: true } },
    );
    expect((await rows(declared)).sort()).toEqual([
      " +  Corp Root 2026 create",
      " +  Partner (by mail) create",
      expect.stringMatching(/^ \+ {2}certificates-\w+ create$/),
      " +  org create",
    ]);
    await walk.go("up", declared);
  });

  it("names what is deleted, also what stays behind in the organization", async () => {
    expect((await rows(program({ "Corp Root 2027": third }))).sort()).toEqual([
      " +  Corp Root 2027 create",
      " -  Corp Root 2026 delete",
      " -  Partner (by mail) delete[retain]",
      " ~  org update [diff: ~certificateIds]",
    ]);
  });
});
