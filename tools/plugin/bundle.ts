import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { schema } from "../../plugin/schema";

const ROOT = path.resolve(__dirname, "../..");
/** Where `npm run plugin` leaves everything. */
export const OUTPUT = path.join(ROOT, "dist-plugin");
export const PLUGIN = "pulumi-resource-openai-certificates";

export const SERVER = path.join(ROOT, "plugin/main.ts");

/** How everything is bundled. */
export const BUNDLED = {
  // Names of modules in the bundle are relative to it.
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20.18",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: "warning",
} satisfies BuildOptions;

/**
 * Writes a plugin that needs nothing but Node: the server in one file, a launcher for each kind of system, and the schema.
 * No PulumiPlugin.yaml: where there is one, the engine runs `npm install` in the folder of a plugin that it has downloaded
 * (pulumi/pulumi pkg/workspace/plugin.go, installDependenciesForPluginSpec).
 */
export async function bundle(to = OUTPUT): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const { metafile } = await build({
    ...BUNDLED,
    entryPoints: {
      server: SERVER,
      construct: path.join(ROOT, "plugin/construct.ts"),
      celLibrary: path.join(ROOT, "provider/clients/celLibrary.ts"),
      undici: "undici",
    },
    plugins: [loadedOnDemand, withoutCompiler],
    outdir: to,
    legalComments: "linked",
  });
  const write = (name: string, text: string, mode = 0o644) => writeFile(path.join(to, name), text, { mode });
  await write(`${PLUGIN}.js`, START, 0o755);
  await write(PLUGIN, UNIX, 0o755);
  await write(`${PLUGIN}.cmd`, WINDOWS);
  await write("schema.json", `${JSON.stringify(schema, null, 2)}\n`);
  await copyFile(path.join(ROOT, "LICENSE"), path.join(to, "LICENSE"));
  await write(NOTICES, await noticesOf(metafile));
}

const NOTICES = "THIRD-PARTY-LICENSES.txt";

/**
 * The licences of what is bundled, which their terms (MIT, BSD, ISC) want beside every copy. esbuild itself keeps only the few
 * that are comments in the code.
 */
async function noticesOf({ outputs }: Metafile): Promise<string> {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const notices = [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const kept = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
    const texts = await Promise.all(kept.map((file) => readFile(path.join(folder, file), "utf8")));
    return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
  });
  return `${["What the files beside this one bundle:", ...(await Promise.all(notices))].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** What most runs never need stays a file of its own: components, CEL filters, and undici as a whole for proxies. */
const loadedOnDemand: Plugin = {
  name: "loaded on demand",
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\/construct|\.\/celLibrary|undici)$/ }, ({ path: name, kind }) =>
      kind === "entry-point" ? undefined : { path: `./${name.replace("./", "")}.js`, external: true },
    );
  },
};

/**
 * The SDK's index loads parts that serialize closures and run the CLI, and these load the TypeScript compiler and npm: 9 MB
 * of 11, and most of the time that the component's bundle takes to load. Nothing that constructs a component calls them.
 */
export const withoutCompiler: Plugin = {
  name: "without the compiler",
  setup({ onResolve, onLoad, onEnd }) {
    onResolve({ filter: /^\.\/(automation|dynamic|closure\/\w+)$/ }, ({ path: part, importer }) => {
      if (!/@pulumi[/\\]pulumi[/\\](runtime[/\\])?index\.js$/.test(importer)) return undefined;
      return { path: part, namespace: "left-out" };
    });
    onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "" }));
    onEnd(({ metafile = { inputs: {} } }) => {
      const compiler = Object.keys(metafile.inputs).find((file) => /node_modules\/(typescript|@npmcli)\//.test(file));
      return compiler === undefined
        ? undefined
        : { errors: [{ text: `the SDK loads ${compiler} in another way now` }] };
    });
  },
};

/** In words that any Node understands, because an old one cannot read the server. */
export const START = `#!/usr/bin/env node
"use strict";
var version = process.versions.node.split(".").map(Number);
if (version[0] * 1e6 + version[1] * 1e3 + version[2] < 20018001) {
  console.error("${PLUGIN} needs Node.js 20.18.1 or newer; this is " + process.version + " (" + process.execPath + ")");
  process.exit(1);
}
require("./server.js");
`;

/** The engine shows what a plugin that does not start has written to standard error. */
const UNIX = `#!/bin/sh
# A plugin that npm has linked into a folder of commands has its files where the link points to.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
  /*) self=$target ;;
  *) self=$(dirname "$self")/$target ;;
  esac
done
if ! command -v node >/dev/null 2>&1; then
  echo "${PLUGIN} needs Node.js 20.18.1 or newer, and there is no node on PATH ($PATH). Install it from https://nodejs.org" >&2
  exit 127
fi
exec node "$(dirname "$self")/${PLUGIN}.js" "$@"
`;

const WINDOWS = `@echo off\r
where node >nul 2>nul\r
if errorlevel 1 (\r
  echo ${PLUGIN} needs Node.js 20.18.1 or newer, and there is no node on PATH. Install it from https://nodejs.org 1>&2\r
  exit /b 127\r
)\r
node "%~dp0${PLUGIN}.js" %*\r
`;
