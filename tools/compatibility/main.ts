/**
 * `npm run compatibility [-- WORD]`: program.cjs in a project of its own for each row of {@link PAIRS}, or those that hold the
 * word, on the engine that `npm run engine` finds. Node's binaries and package managers come from the npm registry; a row whose
 * Node cannot be installed is skipped, with the reason. Takes some minutes.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Engine, ensureEngine } from "../engine";
import { DEPENDENCIES, MANIFEST, type Runtime, writeProgram } from "./esModule/files";
import { install, type Manager } from "./managers";

const REPOSITORY = path.resolve(__dirname, "../..");

/** The oldest and the newest of both that go together: from 3.249.0 on, `@pulumi/pulumi` needs Node 22. */
const PAIRS = [
  { node: "20.18.1", sdk: "3.216.0" },
  { node: "20.18.1", sdk: "3.248.0" },
  { node: "22", sdk: "latest" },
  { node: "24", sdk: "3.216.0" },
  { node: "24", sdk: "latest" },
  { node: "22", sdk: "latest", manager: "pnpm" },
  { node: "22", sdk: "latest", manager: "Yarn 1" },
  { node: "22", sdk: "latest", manager: "Yarn 4, node-modules" },
  { node: "22", sdk: "latest", manager: "bun" },
  { node: "20.18.1", sdk: "3.248.0", program: "ES module in TypeScript, runtime nodejs" },
  { node: "22", sdk: "latest", program: "ES module in TypeScript, runtime nodejs" },
  { node: "24", sdk: "latest", program: "ES module in TypeScript, runtime nodejs" },
  { node: "24", sdk: "latest", program: "ES module in TypeScript, runtime bun" },
] as const satisfies readonly Pair[];

interface Pair {
  readonly node: string;
  readonly sdk: string;
  /** Default: npm. */
  readonly manager?: Manager;
  /** Default: CommonJS, inline by the Automation API. */
  readonly program?: `ES module in TypeScript, runtime ${Runtime}`;
}

interface Outcome {
  readonly result: "passed" | "failed" | "skipped";
  /** The exact versions, where they are installed. */
  readonly versions?: string;
  readonly reason?: string;
}

const run = promisify(execFile);

async function main(): Promise<void> {
  const engine = await ensureEngine();
  const folder = mkdtempSync(path.join(tmpdir(), "openai-certificates-compatibility-"));
  try {
    await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: REPOSITORY });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const [word = ""] = process.argv.slice(2);
    const chosen: readonly Pair[] = PAIRS.filter((pair) => Object.values(pair).join(" ").includes(word));
    let ran = 0;
    for (const [index, pair] of chosen.entries()) {
      const project = path.join(folder, String(index));
      const { result, versions, reason } = await tryPair(pair, project, path.join(folder, tarball), engine);
      const name = versions ?? `Node ${pair.node}, @pulumi/pulumi ${pair.sdk}`;
      console.log(
        `${result}: ${name}, ${pair.program ?? pair.manager ?? "npm"}, Pulumi ${engine.version}${reason === undefined ? "" : `\n${reason}`}`,
      );
      if (result !== "skipped") ran += 1;
      if (result === "failed") process.exitCode = 1;
    }
    if (ran === 0) throw new Error("Every row was skipped: nothing is known about compatibility.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryPair(pair: Pair, project: string, tarball: string, engine: Engine): Promise<Outcome> {
  const runtime = pair.program?.split(" ").at(-1) as Runtime | undefined;
  mkdirSync(path.join(project, "backend"), { recursive: true });
  writeFileSync(
    path.join(project, "package.json"),
    JSON.stringify({ name: "compatibility", private: true, ...(runtime ? MANIFEST : {}) }),
  );
  const binary = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const npm = (...packages: string[]) => run("npm", ["install", "--prefer-offline", ...packages], { cwd: project });
  try {
    await npm("--no-save", `${binary}@${pair.node}`);
  } catch (error) {
    return { result: "skipped", reason: `${binary}@${pair.node} cannot be installed: ${said(error)}` };
  }
  // Beside the project, since the next install would remove what is not saved.
  const bin = path.join(project, "..", `node-${pair.node}`);
  mkdirSync(bin, { recursive: true });
  const file = process.platform === "win32" ? "node.exe" : "node";
  copyFileSync(path.join(project, "node_modules", binary, "bin", file), path.join(bin, file));
  try {
    const dependencies = {
      "pulumi-openai-certificates": `file:${tarball}`,
      "@pulumi/pulumi": pair.sdk,
      ...(runtime ? DEPENDENCIES[runtime] : {}),
    };
    await install(pair.manager ?? "npm", bin, project, dependencies);
    copyFileSync(path.join(__dirname, "program.cjs"), path.join(project, "program.cjs"));
    if (runtime) writeProgram(project, bin, runtime, runtime === "nodejs" && engine.hasNodeLanguageHost);
    const env = {
      ...process.env,
      ...engine.env,
      // First on PATH, because the plugin for dynamic providers runs the `node` that it finds there.
      PATH: [bin, engine.env["PATH"]].join(path.delimiter),
      PULUMI_BACKEND_URL: `file://${path.join(project, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "for this run only",
      PULUMI_HOME: path.join(project, "home"),
    };
    const node = path.join(bin, file);
    const asked = `process.version + ", @pulumi/pulumi " + require("@pulumi/pulumi/package.json").version`;
    const { stdout } = await run(node, ["-p", asked], { cwd: project, env });
    const versions = `Node ${stdout.trim()}`;
    try {
      await run(node, ["program.cjs"], { cwd: project, env });
      return { result: "passed", versions };
    } catch (error) {
      return { result: "failed", versions, reason: said(error) };
    }
  } catch (error) {
    return { result: "failed", reason: said(error) };
  }
}

function said(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr || message).trim();
}

main().catch((error: unknown) => {
  console.error(said(error));
  process.exitCode = 1;
});
