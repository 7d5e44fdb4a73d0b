import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const PIPELINES = path.join(ROOT, "examples/pipelines");
const below = (folder: string, ending: RegExp) =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .map((name) => path.join(folder, name));

const workflows = [
  ...below(path.join(PIPELINES, "github/workflows"), /\.yml$/),
  ...below(path.join(ROOT, ".github/workflows"), /\.yml$/),
];
const action = path.join(PIPELINES, "github/actions/setup/action.yml");
const scripts = below(path.join(PIPELINES, "steps"), /\.sh$/);
const gitlab = path.join(PIPELINES, "gitlab/.gitlab-ci.yml");

function run(tool: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: ROOT, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

/** CI installs the tools and sets PIPELINE_TOOLS, so that none of these is skipped there without anybody noticing. */
const required = process.env["PIPELINE_TOOLS"] === "required";
const whenFound = (tool: string, name: string, test: () => void) => {
  const found = required || spawnSync(tool, ["--version"]).status === 0;
  (found ? it : it.skip)(found ? name : `${name} (skipped: ${tool} is not on PATH)`, test);
};

/** What each tool does not know yet, though GitHub does. */
const NEWER_THAN_ACTIONLINT = [
  'unexpected key "queue" for "concurrency"',
  'unexpected key "deployment" for "environment"',
];

describe("each file of the pipelines passes the tool that is made for it", () => {
  whenFound("actionlint", "actionlint: workflows", () => {
    const ignore = NEWER_THAN_ACTIONLINT.flatMap((text) => ["-ignore", text]);
    expect(run("actionlint", [...ignore, ...workflows])).toEqual({ status: 0, output: "" });
  });

  whenFound("zizmor", "zizmor: no security finding of medium severity or more in workflows and action", () => {
    const args = ["--offline", "--no-progress", "--persona", "pedantic", "--min-severity", "medium"];
    const { status, output } = run("zizmor", [...args, ...workflows, action]);
    expect(status === 0 ? "" : output).toBe("");
  });

  whenFound("zizmor", "zizmor would find an action that is not pinned", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-zizmor-"));
    const unpinned = readFileSync(workflows[0] as string, "utf8").replace(/checkout@\w{40}/, "checkout@v7");
    writeFileSync(path.join(folder, "check.yml"), unpinned);
    const { status, output } = run("zizmor", ["--offline", "--no-progress", path.join(folder, "check.yml")]);
    rmSync(folder, { recursive: true });
    expect(status).not.toBe(0);
    expect(output).toContain("unpinned-uses");
  });

  whenFound("shellcheck", "shellcheck: the steps", () => {
    expect(run("shellcheck", ["--shell", "sh", ...scripts])).toEqual({ status: 0, output: "" });
  });

  whenFound("check-jsonschema", "GitLab's schema: .gitlab-ci.yml", () => {
    const args = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", gitlab];
    expect(run("check-jsonschema", args)).toMatchObject({ status: 0 });
  });
});
