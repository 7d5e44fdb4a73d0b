import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { realAnchors } from "../support/anchors";
import { mustSucceed, TestStack } from "../support/stack";

const KEY = "sk-admin-local-installation";
const ROOT = path.resolve(__dirname, "../..");
const PACKAGE = "pulumi-openai-certificates";
const [certificate = ""] = realAnchors(1);
const program = { certificates: { root: { certificate } } };

/** Gives the program's folder modules of its own: what Pulumi needs, and none of this repository's. */
function installPulumi({ workDir }: TestStack): string {
  const modules = path.join(workDir, "node_modules");
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules);
  symlinkSync(path.join(ROOT, "node_modules/@pulumi"), path.join(modules, "@pulumi"));
  return modules;
}

/** Installs the package as it is packed, but for its dependencies. */
function installAlone(modules: string): void {
  for (const name of ["package.json", "dist"]) {
    cpSync(path.join(ROOT, name), path.join(modules, PACKAGE, name), { recursive: true });
  }
}

/** What is said about the package, each text once: the engine repeats an error in its progress and in its summary. */
function complaints(output: string): string[] {
  return [...new Set(output.match(/(cannot load the|the installed) package.*/g))];
}

describe("a program whose installation is not whole, on the real engine", () => {
  let emulator: Emulator;
  let stack: TestStack;
  beforeAll(async () => {
    emulator = await startEmulator({ adminKey: KEY });
    stack = new TestStack({ startsInWorkDir: true, env: { OPENAI_ADMIN_KEY: KEY, OPENAI_BASE_URL: emulator.url } });
    mustSucceed(await stack.up(program));
  });
  afterAll(async () => {
    stack.remove();
    await emulator.close();
  });

  it("is told in one line that the package is missing and where to add it, and nothing is lost", async () => {
    installPulumi(stack);
    emulator.requests.length = 0;
    const { exitCode, output } = await stack.destroy();
    expect(exitCode).not.toBe(0);
    expect(complaints(output)).toEqual([
      "cannot load the package pulumi-openai-certificates: Cannot find module 'pulumi-openai-certificates/provider'. " +
        "Add it to the dependencies in the package.json of this Pulumi program, and install them",
    ]);
    expect(output).not.toMatch(/^\s+at |Require stack/m);
    expect(stack.resources()).toHaveLength(1);
    expect(emulator.requests).toEqual([]);
  });

  it("is told which module of a broken installation is missing", async () => {
    installAlone(installPulumi(stack));
    expect(readdirSync(path.join(stack.workDir, "node_modules"))).not.toContain("undici");
    const { exitCode, output } = await stack.refresh();
    expect(exitCode).not.toBe(0);
    expect(complaints(output)).toEqual([
      "the installed package pulumi-openai-certificates is not complete: Cannot find module 'undici'. " +
        "Install the dependencies of this Pulumi program again",
    ]);
    expect(output).not.toMatch(/^\s+at |Require stack/m);
    expect(stack.resources()).toHaveLength(1);
  });
});
