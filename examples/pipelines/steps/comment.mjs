// Puts a plan on the pull request (GitHub Actions) or merge request (GitLab CI) of this job: one comment for a stack, which
// later runs replace. `node comment.mjs plan.txt`, with PULUMI_STACK, and PLAN_COMMIT and PLAN_RESULT where they are known.
// GitHub: GITHUB_TOKEN, the job's own with the permission pull-requests: write, and PULL_REQUEST, its number.
// GitLab: GITLAB_TOKEN, a project access token with the scope api (a job's own token may not write notes).
//
// The plan was made by the code of the pull request, so it may hold anything: it is only ever quoted, never obeyed.
import { lstatSync, readFileSync } from "node:fs";

/** GitHub takes 65,536 characters; what the provider has to say is at the end. */
const LIMIT = 60_000;
/** A row that begins with an operation. Names may have spaces, and whatever a resource says may follow. */
const CHANGED = /^ ?[-+~=<>]{1,2} +\S/;
/** How many messages a row has, once the plan is made. */
const COUNTS = /(;? [0-9]+ (error|warning|message|debug)s?)+$/;

const { env } = process;
const marker = `<!-- openai-certificates: plan of ${need("PULUMI_STACK")} -->`;
const body = `${marker}\n${heading()}\n\n${quoted(once(planIn(process.argv[2] ?? "plan.txt")))}\n`;
const place = env.GITLAB_CI ? gitlab() : github();
const author = await place.author();
// Whoever may comment may write the marker, too, and would be the author of what this step writes there.
const isOwn = (comment) => comment.body.startsWith(marker) && place.authorOf(comment) === author;
const { id } = (await comments()).find(isOwn) ?? {};
await (id === undefined ? call("POST", place.list, { body }) : call(place.edit, place.one(id), { body }));

/** Not by a link: it could lead to what this job alone may read, its token above all. */
function planIn(file) {
  if (!lstatSync(file).isFile()) throw new Error(`${file} is not a plain file`);
  return readFileSync(file, "utf8");
}

function heading() {
  const failed = env.PLAN_RESULT === "failure" ? " failed" : "";
  const commit = env.PLAN_COMMIT ? ` for ${env.PLAN_COMMIT}` : "";
  return `**\`pulumi preview\` of \`${env.PULUMI_STACK}\`${failed}**${commit}. The code under review made this plan: review the code first.`;
}

/**
 * Pulumi prints each message twice: beside its resource while it runs, and in sections at the end. This keeps the sections,
 * and before them each resource that changes. Output without sections, such as a wrong passphrase, is kept as it is.
 */
function once(plan) {
  const lines = plan.trimEnd().split("\n");
  const sections = lines.findIndex((line) => /^(Policies|Diagnostics|Outputs|Resources):$/.test(line));
  if (sections < 0) return lines.join("\n");
  const rows = lines.slice(0, sections).filter((line) => CHANGED.test(line));
  const messages = lines.slice(sections).map((line) => line.trim());
  return [...new Set(rows.map((row) => alone(row, messages))), "", ...lines.slice(sections)].join("\n");
}

/** A row without the message behind it, which is said in the sections. */
function alone(row, messages) {
  const text = row.trimEnd().replace(COUNTS, "");
  const behind = messages.filter((message) => message !== "" && text.endsWith(` ${message}`));
  const longest = Math.max(0, ...behind.map(({ length }) => length));
  return text.slice(0, text.length - longest).replace(/;? *$/, "");
}

/** In a fence that nothing in the text can end. */
function quoted(text) {
  const kept = text.length > LIMIT ? `… (the beginning is in the job's log)\n${text.slice(-LIMIT)}` : text;
  const longest = Math.max(9, ...[...kept.matchAll(/~+/g)].map(([tildes]) => tildes.length));
  const fence = "~".repeat(longest + 1);
  return `${fence}text\n${kept}\n${fence}`;
}

function github() {
  const repository = `${need("GITHUB_API_URL")}/repos/${need("GITHUB_REPOSITORY")}`;
  return {
    list: `${repository}/issues/${need("PULL_REQUEST")}/comments`,
    one: (comment) => `${repository}/issues/comments/${comment}`,
    edit: "PATCH",
    // A job's own token may not ask who it is; it writes as this bot, in every repository.
    author: () => "github-actions[bot]",
    authorOf: ({ user }) => user?.login,
    headers: { authorization: `Bearer ${need("GITHUB_TOKEN")}`, accept: "application/vnd.github+json" },
  };
}

function gitlab() {
  const api = need("CI_API_V4_URL");
  const list = `${api}/projects/${need("CI_PROJECT_ID")}/merge_requests/${need("CI_MERGE_REQUEST_IID")}/notes`;
  return {
    list,
    one: (note) => `${list}/${note}`,
    edit: "PUT",
    author: async () => (await call("GET", `${api}/user`)).id,
    authorOf: ({ author }) => author?.id,
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
