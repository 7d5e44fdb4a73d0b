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

  const projectId = () => emulator.organization().projects()[0]?.id ?? "";

  it("anchors: a file in its folder is uploaded and activated", async () => {
    await make("anchors");
    const preview = await pulumi("preview");
    done(preview);
    expect(preview.output).toMatch(/\+ activate "corp-root-2026"/);
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ name: "corp-root-2026", active: true }]);
  });

  it.each(["anchors", "pilot"])(
    "%s: no file for a required client is passed over, whatever it is called",
    async (template) => {
      await make(template);
      if (template === "pilot") {
        done(await repository.run("pulumi", ["config", "set", "--stack", "dev", "pilotProject", projectId()]));
      }
      repository.write("clients/gateway.CRT", (await (await createAuthority({ commonName: "other" })).client()).chain);
      const lockedOut = await pulumi("preview");
      expect(lockedOut.status).not.toBe(0);
      expect(lockedOut.output).toMatch(/required client CN=test-client .*would be locked out/);
      repository.write("clients/gateway.CRT", "to be asked for");
      const unreadable = await pulumi("preview");
      expect(unreadable.status).not.toBe(0);
      expect(unreadable.output).toMatch(/requiredClients\[0\] holds no PEM certificate/);
    },
  );

  it("pilot: the project first, the organization when it is told to, and back", async () => {
    await make("pilot");
    const set = (key: string, value: string) =>
      repository.run("pulumi", ["config", "set", "--stack", "dev", key, value]);
    done(await set("pilotProject", projectId()));
    done(await pulumi("up", "--yes"));
    const inProject = { activeProjects: [projectId()] };
    expect(emulator.organization().certificates()).toMatchObject([{ active: false, ...inProject }]);
    done(await set("wholeOrganization", "true"));
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ active: true, ...inProject }]);
    done(await set("wholeOrganization", "false"));
    done(await pulumi("up", "--yes"));
    expect(emulator.organization().certificates()).toMatchObject([{ active: false, ...inProject }]);
  });
});
