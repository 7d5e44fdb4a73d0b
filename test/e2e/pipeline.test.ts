import { type Authority, createAuthority, type Emulator, startEmulator, writes } from "../../emulator";
import { codeBlocks } from "../support/documents";
import { testEngine } from "../support/engine";
import { Repository, type StepRun } from "../support/repository";

const KEY = "sk-admin-local-pipeline";
/** Some tests are several operations of the engine. */
jest.setTimeout(600_000);
/** A step that did not succeed is explained by what it printed. */
function done({ status, output }: StepRun): void {
  expect(status === 0 ? "" : `exit code ${status}\n${output}`).toBe("");
}

/** Since 3.274 the CLI starts policy packs by the Node language host, which Pulumi's own distribution brings and a built engine lacks. */
const POLICIES = testEngine().hasNodeLanguageHost;
const withPolicies = (name: string, test: () => Promise<void>) =>
  POLICIES ? it(name, test) : it.skip(`${name} (skipped: this engine has no Node language host)`, test);

const YESTERDAY = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/**
 * The path of the documentation, step by step: from an organization with three hand-made anchors to a reviewed, scheduled,
 * drift-checked repository. The programs are those that the guides show.
 */
describe("the steps of the pipelines, from three hand-made anchors on", () => {
  let emulator: Emulator;
  let repository: Repository;
  let partner: Authority;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const organization = emulator.organization();
    for (const name of ["corp-root-2024", "corp-root-2025"]) {
      organization.activate([organization.upload({ name, certificate: await anchor(name) })]);
    }
    partner = await createAuthority({ commonName: "Partner CA (by mail)" });
    organization.activate([organization.upload({ name: partner.commonName, certificate: partner.certificate })]);
    repository = new Repository({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url, PULUMI_STACK: "production" });
  });
  afterAll(async () => {
    repository.remove();
    await emulator.close();
  });

  const anchor = async (commonName: string) => (await createAuthority({ commonName })).certificate;
  const organization = () => emulator.organization();
  const active = () =>
    organization()
      .certificates()
      .filter((one) => one.active)
      .map(({ name }) => name);
  const idOf = (name: string) =>
    organization()
      .certificates()
      .find((one) => one.name === name)?.id ?? "";
  /** Methods and paths of what could have changed something since the last time. */
  const written = () => {
    const calls = writes(emulator.requests).map(({ method, path }) => `${method} ${path.replace(/cert_\w+/, "{id}")}`);
    emulator.requests.length = 0;
    return calls;
  };

  it("adopt: the organization becomes a program, and the steps go beside it", async () => {
    repository.install();
    const adopted = await repository.run("npx", ["--no", "--", "openai-certificates", "adopt", "--out", "adopted"]);
    expect(adopted).toMatchObject({ status: 0, output: expect.stringContaining("3 certificates to take over") });
    done(await repository.run("sh", ["-c", "mv adopted/* . && rm -r adopted"]));
    repository.copy("pipelines/steps", "steps");
    done(await repository.run("pulumi", ["stack", "init", "production"]));
    expect(written()).toEqual([]);
  });

  it("first pull request: the plan is there for a comment, and nothing is written", async () => {
    done(await repository.step("preview.sh"));
    const plan = repository.read("plan.txt");
    expect(plan).toMatch(/\+ 5 to create/);
    expect(JSON.parse(repository.read("plan.json")).changeSummary).toEqual({ create: 5 });
    expect(plan + repository.read("plan.json")).not.toContain(KEY);
    expect(written()).toEqual([]);
  });

  it("first merge: everything is taken over without a write, and the scheduled check finds no drift", async () => {
    done(await repository.step("up.sh"));
    expect(await repository.step("drift.sh")).toMatchObject({ status: 0, output: expect.stringContaining("No drift") });
    expect(written()).toEqual([]);
    expect(active()).toEqual(["corp-root-2024", "corp-root-2025", "Partner CA (by mail)"]);
  });

  it("second pull request: dates and the next generation are in the plan", async () => {
    const [program = ""] = codeBlocks("docs/guides/rotate.md", "ts");
    const [names = "", dates = ""] = codeBlocks("docs/guides/rotate.md", "yaml");
    repository.write("index.ts", program);
    repository.write("anchors/anchors.yaml", names + dates.replace(/\d{4}-\d\d-\d\d/, YESTERDAY));
    repository.write("anchors/corp-root-2027.pem", await anchor("corp-root-2027"));
    done(await repository.step("preview.sh"));
    expect(repository.read("plan.txt")).toMatch(/\+ activate "corp-root-2027" \(to be created, expires/);
    expect(repository.read("plan.txt")).not.toMatch(/deactivate/);
    expect(written()).toEqual([]);
  });

  withPolicies("the policy pack refuses it without protect: the plan says so, and there is none as JSON", async () => {
    repository.copy("policy", "policy");
    repository.install("policy");
    const refused = await repository.step("preview.sh", { POLICY_PACK: "policy" });
    expect(refused.status).not.toBe(0);
    expect(repository.read("plan.txt")).toMatch(/\[mandatory\] {2}protected-activation/);
    expect(() => repository.read("plan.json")).toThrow(/ENOENT/);
  });

  it("with protect and required clients, the plan is the same", async () => {
    repository.write("index.ts", codeBlocks("docs/guides/rotate.md", "ts")[1] ?? "");
    repository.write("clients/partner.pem", (await partner.client({ commonName: "partner" })).chain);
    done(await repository.step("preview.sh", POLICIES ? { POLICY_PACK: "policy" } : {}));
    expect(repository.read("plan.txt")).toMatch(/\+ activate "corp-root-2027" \(to be created, expires/);
    expect(written()).toEqual([]);
  });

  it("second merge: one upload and one activation; what was adopted moves into the component untouched", async () => {
    done(await repository.step("up.sh"));
    expect(written()).toEqual(["POST /organization/certificates", "POST /organization/certificates/activate"]);
    expect(active()).toHaveLength(4);
  });

  it("a foreign change: the scheduled check fails with 7, says what differs, and repairs nothing", async () => {
    organization().deactivate([idOf("corp-root-2025")]);
    organization().activate([organization().upload({ name: "not ours", certificate: await anchor("not ours") })]);
    const drift = await repository.step("drift.sh");
    expect(drift).toMatchObject({ status: 7, output: expect.stringContaining("DRIFT: production") });
    expect(drift.output).toMatch(/\+ activate cert_\w+ "corp-root-2025"/);
    expect(drift.output).toMatch(/- deactivate cert_\w+ "not ours"/);
    expect(written()).toEqual([]);
  });

  it("up repairs it, and the next scheduled check is quiet", async () => {
    done(await repository.step("up.sh"));
    expect(active()).toEqual(["corp-root-2024", "corp-root-2025", "Partner CA (by mail)", "corp-root-2027"]);
    done(await repository.step("drift.sh"));
  });

  it("a date that has come is not drift: the scheduled check says 8, and 7 as soon as something is changed by hand", async () => {
    written();
    const settings = repository.read("anchors/anchors.yaml");
    repository.write("anchors/anchors.yaml", `${settings}\ncorp-root-2024: { retireOn: ${YESTERDAY} }\n`);
    const due = await repository.step("drift.sh");
    expect(due).toMatchObject({ status: 8, output: expect.stringContaining("DUE: nothing was changed outside") });
    expect(due.output).toMatch(/- deactivate cert_\w+ "corp-root-2024"/);
    organization().deactivate([idOf("corp-root-2025")]);
    expect(await repository.step("drift.sh")).toMatchObject({ status: 7 });
    organization().activate([idOf("corp-root-2025")]);
    repository.write("anchors/anchors.yaml", settings);
    expect(await repository.step("drift.sh")).toMatchObject({ status: 0 });
    expect(written()).toEqual([]);
  });

  it("the expiry check passes while nothing expires soon, and fails with 3 where something does", async () => {
    done(await repository.step("expiry.sh"));
    const soon = await repository.step("expiry.sh", { FAIL_WITHIN: "40000d" });
    expect(soon).toMatchObject({ status: 3, output: expect.stringContaining("expiring within 40000 days") });
  });

  it("a check that cannot look is no answer: neither 0 nor 7, and the last line says so", async () => {
    const blind = await repository.step("drift.sh", { PULUMI_CONFIG_PASSPHRASE: "another one" });
    expect([0, 7]).not.toContain(blind.status);
    expect(blind.output).toMatch(/incorrect passphrase[\s\S]*so nobody knows whether there is drift/);
    expect(await repository.step("drift.sh", { PULUMI_STACK: "" })).toMatchObject({
      output: expect.stringContaining("PULUMI_STACK: names the stack"),
    });
  });
});

