import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";

const PIPELINES = path.resolve(__dirname, "../../../examples/pipelines");
const { comment } = parse(readFileSync(path.join(PIPELINES, "gitlab/.gitlab-ci.yml"), "utf8")) as {
  comment: { script: string[] };
};

/** A merge request's jobs, run by a shell as GitLab's runner does, on a machine whose `pulumi` is a stand-in. */
describe("plan and comment of a GitLab merge request", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "openai-certificates-gitlab-"));
    for (const name of ["bin", "builds", "project/steps"]) mkdirSync(path.join(folder, name), { recursive: true });
    copyFileSync(path.join(PIPELINES, "steps/preview.sh"), path.join(folder, "project/steps/preview.sh"));
    git("init", "--quiet", "--initial-branch", "main");
    commit();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const git = (...args: string[]) => execFileSync("git", args, { cwd: path.join(folder, "project"), stdio: "pipe" });
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text, { mode: 0o755 });
  function commit(): void {
    git("add", ".");
    git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "test");
  }
  function run(...commands: string[]) {
    const env = {
      PATH: `${path.join(folder, "bin")}:${process.env["PATH"]}`,
      HOME: folder,
      PULUMI_STACK: "production",
      CI_DEFAULT_BRANCH: "main",
      CI_BUILDS_DIR: path.join(folder, "builds"),
      CI_COMMIT_SHA: "1a2b3c",
    };
    const options = { cwd: path.join(folder, "project"), env, encoding: "utf8" as const };
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", commands.join("\n")], options);
    return { status, output: stdout + stderr };
  }
  const comments = () => run("git remote add origin .", ...comment.script);
  /** In place of the script of the default branch: says what it is given. */
  function defaultBranchHasScript(): void {
    write("project/steps/comment.mjs", 'console.log(process.argv[2], process.env.PLAN_RESULT ?? "made");');
    commit();
  }

  it("passes without a comment for the merge request that brings these files", () => {
    expect(comments()).toEqual({ status: 0, output: "" });
  });

  it("comments on a plan that was made, by the default branch's script", () => {
    defaultBranchHasScript();
    write("project/steps/comment.mjs", 'console.log("the merge request\'s own");');
    write("bin/pulumi", "#!/bin/sh\necho '{}'\n");
    expect(run("sh steps/preview.sh").status).toBe(0);
    expect(comments()).toEqual({ status: 0, output: "plan.txt made\n" });
  });

  it.each([
    ["at once", "#!/bin/sh\necho refused\nexit 255\n"],
    ["at the second look", '#!/bin/sh\necho "{}"\ncase "$*" in *--json*) exit 255 ;; esac\n'],
  ])("says of a plan that was refused %s that it has failed", (_, pulumi) => {
    defaultBranchHasScript();
    write("bin/pulumi", pulumi);
    expect(run("sh steps/preview.sh").status).toBe(255);
    expect(comments()).toEqual({ status: 0, output: "plan.txt failure\n" });
  });
});
