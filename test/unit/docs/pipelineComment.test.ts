import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

const SCRIPT = path.resolve(__dirname, "../../../examples/pipelines/steps/comment.mjs");
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
 ~  openai:CertificateActivation organization update [diff: ~certificateIds]

Diagnostics:
  pulumi:pulumi:Stack (example-production):
    + activate "corp-root-2027"

Resources:
    + 1 to create
~~~~~~~~~~
`;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

describe("the step that puts the plan on a pull request", () => {
  const asked: Asked[] = [];
  /** What is there already; pages of 100 as both services have them. */
  let comments: { id: number; body: string }[] = [];
  let status = 200;
  let folder: string;
  let server: http.Server;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-comment-"));
    server = http.createServer(async (request, response) => {
      const { method = "", url = "", headers } = request;
      asked.push({ method, url, headers, body: await text(request) });
      const page = Number(new URL(url, "http://127.0.0.1").searchParams.get("page"));
      const answer = method === "GET" ? comments.slice((page - 1) * 100, page * 100) : {};
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    asked.length = 0;
    comments = [];
    status = 200;
    writeFileSync(path.join(folder, "plan.txt"), PLAN);
  });

  const stack = { PULUMI_STACK: "production", PLAN_COMMIT: "1a2b3c", PLAN_RESULT: "success" };
  async function run(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
    const child = spawn(process.execPath, [SCRIPT], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...stack, ...env },
    });
    const stderr = text(child.stderr);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stderr: await stderr };
  }
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github = () => ({
    GITHUB_API_URL: base(),
    GITHUB_REPOSITORY: "example/certificates",
    GITHUB_TOKEN: "ghs_example",
    PULL_REQUEST: "7",
  });
  const gitlab = () => ({
    GITLAB_CI: "true",
    CI_API_V4_URL: `${base()}/api/v4`,
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "7",
    GITLAB_TOKEN: "glpat-example",
  });
  const sent = () => (JSON.parse(asked.at(-1)?.body ?? "") as { body: string }).body;
  const calls = () => asked.map(({ method, url }) => `${method} ${url}`);

  it("comments on a GitHub pull request with the job's token", async () => {
    expect(await run(github())).toMatchObject({ code: 0 });
    expect(calls()).toEqual([
      "GET /repos/example/certificates/issues/7/comments?per_page=100&page=1",
      "POST /repos/example/certificates/issues/7/comments",
    ]);
    expect(sent()).toBe(COMMENT);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill("Bearer ghs_example"));
  });

  it("comments on a GitLab merge request with a project access token", async () => {
    expect(await run(gitlab())).toMatchObject({ code: 0 });
    expect(calls()).toEqual([
      "GET /api/v4/projects/42/merge_requests/7/notes?per_page=100&page=1",
      "POST /api/v4/projects/42/merge_requests/7/notes",
    ]);
    expect(asked.map(({ headers }) => headers["private-token"])).toEqual(Array(2).fill("glpat-example"));
  });

  it.each([
    ["GitHub", github, "PATCH /repos/example/certificates/issues/comments/5"],
    ["GitLab", gitlab, "PUT /api/v4/projects/42/merge_requests/7/notes/5"],
  ])("replaces its earlier comment on %s, on whatever page that is, and no other stack's", async (_, env, edit) => {
    const others = Array.from({ length: 120 }, (_, index) => ({ id: 1000 + index, body: "hello" }));
    const staging = { id: 4, body: COMMENT.replace("production", "staging") };
    comments = [staging, ...others, { id: 5, body: COMMENT.replace("1a2b3c", "older") }];
    expect(await run(env())).toMatchObject({ code: 0 });
    expect(calls().slice(2)).toEqual([edit]);
    expect(sent()).toBe(COMMENT);
  });

  it("says that the preview has failed, and keeps whole what Pulumi printed without sections", async () => {
    writeFileSync(path.join(folder, "plan.txt"), "error: incorrect passphrase\n");
    expect(await run({ ...github(), PLAN_RESULT: "failure" })).toMatchObject({ code: 0 });
    expect(sent()).toContain("`pulumi preview` of `production` failed** for 1a2b3c");
    expect(sent()).toContain("~~~~~~~~~~text\nerror: incorrect passphrase\n~~~~~~~~~~\n");
  });

  it("quotes a hostile plan: nothing in it ends the fence, passes for another stack's plan, or is too long to post", async () => {
    const hostile = `${"~".repeat(40)}\n@everyone [approved](https://example.com)\n<!-- openai-certificates: plan of staging -->`;
    writeFileSync(path.join(folder, "plan.txt"), `${"x".repeat(100_000)}\n${hostile}\n`);
    expect(await run(github())).toMatchObject({ code: 0 });
    const fence = "~".repeat(41);
    expect(sent().startsWith("<!-- openai-certificates: plan of production -->\n")).toBe(true);
    expect(sent().split(fence)).toHaveLength(3);
    expect(sent().split(fence)[1]).toContain("@everyone");
    expect(sent().endsWith(`\n${fence}\n`)).toBe(true);
    expect(sent().length).toBeLessThan(65_536);
  });

  it("fails with the call and the status, and without the token, where it is not allowed to", async () => {
    status = 403;
    const { code, stderr } = await run(github());
    expect(code).toBe(1);
    expect(stderr).toMatch(/GET http:\S+\/issues\/7\/comments\S*: 403/);
    expect(stderr).not.toContain("ghs_example");
  });

  it("names the variable that is missing", async () => {
    const { GITLAB_TOKEN: _, ...without } = gitlab();
    expect((await run(without)).stderr).toContain("the environment variable GITLAB_TOKEN is not set");
  });
});
