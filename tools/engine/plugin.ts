import { realpath } from "node:fs/promises";
import path from "node:path";
import { executables, isExecutable, pathFolders, provideExecutable } from "./files";

const PLUGIN = "pulumi-resource-pulumi-nodejs";
const LANGUAGE_HOST = "pulumi-language-nodejs";

/** The plugin's file names on a system, in the engine's order of preference. */
function fileNames(name: string, platform: NodeJS.Platform): string[] {
  return platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
}

/**
 * The plugin that runs dynamic providers: it starts the one of the `@pulumi/pulumi` that belongs to the program in whose
 * directory the engine runs it. Unlike the script in Pulumi's distribution it becomes that process (so that ending the
 * plugin ends the provider), keeps arguments whole and fails where there is no such package.
 */
export function pluginScript(platform: NodeJS.Platform): { name: string; text: string } {
  const name = fileNames(PLUGIN, platform).at(-1)!;
  const resolve = "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')";
  const missing = `${name}: node does not find @pulumi/pulumi from`;
  if (platform === "win32") {
    const lines = [
      "@echo off",
      "setlocal",
      "set PROVIDER=",
      `for /f "delims=" %%p in ('node -p "${resolve}" 2^>nul') do set "PROVIDER=%%p"`,
      "if not defined PROVIDER (",
      `  echo ${missing} "%CD%": run npm install there. 1>&2`,
      "  exit /b 1",
      ")",
      'node "%PROVIDER%" %*',
    ];
    return { name, text: lines.map((line) => `${line}\r\n`).join("") };
  }
  // One start of Node, and not one to find the provider and another to run it: each operation of the engine waits for it.
  const provider = [
    `let provider; try { provider = ${resolve} } catch {`,
    `  console.error('${missing} ' + process.cwd() + ': run npm install there.');`,
    "  process.exit(1);",
    "}",
    "require(provider);",
  ];
  const lines = ["#!/bin/sh", `exec node -e "${provider.join("\n")}" "$0" "$@"`];
  return { name, text: lines.map((line) => `${line}\n`).join("") };
}

/** Puts the plugin into a folder, or the current text of it in place of an older one. */
export async function providePlugin(folder: string): Promise<void> {
  const { name, text } = pluginScript(process.platform);
  await provideExecutable(path.join(folder, name), text);
}

/** The folder of the plugin for dynamic providers that this CLI finds by itself. */
export function findPlugin(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return findCompanion(PLUGIN, command, env);
}

/** Whether this CLI can run a Node program by itself, as `pulumi up` in a project's folder does. */
export async function hasNodeLanguageHost(command: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await findCompanion(LANGUAGE_HOST, command, env)) !== undefined;
}

/** The folder in which this CLI finds a plugin by itself: its own, links resolved as the engine does, or one on PATH. */
export async function findCompanion(
  name: string,
  command: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const beside = path.dirname(await realpath(command));
  for (const file of fileNames(name, process.platform)) {
    if (await isExecutable(path.join(beside, file))) return beside;
    const [onPath] = await executables(pathFolders(env), file);
    if (onPath !== undefined) return path.dirname(onPath);
  }
  return undefined;
}
