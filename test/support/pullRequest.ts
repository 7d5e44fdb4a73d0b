import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

const SCRIPT = path.resolve(__dirname, "../../examples/pipelines/steps/comment.mjs");
/** The user that GitLab has for the token. */
const TOKENS_USER = 77;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Comment {
  readonly id: number;
  readonly body: string;
  /** Whether the token of the job has written it. */
  readonly isOwn: boolean;
}

/** A pull request on GitHub or a merge request on GitLab, and the pipelines' step that comments on it. */
export class PullRequest {
  readonly asked: Asked[] = [];
  /** What is there already; pages of 100 as both services have them. */
  comments: Comment[] = [];
  status = 200;
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-comment-"));
  private readonly plan = path.join(this.folder, "plan.txt");
  private readonly server = http.createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    this.asked.push({ method, url, headers, body: await text(request) });
    const [status, answer] = method === "GET" ? this.read(url) : [this.status, {}];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });

  static async open(): Promise<PullRequest> {
    const opened = new PullRequest();
    await new Promise<void>((resolve) => opened.server.listen(0, "127.0.0.1", resolve));
    return opened;
  }

  close(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  reset(): void {
    this.asked.length = 0;
    this.comments = [];
    this.status = 200;
  }

  /** Runs the step for a plan, with the variables of a job. */
  async comment(plan: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null; stderr: string }> {
    writeFileSync(this.plan, plan);
    return this.run(env);
  }

  /** The same, where the plan is a link to another file. */
  async commentOnLink(target: string, env: Readonly<Record<string, string>>) {
    rmSync(this.plan, { force: true });
    symlinkSync(target, this.plan);
    const ended = await this.run(env);
    rmSync(this.plan);
    return ended;
  }

  private async run(env: Readonly<Record<string, string>>): Promise<{ code: number | null; stderr: string }> {
    const child = spawn(process.execPath, [SCRIPT], {
      cwd: this.folder,
      env: { PATH: process.env["PATH"], PULUMI_STACK: "production", ...env },
    });
    const stderr = text(child.stderr);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stderr: await stderr };
  }

  github() {
    return {
      GITHUB_API_URL: this.base,
      GITHUB_REPOSITORY: "example/certificates",
      GITHUB_TOKEN: "ghs_example",
      PULL_REQUEST: "7",
    };
  }

  gitlab() {
    return {
      GITLAB_CI: "true",
      CI_API_V4_URL: `${this.base}/api/v4`,
      CI_PROJECT_ID: "42",
      CI_MERGE_REQUEST_IID: "7",
      GITLAB_TOKEN: "glpat-example",
    };
  }

  /** The comment that the last call has written. */
  written(): string {
    return (JSON.parse(this.asked.at(-1)?.body ?? "") as { body: string }).body;
  }

  calls(): string[] {
    return this.asked.map(({ method, url }) => `${method} ${url}`);
  }

  private get base(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private read(url: string): [status: number, answer: unknown] {
    const { pathname, searchParams } = new URL(url, this.base);
    if (pathname.endsWith("/user")) {
      // GitHub answers this to no token of a job.
      return pathname.startsWith("/api/v4") ? [this.status, { id: TOKENS_USER }] : [403, {}];
    }
    const page = Number(searchParams.get("page"));
    return [this.status, this.comments.slice((page - 1) * 100, page * 100).map(asServed)];
  }
}

/** With the authors as GitHub (`user`) and GitLab (`author`) name them. */
function asServed({ id, body, isOwn }: Comment) {
  const user = isOwn ? { login: "github-actions[bot]" } : { login: "somebody" };
  return { id, body, user, author: { id: isOwn ? TOKENS_USER : 5 } };
}
