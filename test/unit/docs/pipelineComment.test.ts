import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

const SCRIPT = path.resolve(__dirname, "../../../examples/pipelines/steps/comment.mjs");
const PLAN = "<!-- openai-certificates: plan of production -->\n**plan**\n";

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
    writeFileSync(path.join(folder, "plan.md"), PLAN);
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
  });

  async function run(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
    const child = spawn(process.execPath, [SCRIPT], { cwd: folder, env: { PATH: process.env["PATH"], ...env } });
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
  const calls = () => asked.map(({ method, url }) => `${method} ${url}`);

  it("comments on a GitHub pull request with the job's token", async () => {
    expect(await run(github())).toMatchObject({ code: 0 });
    expect(calls()).toEqual([
      "GET /repos/example/certificates/issues/7/comments?per_page=100&page=1",
      "POST /repos/example/certificates/issues/7/comments",
    ]);
    expect(JSON.parse(asked[1]?.body ?? "")).toEqual({ body: PLAN });
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
    const staging = { id: 4, body: PLAN.replace("production", "staging") };
    comments = [staging, ...others, { id: 5, body: PLAN.replace("plan**", "older**") }];
    expect(await run(env())).toMatchObject({ code: 0 });
    expect(calls().slice(2)).toEqual([edit]);
    expect(JSON.parse(asked[2]?.body ?? "")).toEqual({ body: PLAN });
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
