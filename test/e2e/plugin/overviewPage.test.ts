import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator, writes } from "../../../emulator";
import { ensureYamlHost } from "../../../tools/engine";
import { codeBlocks } from "../../support/documents";
import { testEngine } from "../../support/engine";
import { goMissing, runGo } from "../../support/go";
import { NativeProject } from "../../support/nativeProject";
import { ensurePython, pythonMissing } from "../../support/python";

const KEY = "sk-admin-local-overview";
const PAGE = "docs/_index.md";
const HEADER =
  "name: openai-certificates-yaml\nruntime: yaml\nplugins:\n  providers: [{ name: openai-certificates, path: node_modules/.bin }]\n";

/** TypeScript's programs are type-checked with those of the other pages. */
describe("the programs of the overview", () => {
  let emulator: Emulator;
  const projects: NativeProject[] = [];

  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
  });
  afterAll(async () => {
    for (const project of projects) {
      project.remove();
    }
    await emulator.close();
  });

  async function previews(project: NativeProject, file: string, programs: readonly string[]): Promise<void> {
    projects.push(project);
    expect(programs).toHaveLength(2);
    await project.pulumi("stack", "init", "test");
    await project.pulumi("config", "set", "openai-certificates:baseUrl", emulator.url, "--stack", "test");
    for (const program of programs) {
      project.write(file, program);
      const { exitCode, output } = await project.operate("preview");
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toMatch(/\+ activate .*"corp-root"/);
    }
    expect(writes(emulator.requests)).toEqual([]);
  }
  const env = () => ({ OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url });

  it("in YAML preview the activation of the anchor", async () => {
    const { env: withHost } = await ensureYamlHost(testEngine());
    const programs = codeBlocks(PAGE, "yaml").map((program) => HEADER + program);
    await previews(new NativeProject("yaml", { ...withHost, ...env() }), "Pulumi.yaml", programs);
  }, 300_000);

  (pythonMissing() === undefined ? it : it.skip)(
    "in Python preview the activation of the anchor",
    async () => {
      const { command, packages } = await ensurePython();
      const programs = codeBlocks(PAGE, "python").map(
        (program) => `def program():\n${program.replace(/^(?=.)/gm, "    ")}`,
      );
      const automate = (operation: string) => [command, "automate.py", operation];
      const project = new NativeProject("python", { ...env(), PYTHONPATH: packages }, automate);
      await previews(project, "program.py", programs);
    },
    600_000,
  );

  (goMissing() === undefined ? it : it.skip)(
    "in Go compile",
    async () => {
      const project = new NativeProject("go", {});
      projects.push(project);
      const programs = codeBlocks(PAGE, "go").map((program, index) => {
        mkdirSync(path.join(project.folder, `page${index}`));
        project.write(`page${index}/main.go`, program);
        return `./page${index}`;
      });
      expect(programs).toHaveLength(2);
      await runGo(project.folder, "vet", ...programs);
    },
    600_000,
  );
});
