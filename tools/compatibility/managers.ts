import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

interface Way {
  /** The npm package that brings the manager; npm itself is there. */
  readonly package?: string;
  /** Its file below node_modules, and the arguments that install what package.json says. */
  readonly command: readonly [string, ...string[]];
  /** A file of settings, and its content. */
  readonly settings?: readonly [string, string];
}

/** Yarn's Plug'n'Play is left out: Pulumi's dynamic providers load packages from node_modules. */
export const MANAGERS = {
  npm: { command: ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund"] },
  pnpm: { package: "pnpm@10", command: [".bin/pnpm", "install", "--no-frozen-lockfile"] },
  "Yarn 1": { package: "yarn@1", command: [".bin/yarn", "install", "--no-progress"] },
  "Yarn 4, node-modules": {
    package: "@yarnpkg/cli-dist@4",
    command: [".bin/yarn", "install"],
    settings: [".yarnrc.yml", "nodeLinker: node-modules\nenableTelemetry: false\nenableImmutableInstalls: false\n"],
  },
  bun: { package: "@oven/bun-linux-x64@1", command: ["@oven/bun-linux-x64/bin/bun", "install"] },
} satisfies Record<string, Way>;

export type Manager = keyof typeof MANAGERS;

/** What a user with this Node (the folder of its binary) does in a new project: writes the dependencies down, and installs them. */
export async function install(
  manager: Manager,
  node: string,
  project: string,
  dependencies: Record<string, string>,
): Promise<void> {
  const way: Way = MANAGERS[manager];
  const manifest = path.join(project, "package.json");
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), dependencies }));
  if (way.settings !== undefined) writeFileSync(path.join(project, way.settings[0]), way.settings[1]);
  const [file, ...args] = way.command;
  const registry = (await run("npm", ["config", "get", "registry"], { cwd: project })).stdout.trim();
  // Yarn 1 refuses packages that are not made for the Node that runs it.
  const PATH = [node, process.env["PATH"]].join(path.delimiter);
  const env = { ...process.env, PATH, YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, "") };
  await run(await commandOf(way, file, project), args, { cwd: project, env });
}

/** Beside the project, so that the manager does not find itself in it. */
async function commandOf(way: Way, file: string, project: string): Promise<string> {
  if (way.package === undefined) return file;
  const folder = `${project}-manager`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), "{}");
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", way.package], { cwd: folder });
  return path.join(folder, "node_modules", file);
}