describe("the quickstart of the documentation, as it stands there", () => {
  let emulator: Emulator;
  let repository: Repository;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: "sk-admin-local" });
    // As its shell would have them from the third block on.
    const exported = {
      OPENAI_ADMIN_KEY: "sk-admin-local",
      OPENAI_BASE_URL: emulator.url,
      PULUMI_CONFIG_PASSPHRASE: "",
    };
    repository = new Repository(exported);
    repository.install();
    const here = (text: string) => text.replaceAll("http://127.0.0.1:8787/v1", emulator.url);
    repository.write("Pulumi.yaml", here(codeBlocks("docs/quickstart.md", "yaml")[0] ?? ""));
    repository.write("index.ts", codeBlocks("docs/quickstart.md", "ts")[0] ?? "");
    repository.write("package.json", JSON.stringify({ name: "certificates", main: "index.ts" }));
  });
  afterAll(async () => {
    repository.remove();
    await emulator.close();
  });

  it("goes up, finds the drift with 7, repairs it, and cleans up", async () => {
    const [, , up = "", byHand = "", look = "", repair = "", cleanUp = ""] = codeBlocks("docs/quickstart.md", "sh");
    const run = (block: string) =>
      repository.run("sh", ["-euc", block.replaceAll("http://127.0.0.1:8787/v1", emulator.url)]);
    const active = () =>
      emulator
        .organization()
        .certificates()
        .map((one) => one.active);

    const first = await run(up);
    expect(first).toMatchObject({ status: 0, output: expect.stringContaining("mTLS enforcement turns ON") });
    expect(active()).toEqual([true]);
    done(await run(byHand));
    expect(active()).toEqual([false]);
    const drift = await run(look);
    expect(drift).toMatchObject({ status: 7, output: expect.stringMatching(/\+ activate cert_\w+ "corp-root-2026"/) });
    expect(drift.output).toContain("no changes were expected for preview but changes were proposed");
    done(await run(repair));
    // The emulator of this test is not a job of that shell.
    done(await run(cleanUp.replace('kill "$emulator"', "")));
    expect(active()).toEqual([]);
  });
});
