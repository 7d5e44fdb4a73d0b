import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";

const PIPELINES = path.resolve(__dirname, "../../../examples/pipelines");
const read = (file: string) => readFileSync(path.join(PIPELINES, file), "utf8");
const STEPS = readdirSync(path.join(PIPELINES, "steps"));

/** The files of `steps/` that a command runs. */
function stepsIn(command: unknown): string[] {
  return [...JSON.stringify(command ?? "").matchAll(/(?:steps|CI_BUILDS_DIR)\/([\w.]+)/g)].map(
    ([, file]) => file ?? "",
  );
}

describe("the file for GitLab CI", () => {
  interface Job {
    readonly stage?: string;
    readonly script: string[];
    readonly rules?: { readonly if: string }[];
    readonly needs?: string[];
    readonly extends?: string;
    readonly resource_group?: string;
    readonly environment?: string | { readonly name: string; readonly action: string };
  }
  const { stages, default: _, ...rest } = parse(read("gitlab/.gitlab-ci.yml")) as Record<string, unknown>;
  const written = rest as Record<string, Job>;
  const jobs = new Map(
    Object.entries(written)
      .filter(([name]) => !name.startsWith("."))
      .map(([name, job]): [string, Job] => [name, { ...written[job.extends ?? ""], ...job }]),
  );
  const job = (name: string) => jobs.get(name) as Job;
  const environmentOf = ({ environment }: Job) =>
    typeof environment === "object" ? environment.name : (environment ?? "");

  it("runs every step, and none that does not exist", () => {
    const steps = new Set([...jobs.values()].flatMap(({ script }) => stepsIn(script)));
    expect([...steps].sort()).toEqual([...STEPS].sort());
  });

  it("has a stage that exists and a rule for every job", () => {
    for (const { stage, rules } of jobs.values()) {
      expect(stages).toContain(stage);
      expect(rules?.length).toBeGreaterThan(0);
    }
  });

  it("installs in a job of its own, without an environment and so without secrets, and without install scripts", () => {
    const installing = [...jobs].filter(([, { script }]) => script.join().includes("npm "));
    expect(installing.map(([name]) => name)).toEqual(["install"]);
    expect(environmentOf(job("install"))).toBe("");
    expect(job("install").script.every((line) => line.includes("--ignore-scripts"))).toBe(true);
  });

  it("gives each job the secrets of its environment: plan and checks may read, up may write", () => {
    expect(Object.fromEntries([...jobs].map(([name, one]) => [name, environmentOf(one)]))).toEqual({
      install: "",
      plan: "openai-certificates-plan",
      comment: "openai-certificates-comment",
      "not-planned": "",
      up: "openai-certificates",
      probe: "openai-certificates-probe",
      drift: "openai-certificates-plan",
      expiry: "openai-certificates-plan",
    });
  });

  it("comments with the script of the default branch, and plans nothing for a fork", () => {
    expect(job("comment").script.slice(0, 2).join()).toMatch(
      /fetch .*CI_DEFAULT_BRANCH.*FETCH_HEAD:steps\/comment\.mjs/,
    );
    // The pipeline of a fork's merge request may run in the fork, where CI_PROJECT_ID is the source's.
    const same = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID";
    for (const name of ["install", "plan", "comment"]) {
      const onRequests = job(name).rules?.filter((rule) => rule.if.includes("merge_request_event")) ?? [];
      expect(onRequests.map((rule) => rule.if.endsWith(same))).toEqual([true]);
    }
    expect(job("not-planned").rules?.[0]?.if).toContain(same.replace("==", "!="));
    expect(job("not-planned").script.at(-1)).toBe("exit 1");
  });

  it("keeps up and the drift check apart, and probes after up", () => {
    expect([job("up").resource_group, job("drift").resource_group]).toEqual(Array(2).fill("openai-certificates"));
    expect(job("probe").needs).toContain("up");
  });
});

