import { PullRequest } from "../../support/pullRequest";

/** What Pulumi prints, with its own double mentions. */
const PLAN = `Previewing update (production):

 +  openai:Certificate corp-root-2027 create
 +  pulumi:pulumi:Stack example-production create   + activate "corp-root-2027"
 ~  openai:CertificateActivation organization update [diff: ~certificateIds]
 +  openai:Certificate corp-root-2027 create
 +  pulumi:pulumi:Stack example-production create 1 message
Diagnostics:
  pulumi:pulumi:Stack (example-production):
    + activate "corp-root-2027"

Resources:
    + 1 to create
`;
const COMMENT = `<!-- openai-certificates: plan of production -->
**\`pulumi preview\` of \`production\`** for 1a2b3c. The code under review made this plan: review the code first.

~~~~~~~~~~text
 +  openai:Certificate corp-root-2027 create
 +  pulumi:pulumi:Stack example-production create
 ~  openai:CertificateActivation organization update [diff: ~certificateIds]

Diagnostics:
  pulumi:pulumi:Stack (example-production):
    + activate "corp-root-2027"

Resources:
    + 1 to create
~~~~~~~~~~
`;

describe("the step that puts the plan on a pull request", () => {
  let request: PullRequest;
  beforeAll(async () => {
    request = await PullRequest.open();
  });
  afterAll(() => request.close());
  beforeEach(() => request.reset());

  const run = (env: Record<string, string>, plan = PLAN) =>
    request.comment(plan, { PLAN_COMMIT: "1a2b3c", PLAN_RESULT: "success", ...env });
  /** The lines of the comment between its fences. */
  const quoted = () => request.written().split("\n").slice(4, -2);

  it("comments on a GitHub pull request with the job's token", async () => {
    expect(await run(request.github())).toMatchObject({ code: 0 });
    expect(request.calls()).toEqual([
      "GET /repos/example/certificates/issues/7/comments?per_page=100&page=1",
      "POST /repos/example/certificates/issues/7/comments",
    ]);
    expect(request.written()).toBe(COMMENT);
    expect(request.asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill("Bearer ghs_example"));
  });

  it("comments on a GitLab merge request with a project access token", async () => {
    expect(await run(request.gitlab())).toMatchObject({ code: 0 });
    expect(request.calls()).toEqual([
      "GET /api/v4/user",
      "GET /api/v4/projects/42/merge_requests/7/notes?per_page=100&page=1",
      "POST /api/v4/projects/42/merge_requests/7/notes",
    ]);
    expect(request.asked.map(({ headers }) => headers["private-token"])).toEqual(Array(3).fill("glpat-example"));
  });

  const GITHUB = ["GitHub", () => request.github(), "/repos/example/certificates/issues"] as const;
  const GITLAB = ["GitLab", () => request.gitlab(), "/api/v4/projects/42/merge_requests/7/notes"] as const;
  const comment = (id: number, body: string, isOwn = true) => ({ id, body, isOwn });
  const earlier = COMMENT.replace("1a2b3c", "older");

  it.each([
    [...GITHUB, "PATCH", "/comments/5"],
    [...GITLAB, "PUT", "/5"],
  ])(
    "replaces its earlier comment on %s, on whatever page that is, and no other stack's",
    async (_, env, at, method, own) => {
      const others = Array.from({ length: 120 }, (_, index) => comment(1000 + index, "hello", false));
      request.comments = [comment(4, COMMENT.replace("production", "staging")), ...others, comment(5, earlier)];
      expect(await run(env())).toMatchObject({ code: 0 });
      expect(request.calls().slice(-2)).toEqual([expect.stringMatching(/page=2$/), `${method} ${at}${own}`]);
      expect(request.written()).toBe(COMMENT);
    },
  );

  it.each([
    [...GITHUB, "PATCH", "/7/comments", "/comments/5"],
    [...GITLAB, "PUT", "", "/5"],
  ])(
    "never writes under the name of somebody else who has posted its marker on %s",
    async (_, env, at, method, list, own) => {
      request.comments = [comment(3, earlier, false)];
      expect(await run(env())).toMatchObject({ code: 0 });
      expect(request.calls().at(-1)).toBe(`POST ${at}${list}`);
      request.comments.push(comment(5, earlier));
      expect(await run(env())).toMatchObject({ code: 0 });
      expect(request.calls().at(-1)).toBe(`${method} ${at}${own}`);
    },
  );

  it("keeps every resource that changes, whatever it is called and whatever it says, and says that once", async () => {
    const plan = [
      " -  openai:Certificate org-Corp Root 2026 delete ",
      " -  openai:Certificate Corp Root [old] (by mail) delete[retain] ",
      " =  openai:Certificate corp import ",
      " >  pulumi:pulumi:StackReference example/network/prod read ",
      ' -- openai:Certificate corp root delete original[retain] [diff: ~certificate]; warning: twins: "a" and "b"',
      "    openai:CertificateActivation org  active set of the organization:",
      " +  openai:CertificateActivation org create active set of the organization:",
      ' +  openai:CertificateActivation org create   + activate "delete"',
      " ~  openai:CertificateActivation two update [diff: ~certificateIds] something the sections do not have",
      " ~  openai:CertificateActivation two update [diff: ~certificateIds]; 2 warnings; 1 message",
      " +  openai:CertificateActivation org create 2 messages",
      "    pulumi:pulumi:Stack example-production  1 message",
    ];
    const sections = [
      "Diagnostics:",
      "  openai:Certificate (corp root):",
      '    warning: twins: "a" and "b"',
      "",
      "  openai:CertificateActivation (org):",
      "    active set of the organization:",
      '      + activate "delete"',
    ];
    expect(await run(request.github(), [...plan, ...sections, ""].join("\n"))).toMatchObject({ code: 0 });
    expect(quoted()).toEqual([
      " -  openai:Certificate org-Corp Root 2026 delete",
      " -  openai:Certificate Corp Root [old] (by mail) delete[retain]",
      " =  openai:Certificate corp import",
      " >  pulumi:pulumi:StackReference example/network/prod read",
      " -- openai:Certificate corp root delete original[retain] [diff: ~certificate]",
      " +  openai:CertificateActivation org create",
      " ~  openai:CertificateActivation two update [diff: ~certificateIds] something the sections do not have",
      " ~  openai:CertificateActivation two update [diff: ~certificateIds]",
      "",
      ...sections,
    ]);
  });

  it("says that the preview has failed, and keeps whole what Pulumi printed without sections", async () => {
    const failed = run({ ...request.github(), PLAN_RESULT: "failure" }, "error: incorrect passphrase\n");
    expect(await failed).toMatchObject({ code: 0 });
    expect(request.written()).toContain("`pulumi preview` of `production` failed** for 1a2b3c");
    expect(request.written()).toContain("~~~~~~~~~~text\nerror: incorrect passphrase\n~~~~~~~~~~\n");
  });

  it("quotes a hostile plan: nothing in it ends the fence, passes for another stack's plan, or is too long to post", async () => {
    const hostile = `${"~".repeat(40)}\n@everyone [approved](https://example.com)\n<!-- openai-certificates: plan of staging -->`;
    expect(await run(request.github(), `${"x".repeat(100_000)}\n${hostile}\n`)).toMatchObject({ code: 0 });
    const fence = "~".repeat(41);
    expect(request.written().startsWith("<!-- openai-certificates: plan of production -->\n")).toBe(true);
    expect(request.written().split(fence)).toHaveLength(3);
    expect(request.written().split(fence)[1]).toContain("@everyone");
    expect(request.written().endsWith(`\n${fence}\n`)).toBe(true);
    expect(request.written().length).toBeLessThan(65_536);
  });

  it("follows no link that the pull request's code has put in the plan's place: it could lead to this job's token", async () => {
    const { code, stderr } = await request.commentOnLink("/proc/self/environ", request.github());
    expect(code).toBe(1);
    expect(stderr).toContain("plan.txt is not a plain file");
    expect(request.calls()).toEqual([]);
  });

  it("fails with the call and the status, and without the token, where it is not allowed to", async () => {
    request.status = 403;
    const { code, stderr } = await run(request.github());
    expect(code).toBe(1);
    expect(stderr).toMatch(/GET http:\S+\/issues\/7\/comments\S*: 403/);
    expect(stderr).not.toContain("ghs_example");
  });

  it("names the variable that is missing", async () => {
    const { GITLAB_TOKEN: _, ...without } = request.gitlab();
    expect((await run(without)).stderr).toContain("the environment variable GITLAB_TOKEN is not set");
  });
});
