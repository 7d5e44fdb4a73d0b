import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";

const PIPELINES = path.resolve(__dirname, "../../../examples/pipelines");
const read = (file: string) => readFileSync(path.join(PIPELINES, file), "utf8");
const STEPS = readdirSync(path.join(PIPELINES, "steps"));
/** Those that only look, and so get a key that can only read. */
const READING = ["preview.sh", "drift.sh", "expiry.sh"];

/** The files of `steps/` that a command runs. */
function stepsIn(command: unknown): string[] {
  return [...JSON.stringify(command ?? "").matchAll(/steps\/([\w.]+)/g)].map(([, file]) => file ?? "");
}

interface Job {
  readonly if?: string;
  readonly env?: Record<string, string>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Record<string, Job>;
}

describe("the files for GitHub Actions", () => {
  const workflows = ["plan", "up", "check"].map((name) => {
    return [name, parse(read(`github/workflows/certificates-${name}.yml`)) as Workflow] as const;
  });
  const workflow = (name: string) => new Map(workflows).get(name) as Workflow;
  const jobs = workflows.flatMap(([, { env, jobs }]) =>
    Object.values(jobs).map((job) => ({ ...job, env: { ...env, ...job.env } })),
  );

  const problems = (files: readonly string[]) => {
    const script = path.resolve(__dirname, "../../support/parseWorkflows.mts");
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...files], { encoding: "utf8" });
    return stdout + stderr;
  };

  it("are workflows to GitHub's own parser, as is this repository's", () => {
    const folders = [path.join(PIPELINES, "github/workflows"), path.resolve(__dirname, "../../../.github/workflows")];
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
    expect(files).toHaveLength(4);
    expect(problems(files)).toBe("");
  });

  it("would not be, with a key that GitHub does not know", () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "openai-certificates-workflow-")), "plan.yml");
    writeFileSync(file, read("github/workflows/certificates-plan.yml").replace("timeout-minutes:", "timeout:"));
    expect(problems([file])).toMatch(/Unexpected value 'timeout'/);
    rmSync(path.dirname(file), { recursive: true });
  });

  it("run every step, and none that does not exist", () => {
    expect(jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => stepsIn(run))).sort()).toEqual([...STEPS].sort());
  });

  it("give the key that may write to up alone, in an environment of its own", () => {
    for (const { env, steps, environment } of jobs) {
      const files = steps.flatMap(({ run }) => stepsIn(run));
      const reads = files.some((file) => READING.includes(file));
      expect(env["OPENAI_ADMIN_KEY"]).toBe(`\${{ secrets.${reads ? "OPENAI_ADMIN_KEY_READ" : "OPENAI_ADMIN_KEY"} }}`);
      expect(environment).toBe(reads ? undefined : "openai-certificates");
    }
  });

  it("never run a fork's code with secrets, and ask for no more than the comment and OIDC need", () => {
    expect(Object.keys(workflow("plan").on)).toEqual(["pull_request"]);
    expect(workflow("plan").jobs["plan"]?.if).toBe(
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
    expect(workflow("plan").permissions).toEqual({ contents: "read", "pull-requests": "write", "id-token": "write" });
    for (const name of ["up", "check"]) {
      expect(workflow(name).permissions).toEqual({ contents: "read", "id-token": "write" });
    }
  });

  it("run up on merge, daily and by hand, one at a time and never cut off; checks on a schedule", () => {
    const { on, concurrency } = workflow("up");
    expect(on).toMatchObject({ push: { branches: ["main"] }, schedule: [{ cron: "20 0 * * *" }] });
    expect(on).toHaveProperty("workflow_dispatch");
    expect(concurrency?.["cancel-in-progress"]).toBe(false);
    expect(workflow("check").on).toMatchObject({ schedule: [{ cron: expect.any(String) }] });
  });

  it("pin every action to a version, and have a time limit", () => {
    const setup = parse(read("github/actions/setup/action.yml")) as { runs: { steps: Job["steps"] } };
    const used = [...jobs.flatMap(({ steps }) => steps), ...setup.runs.steps].flatMap(({ uses }) => uses ?? []);
    expect(used.filter((action) => !/^(\.\/\.github\/actions\/setup|[\w-]+\/[\w-]+@v\d+)$/.test(action))).toEqual([]);
    expect(jobs.every((job) => (job["timeout-minutes"] ?? 0) > 0)).toBe(true);
  });
});

