import { createAuthority, type Emulator, startEmulator } from "../../emulator";
import { ROOT } from "../support/documents";
import { Repository, type StepRun } from "../support/repository";

const KEY = "sk-admin-local-templates";
/** Some tests are several operations of the engine. */
jest.setTimeout(300_000);

/** A command that did not succeed is explained by what it printed. */
function done({ status, output }: StepRun): void {
  expect(status === 0 ? "" : `exit code ${status}\n${output}`).toBe("");
}

describe("the templates for `pulumi new`", () => {
  let emulator: Emulator;
  let repository: Repository;

  beforeEach(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    repository = new Repository({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });
  });
  afterEach(async () => {
    repository.remove();
    await emulator.close();
  });

  /** `pulumi new`, which writes the project first and then, without a language host, cannot install what it needs. */
  async function make(template: string): Promise<void> {
    const args = ["--generate-only", "--yes", "--name", "openai-certificates", "--description", "Anchors of Example"];
    const made = await repository.run("pulumi", ["new", `${ROOT}/templates/${template}`, ...args]);
    expect(made.output).toContain("Created project 'openai-certificates'");
    expect(repository.read("Pulumi.yaml")).toContain("description: Anchors of Example");
    repository.install();
    repository.write("anchors/corp-root-2026.pem", (await createAuthority({ commonName: "corp-root" })).certificate);
    done(await repository.run("pulumi", ["stack", "init", "dev"]));
  }
  const pulumi = (command: string, ...args: string[]) =>
    repository.run("pulumi", [command, "--stack", "dev", "--non-interactive", ...args]);

  it("anchors: a file in its folder is uploaded and activated", async () => {
    await make("anchors");
    const preview = await pulumi("preview");
    done(preview);
    expect(preview.output).toMatch(/\+ activate "corp-root-2026"/);
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ name: "corp-root-2026", active: true }]);
  });

  it("pilot: the project first, the organization when it is told to, and back", async () => {
    await make("pilot");
    const [project] = emulator.organization().projects();
    const set = (key: string, value: string) =>
      repository.run("pulumi", ["config", "set", "--stack", "dev", key, value]);
    done(await set("pilotProject", project?.id ?? ""));
    done(await pulumi("up", "--yes"));
    const inProject = { activeProjects: [project?.id] };
    expect(emulator.organization().certificates()).toMatchObject([{ active: false, ...inProject }]);
    done(await set("wholeOrganization", "true"));
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ active: true, ...inProject }]);
    done(await set("wholeOrganization", "false"));
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ active: false, ...inProject }]);
  });
});