describe("the files for the Pulumi Kubernetes Operator", () => {
  interface Variable {
    readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } };
  }
  const documents = parseAllDocuments(read("operator/stack.yaml")).map((one) => one.toJS());
  const stacks = documents.filter(({ kind }) => kind === "Stack").map(({ spec }) => spec);
  const [apply, drift] = stacks;

  it("apply and check one and the same stack, and delete nothing when they are deleted", () => {
    expect(stacks).toHaveLength(2);
    for (const key of ["stack", "projectRepo", "branch", "backend", "serviceAccountName", "workspaceTemplate"]) {
      expect(drift[key]).toEqual(apply[key]);
    }
    expect(stacks.map(({ destroyOnFinalize }) => destroyOnFinalize)).toEqual([false, false]);
    expect(stacks.every((one) => one.continueResyncOnCommitMatch && one.resyncFrequencySeconds >= 3600)).toBe(true);
  });

  it("check by a preview that fails on changes, with the key that can only read, and run no install scripts", () => {
    expect(drift).toMatchObject({ preview: true, refresh: true, updateTemplate: { spec: { expectNoChanges: true } } });
    expect(apply).not.toHaveProperty("preview");
    const keys = stacks.map(({ envRefs }) => envRefs.OPENAI_ADMIN_KEY.secret.key);
    expect(keys).toEqual(["adminKey", "adminKeyRead"]);
    expect(stacks.map(({ envRefs }) => envRefs.npm_config_ignore_scripts.literal.value)).toEqual(["true", "true"]);
  });

  it("look for expiry in a job with the key that can only read, by the command that the other pipelines use", () => {
    const { spec } = parse(read("operator/expiry.yaml"));
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect([...container.command, ...container.args].join(" ")).toMatch(
      /-- openai-certificates report --fail-within 30d$/,
    );
    expect(read("steps/expiry.sh")).toContain("-- openai-certificates report --fail-within");
    const [key] = container.env.flatMap(({ valueFrom }: Variable) => valueFrom ?? []);
    expect(key.secretKeyRef.key).toBe("adminKeyRead");
  });

  it("run no install scripts beside the key in that job, which installs the command first", () => {
    const { spec } = parse(read("operator/expiry.yaml"));
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: "npm_config_ignore_scripts", value: "true" });
  });
});

describe("the file for Pulumi Deployments", () => {
  const { resources, config } = parse(read("deployments/Pulumi.yaml"));

  it("deploys merges, runs no code of a pull request, reports drift without repairing it, and carries dates out", () => {
    expect(resources.settings.properties.vcs).toMatchObject({ previewPullRequests: false, deployCommits: true });
    expect(resources.drift.properties.autoRemediate).toBe(false);
    expect(resources.dates.properties.pulumiOperation).toBe("update");
  });

  it("is all about the same stack, and holds no admin key: that comes from the stack's ESC environment", () => {
    const declared = Object.values(resources) as { properties: Record<string, unknown> }[];
    const about = declared.map(({ properties: { organization, project, stack } }) =>
      [organization, project, stack].join(),
    );
    expect(new Set(about).size).toBe(1);
    expect(JSON.stringify([config, resources])).not.toMatch(/adminKey|OPENAI_ADMIN_KEY/);
    for (const name of ["read", "write"]) {
      expect(parse(read(`esc/${name}.yaml`)).values.environmentVariables).toHaveProperty("OPENAI_ADMIN_KEY");
    }
  });
});

describe("the AWS policies for state in S3", () => {
  const statements = (file: string) => JSON.parse(read(`aws/${file}.json`)).Statement as Record<string, unknown>[];
  const actions = (file: string) => statements(file).flatMap(({ Action }) => Action);

  it("let a plan read the bucket and not write it", () => {
    expect(actions("state-read")).toEqual(["s3:ListBucket", "s3:GetObject"]);
    expect(actions("state-write")).toEqual(["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  });

  it("are for one environment of one repository each, without a wildcard", () => {
    const subject = (file: string) => JSON.stringify(statements(file)).match(/:sub":"([^"]+)"/)?.[1];
    expect(subject("trust-read")).toMatch(/^repo:[^*]+:environment:openai-certificates-plan$/);
    expect(subject("trust-write")).toMatch(/^repo:[^*]+:environment:openai-certificates$/);
  });
});
