// Puts plan.md on the pull request (GitHub Actions) or merge request (GitLab CI) of this job: one comment for a stack, which
// later runs replace. GitHub: GITHUB_TOKEN, with the permission pull-requests: write, and PULL_REQUEST, its number.
// GitLab: GITLAB_TOKEN, a project access token with the scope api (a job's own token may not write notes).
import { readFileSync } from "node:fs";

const body = readFileSync("plan.md", "utf8");
const [marker] = body.split("\n", 1);

const { env } = process;
const place = env.GITLAB_CI ? gitlab() : github();
const { id } = (await comments()).find((comment) => comment.body.startsWith(marker)) ?? {};
await (id === undefined ? call("POST", place.list, { body }) : call(place.edit, place.one(id), { body }));

function github() {
  const repository = `${need("GITHUB_API_URL")}/repos/${need("GITHUB_REPOSITORY")}`;
  return {
    list: `${repository}/issues/${need("PULL_REQUEST")}/comments`,
    one: (comment) => `${repository}/issues/comments/${comment}`,
    edit: "PATCH",
    headers: { authorization: `Bearer ${need("GITHUB_TOKEN")}`, accept: "application/vnd.github+json" },
  };
}

function gitlab() {
  const list = `${need("CI_API_V4_URL")}/projects/${need("CI_PROJECT_ID")}/merge_requests/${need("CI_MERGE_REQUEST_IID")}/notes`;
  return {
    list,
    one: (note) => `${list}/${note}`,
    edit: "PUT",
    headers: { "private-token": need("GITLAB_TOKEN") },
  };
}

async function comments() {
  const all = [];
  for (let page = 1; ; page++) {
    const answered = await call("GET", `${place.list}?per_page=100&page=${page}`);
    all.push(...answered);
    if (answered.length < 100) return all;
  }
}

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: { ...place.headers, "content-type": "application/json", "user-agent": "openai-certificates" },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  }
  return response.json();
}

function need(name) {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}
