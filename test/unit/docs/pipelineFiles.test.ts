import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";

const PIPELINES = path.resolve(__dirname, "../../../examples/pipelines");
const WORKFLOWS = path.resolve(__dirname, "../../../.github/workflows");
const read = (file: string) => readFileSync(path.join(PIPELINES, file), "utf8");
const STEPS = readdirSync(path.join(PIPELINES, "steps"));

/** The files of `steps/` that a command runs. */
function stepsIn(command: unknown): string[] {
  return [...JSON.stringify(command ?? "").matchAll(/steps\/([\w.]+)/g)].map(([, file]) => file ?? "");
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly env?: Record<string, string>;
  readonly environment?: string | { readonly name: string; readonly deployment: boolean };
  readonly permissions?: Record<string, string>;
  readonly concurrency?: Record<string, unknown>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const workflow = (name: string) => parse(read(`github/workflows/certificates-${name}.yml`)) as Workflow;
const all = ["plan", "up", "check"].map(workflow);
const jobs = all.flatMap((one) => Object.entries(one.jobs));
const job = (name: string) => new Map(jobs).get(name) as Job;
const setup = parse(read("github/actions/setup/action.yml")) as { runs: { steps: Step[] } };
const environmentOf = ({ environment }: Job) =>
  typeof environment === "object" ? environment.name : (environment ?? "");
const secretsIn = (part: unknown) =>
  [...JSON.stringify(part ?? {}).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);

describe("the workflow files, to GitHub's own parser", () => {
  const problems = (files: readonly string[]) => {
    const script = path.resolve(__dirname, "../../support/parseWorkflows.mts");
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...files], { encoding: "utf8" });
    return stdout + stderr;
  };

  it("are workflows, as are this repository's", () => {
    const folders = [path.join(PIPELINES, "github/workflows"), WORKFLOWS];
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
    expect(files.length).toBeGreaterThan(3);
    expect(problems(files)).toBe("");
  });

  it("would not be, with a key that GitHub does not know", () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "openai-certificates-workflow-")), "plan.yml");
    writeFileSync(file, read("github/workflows/certificates-plan.yml").replace("timeout-minutes:", "timeout:"));
    expect(problems([file])).toMatch(/Unexpected value 'timeout'/);
    rmSync(path.dirname(file), { recursive: true });
  });
});

