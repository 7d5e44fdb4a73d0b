import { type Emulator, startEmulator, writes } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { codeBlocks } from "../support/documents";
import { Repository } from "../support/repository";

const KEY = "sk-admin-local-pipeline";
const [first = "", second = "", third = "", next = "", foreign = ""] = realAnchors(5);

/**
 * The path of the documentation, step by step: from an organization with three hand-made anchors to a reviewed, scheduled,
 * drift-checked repository. The programs are those that the guides show.
 */
describe("the steps of the pipelines, from three hand-made anchors on", () => {
  let emulator: Emulator;
  let repository: Repository;

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    const organization = emulator.organization();
    organization.activate([
      organization.upload({ name: "corp-root-2024", certificate: first }),
      organization.upload({ name: "corp-root-2025", certificate: second }),
      organization.upload({ name: "Partner CA (by mail)", certificate: third }),
    ]);
    repository = new Repository({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url, PULUMI_STACK: "production" });
  });
  afterAll(async () => {
    repository.remove();
    await emulator.close();
  });

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
    expect(await repository.run("sh", ["-c", "mv adopted/* . && rm -r adopted"])).toMatchObject({ status: 0 });
    repository.copy("pipelines/steps", "steps");
    expect(await repository.run("pulumi", ["stack", "init", "production"])).toMatchObject({ status: 0 });
    expect(written()).toEqual([]);
  });

  it("first pull request: the plan is there for a comment, and nothing is written", async () => {
    expect(await repository.step("preview.sh")).toMatchObject({ status: 0 });
    const plan = repository.read("plan.md");
    expect(plan).toMatch(/^<!-- openai-certificates: plan of production -->\n/);
    expect(plan).toMatch(/\+ 5 to create/);
    expect(plan).not.toContain(KEY);
    expect(written()).toEqual([]);
  });

  it("first merge: everything is taken over without a write, and the scheduled check finds no drift", async () => {
    expect(await repository.step("up.sh")).toMatchObject({ status: 0 });
    expect(await repository.step("drift.sh")).toMatchObject({ status: 0, output: expect.stringContaining("No drift") });
    expect(written()).toEqual([]);
    expect(active()).toEqual(["corp-root-2024", "corp-root-2025", "Partner CA (by mail)"]);
  });

  it("second pull request: dates and the next generation; the policy pack refuses it without protect, and the plan says so", async () => {
    const [program = "", protectedProgram = ""] = codeBlocks("docs/guides/rotate.md", "ts");
    const [dates = ""] = codeBlocks("docs/guides/rotate.md", "yaml");
    repository.write("index.ts", program);
    repository.write("anchors/anchors.yaml", dates);
    repository.write("anchors/corp-root-2027.pem", next);
    repository.copy("policy", "policy");
    repository.install("policy");

    const refused = await repository.step("preview.sh", { POLICY_PACK: "policy" });
    expect(refused.status).not.toBe(0);
    expect(repository.read("plan.md")).toMatch(/failed\*\* \(exit code \d+\)/);
    expect(repository.read("plan.md")).toMatch(/\[mandatory\] {2}protected-activation/);

    repository.write("index.ts", protectedProgram);
    expect(await repository.step("preview.sh", { POLICY_PACK: "policy" })).toMatchObject({ status: 0 });
    expect(repository.read("plan.md")).toMatch(/\+ activate "corp-root-2027" \(to be created, expires/);
    expect(repository.read("plan.md")).not.toMatch(/deactivate/);
    expect(written()).toEqual([]);
  });

  it("second merge: one upload and one activation; what was adopted moves into the component untouched", async () => {
    expect(await repository.step("up.sh")).toMatchObject({ status: 0 });
    expect(written()).toEqual(["POST /organization/certificates", "POST /organization/certificates/activate"]);
    expect(active()).toHaveLength(4);
  });

  it("a foreign change: the scheduled check fails with 7, says what differs, and mends nothing", async () => {
    organization().deactivate([idOf("corp-root-2025")]);
    organization().activate([organization().upload({ name: "not ours", certificate: foreign })]);
    const drift = await repository.step("drift.sh");
    expect(drift).toMatchObject({ status: 7, output: expect.stringContaining("DRIFT: production") });
    expect(drift.output).toMatch(/\+ activate cert_\w+ "corp-root-2025"/);
    expect(drift.output).toMatch(/- deactivate cert_\w+ "not ours"/);
    expect(written()).toEqual([]);
  });

  it("up mends it, and the next scheduled check is quiet", async () => {
    expect(await repository.step("up.sh")).toMatchObject({ status: 0 });
    expect(active()).toEqual(["corp-root-2024", "corp-root-2025", "Partner CA (by mail)", "corp-root-2027"]);
    expect(await repository.step("drift.sh")).toMatchObject({ status: 0 });
  });

  it("the expiry check passes while nothing expires soon, and fails with 3 where something does", async () => {
    expect(await repository.step("expiry.sh")).toMatchObject({ status: 0 });
    const soon = await repository.step("expiry.sh", { FAIL_WITHIN: "40000d" });
    expect(soon).toMatchObject({ status: 3, output: expect.stringContaining("expiring within 40000 days") });
  });

  it("a check that cannot look is no answer: neither 0 nor 7, and the last line says so", async () => {
    const blind = await repository.step("drift.sh", { PULUMI_CONFIG_PASSPHRASE: "another one" });
    expect([0, 7]).not.toContain(blind.status);
    expect(blind.output).toContain("did not come to an answer");
    expect(await repository.step("drift.sh", { PULUMI_STACK: "" })).toMatchObject({
      output: expect.stringContaining("PULUMI_STACK: names the stack"),
    });
  });
});
