import { setTimeout as wait } from "node:timers/promises";
import { createAuthority, type Emulator, startEmulator, writes } from "../../emulator";
import { Gate } from "../support/gate";
import { Postgres, postgresPrograms } from "../support/postgres";
import { Repository, type StepRun } from "../support/repository";

const KEY = "sk-admin-local-postgres";
const PASSPHRASE = "a passphrase for the test only";
const PROGRAM = `import { TrustAnchors } from "pulumi-openai-certificates";
new TrustAnchors("organization", { anchors: "anchors" });
`;
/** Some tests are several operations of the engine. */
jest.setTimeout(300_000);

/** A step that did not succeed is explained by what it printed. */
function done({ status, output }: StepRun): void {
  expect(status === 0 ? "" : `exit code ${status}\n${output}`).toBe("");
}

const decoded = (base64: string) => Buffer.from(base64, "base64").toString("utf8");

const programs = postgresPrograms();
const suite = programs === undefined ? describe.skip : describe;
const skipped = programs === undefined ? " (skipped: no PostgreSQL server is installed)" : "";

suite(`the steps of the pipelines with state in PostgreSQL${skipped}`, () => {
  let postgres: Postgres;
  let emulator: Emulator;
  let gate: Gate;
  let repository: Repository;

  beforeAll(async () => {
    postgres = await Postgres.start(programs as string);
    emulator = await startEmulator({ adminKey: KEY });
    gate = await Gate.before(emulator.url);
    repository = new Repository({
      OPENAI_ADMIN_KEY: KEY,
      OPENAI_BASE_URL: gate.url,
      PULUMI_STACK: "production",
      PULUMI_BACKEND_URL: postgres.url(),
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    });
    repository.install();
    repository.write("Pulumi.yaml", "name: openai-certificates\nruntime: nodejs\n");
    repository.write("package.json", JSON.stringify({ name: "certificates", main: "index.ts" }));
    repository.write("index.ts", PROGRAM);
    await addAnchor("corp-root-2026");
    repository.copy("pipelines/steps", "steps");
  });
  afterAll(async () => {
    repository?.remove();
    await gate?.close();
    await emulator?.close();
    await postgres?.stop();
  });

  const addAnchor = async (commonName: string) =>
    repository.write(`anchors/${commonName}.pem`, (await createAuthority({ commonName })).certificate);
  const reading = () => ({ PULUMI_BACKEND_URL: postgres.url("plan") });
  const active = () =>
    emulator
      .organization()
      .certificates()
      .flatMap((one) => (one.active ? [one.name] : []));
  const written = () => {
    const calls = writes(emulator.requests).map(({ method, path }) => `${method} ${path}`);
    emulator.requests.length = 0;
    return calls;
  };
  const locks = () => Number(postgres.query("SELECT count(*) FROM pulumi_state WHERE key LIKE '%/.pulumi/locks/%'"));

  it("the stack, once, by `pulumi login` with the database's URL", async () => {
    done(await repository.run("pulumi", ["login", postgres.url()]));
    done(await repository.run("pulumi", ["stack", "init", "production"]));
    postgres.addReader("plan");
  });

  it("pull request: a role that can only read the table is enough for the plan, and not for up", async () => {
    done(await repository.step("preview.sh", reading()));
    expect(repository.read("plan.txt")).toMatch(/\+ activate "corp-root-2026"/);
    const up = await repository.step("up.sh", reading());
    expect(up.status).not.toBe(0);
    expect(up.output).toContain("permission denied for table pulumi_state");
    expect(written()).toEqual([]);
  });

  it("merge, and the scheduled check with the role that reads", async () => {
    done(await repository.step("up.sh"));
    expect(written()).toEqual(["POST /organization/certificates", "POST /organization/certificates/activate"]);
    done(await repository.step("drift.sh", reading()));
  });

  it("drift is found by the role that reads, and repaired by up", async () => {
    const [first] = emulator.organization().certificates();
    emulator.organization().deactivate([first?.id ?? ""]);
    expect(await repository.step("drift.sh", reading())).toMatchObject({ status: 7 });
    done(await repository.step("up.sh"));
    expect(active()).toEqual(["corp-root-2026"]);
    written();
  });

  it("two pipelines at once: the second fails at the first one's lock, and everything is written once", async () => {
    await addAnchor("corp-root-2027");
    gate.holdUntil(2, "POST", /\/certificates$/);
    const first = repository.step("up.sh");
    let ended = false;
    void first.then(() => {
      ended = true;
    });
    while (locks() === 0 && !ended) await wait(100);
    const second = await repository.step("up.sh");
    expect(second.status).not.toBe(0);
    expect(second.output).toMatch(/the stack is currently locked by 1 lock/);
    expect(written()).toEqual([]);
    // The second request that the gate waits for, which the API refuses.
    await fetch(`${gate.url}/organization/certificates`, { method: "POST" });
    done(await first);
    expect(written()).toEqual([
      "POST /organization/certificates",
      "POST /organization/certificates",
      "POST /organization/certificates/activate",
    ]);
    expect(active()).toEqual(["corp-root-2026", "corp-root-2027"]);
    expect(locks()).toBe(0);
    done(await repository.step("drift.sh", reading()));
  });

  it("neither the admin key nor the passphrase is in any row", () => {
    // A row holds a file of the state in base64.
    const rows = postgres.query("SELECT key || ' ' || (data->>'data') FROM pulumi_state").trim().split("\n");
    const files = rows.map((row) =>
      row
        .split(" ")
        .map((part, index) => (index === 0 ? part : decoded(part)))
        .join("\n"),
    );
    const everything = files.join("\n");
    // This is the state, in a form in which a key would be found.
    expect(everything).toContain("corp-root-2027");
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain(PASSPHRASE);
  });
});