describe("the files for GitHub Actions", () => {
  it("run every step, and none that does not exist", () => {
    const run = jobs.flatMap(([, { steps }]) => steps.flatMap((step) => stepsIn(step.run)));
    expect(run.sort()).toEqual([...STEPS].sort());
  });

  it("give each step the variables that it takes, those that only some need included", () => {
    for (const [name, { steps, env }] of jobs) {
      for (const step of steps) {
        const scripts = stepsIn(step.run).filter((file) => file.endsWith(".sh"));
        const taken = scripts.flatMap((file) =>
          [...read(`steps/${file}`).matchAll(/\$\{?([A-Z]\w+)/g)].map(([, one]) => one),
        );
        // GitHub's secrets and variables hold text, so nothing there is a file of the job.
        const needed = new Set(taken.filter((one) => one !== "PROBE_KEY_FILE"));
        const given = new Set(Object.keys({ ...env, ...step.env }));
        expect([name, [...needed].filter((one) => !given.has(one ?? ""))]).toEqual([name, []]);
      }
    }
  });

  it("give secrets to the one step that needs them, and to none that installs", () => {
    for (const one of all) {
      expect(secretsIn({ ...one, jobs: undefined })).toEqual([]);
    }
    for (const [, { steps, ...rest }] of jobs) {
      expect(secretsIn(rest)).toEqual([]);
      expect(steps.filter((step) => secretsIn(step).length > 0).every(({ run }) => stepsIn(run).length === 1)).toBe(
        true,
      );
    }
    expect(secretsIn(setup)).toEqual([]);
    const installs = setup.runs.steps.flatMap(({ run }) => run ?? []).filter((run) => run.startsWith("npm ci"));
    expect(installs.every((run) => run.includes("--ignore-scripts"))).toBe(true);
  });

  it("give what may write to up alone, and to the others what may read", () => {
    const reading = [...new Set(["plan", "drift", "expiry"].flatMap((name) => secretsIn(job(name))))].sort();
    expect(reading).toEqual([
      "OPENAI_ADMIN_KEY_READ",
      "PULUMI_ACCESS_TOKEN_READ",
      "PULUMI_BACKEND_URL_READ",
      "PULUMI_CONFIG_PASSPHRASE",
    ]);
    expect(secretsIn(job("probe")).sort()).toEqual(["PROBE_API_KEY", "PROBE_KEY"]);
    for (const [name, one] of jobs) {
      expect(/OPENAI_ADMIN_KEY \}|AWS_ROLE_WRITE/.test(JSON.stringify(one))).toBe(name === "up");
    }
    expect(["up", "plan", "drift", "expiry", "probe"].map((name) => environmentOf(job(name)))).toEqual([
      "openai-certificates",
      ...Array(3).fill("openai-certificates-plan"),
      "openai-certificates-probe",
    ]);
  });

  it("let a job do no more with the repository than it needs: the comment alone can write", () => {
    expect(all.map(({ permissions }) => permissions)).toEqual([{}, {}, {}]);
    const granted = Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]));
    const byOidc = { contents: "read", "id-token": "write" };
    const reads = { contents: "read" };
    const comments = { contents: "read", "pull-requests": "write" };
    expect(granted).toEqual({
      plan: byOidc,
      comment: comments,
      planned: undefined,
      up: byOidc,
      probe: reads,
      drift: byOidc,
      expiry: reads,
    });
  });

  it("comment with the script of the branch that the pull request goes to, never with the pull request's code", () => {
    const { steps } = job("comment");
    const [checkout] = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkout?.with?.["ref"]).toMatch(/^\$\{\{ github\.event\.pull_request\.base\.sha \}\}$/);
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(["node steps/comment.mjs plan/plan.txt"]);
    expect(steps.some(({ uses }) => uses?.startsWith("./"))).toBe(false);
  });

  it("plan nothing for forks and Dependabot, and have a check to require that a skipped plan fails", () => {
    expect(Object.keys(workflow("plan").on)).toEqual(["pull_request"]);
    expect(job("plan").if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    expect(job("plan").if).toContain("github.actor != 'dependabot[bot]'");
    expect(job("planned")).toMatchObject({ if: "always()", needs: "plan" });
    const [gate] = job("planned").steps;
    const exitCode = (RESULT: string) => spawnSync("sh", ["-c", gate?.run ?? ""], { env: { RESULT } }).status;
    expect(["success", "skipped", "failure", "cancelled", ""].map(exitCode)).toEqual([0, 1, 1, 1, 1]);
  });

  it("keep up and the drift check apart by one queue that drops nobody", () => {
    const queue = { group: "openai-certificates", "cancel-in-progress": false, queue: "max" };
    expect([job("up").concurrency, job("drift").concurrency]).toEqual([queue, queue]);
  });

  it("run up on merge, daily and by hand; checks on a schedule; the probe after up", () => {
    const { on } = workflow("up");
    expect(on).toMatchObject({ push: { branches: ["main"] }, schedule: [{ cron: "20 0 * * *" }] });
    expect(on).toHaveProperty("workflow_dispatch");
    expect(workflow("check").on).toMatchObject({ schedule: [{ cron: expect.any(String) }] });
    expect(job("probe").needs).toBe("up");
  });

  it("pin every action to a commit, keep no credentials, and have a time limit", () => {
    const steps = [...jobs.flatMap(([, one]) => one.steps), ...setup.runs.steps];
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((one) => !/^(\.\/\.github\/actions\/setup|[\w-]+\/[\w-]+@[0-9a-f]{40})$/.test(one))).toEqual([]);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((one) => one.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
    expect(jobs.every(([, one]) => (one["timeout-minutes"] ?? 0) > 0)).toBe(true);
  });
});