describe("the file for GitLab CI", () => {
  interface GitLabJob {
    readonly script: string[];
    readonly after_script?: string[];
    readonly rules?: { readonly if: string }[];
    readonly extends?: string;
    readonly resource_group?: string;
    readonly environment?: string;
  }
  const file = parse(read("gitlab/.gitlab-ci.yml")) as Record<string, unknown> & { stages: string[] };
  const { stages, default: _, ...rest } = file;
  const all = rest as Record<string, GitLabJob & { stage?: string }>;
  const jobs = Object.entries(all).filter(([name]) => !name.startsWith("."));

  it("runs every step, and none that does not exist", () => {
    const steps = jobs.flatMap(([, { script, after_script: after }]) => stepsIn([script, after]));
    expect(steps.sort()).toEqual([...STEPS].sort());
  });

  it("has a stage that exists and a rule for every job", () => {
    for (const [, job] of jobs) {
      const { stage, rules } = { ...all[job.extends ?? ""], ...job };
      expect(stages).toContain(stage);
      expect(rules?.length).toBeGreaterThan(0);
    }
  });

  it("gives the key that may write to up alone, one run at a time in an environment of its own", () => {
    const reading = jobs.filter(([, { script }]) => script.join().includes("$OPENAI_ADMIN_KEY_READ"));
    expect(reading.flatMap(([, { script }]) => stepsIn(script)).sort()).toEqual([...READING].sort());
    expect(all["up"]).toMatchObject({ environment: "openai-certificates", resource_group: "openai-certificates" });
  });
});

describe("the files for the Pulumi Kubernetes Operator", () => {
  const documents = parseAllDocuments(read("operator/stack.yaml")).map((one) => one.toJS());
  const stacks = documents.filter(({ kind }) => kind === "Stack").map(({ spec }) => spec);
  const [apply, drift] = stacks;

  it("apply and check one and the same stack, and delete nothing when they are deleted", () => {
    expect(stacks).toHaveLength(2);
    const same = ["stack", "projectRepo", "branch", "backend", "serviceAccountName", "workspaceTemplate"];
    for (const key of same) {
      expect(drift[key]).toEqual(apply[key]);
    }
    expect(stacks.map(({ destroyOnFinalize }) => destroyOnFinalize)).toEqual([false, false]);
    expect(stacks.every((one) => one.continueResyncOnCommitMatch && one.resyncFrequencySeconds >= 3600)).toBe(true);
  });

  it("check by a preview that fails on changes, with the key that can only read", () => {
    expect(drift).toMatchObject({ preview: true, refresh: true, updateTemplate: { spec: { expectNoChanges: true } } });
    expect(apply).not.toHaveProperty("preview");
    const keys = stacks.map(({ envRefs }) => envRefs.OPENAI_ADMIN_KEY.secret.key);
    expect(keys).toEqual(["adminKey", "adminKeyRead"]);
  });

  it("look for expiry in a job with the key that can only read, by the command that the other pipelines use", () => {
    const { spec } = parse(read("operator/expiry.yaml"));
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect([...container.command, ...container.args].join(" ")).toMatch(
      /-- openai-certificates report --fail-within 30d$/,
    );
    expect(read("steps/expiry.sh")).toContain("-- openai-certificates report --fail-within");
    expect(container.env[0].valueFrom.secretKeyRef.key).toBe("adminKeyRead");
  });
});

describe("the file for Pulumi Deployments", () => {
  const { resources } = parse(read("deployments/Pulumi.yaml"));

  it("previews pull requests, deploys merges, looks for drift without mending it, and carries dates out", () => {
    expect(resources.settings.properties.vcs).toMatchObject({ previewPullRequests: true, deployCommits: true });
    expect(resources.drift.properties.autoRemediate).toBe(false);
    expect(resources.dates.properties.pulumiOperation).toBe("update");
  });

  it("is all about the same stack, and takes the admin key from a secret", () => {
    const declared = Object.values(resources) as { properties: Record<string, unknown> }[];
    const about = declared.map(({ properties: { organization, project, stack } }) =>
      [organization, project, stack].join(),
    );
    expect(new Set(about).size).toBe(1);
    expect(parse(read("deployments/Pulumi.yaml")).config.adminKey).toEqual({ type: "string", secret: true });
  });
});
