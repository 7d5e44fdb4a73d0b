import { execFile } from "node:child_process";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { BUNDLED, PLUGIN, SERVER, withoutCompiler } from "./bundle";

const run = promisify(execFile);

/** What the bytes of Node are searched for (https://nodejs.org/api/single-executable-applications.html). */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * Makes the plugin one executable that brings its own Node: the one that runs this, of 100 MB.
 * @returns the executable's path.
 */
export async function singleExecutable(to: string): Promise<string> {
  if (process.platform !== "linux") {
    throw new Error(
      `a single executable is made on Linux only, and this is ${process.platform}: macOS and Windows would have to sign it anew`,
    );
  }
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const file = (name: string) => path.join(to, name);
  // In one file: an executable has none beside it.
  await build({ ...BUNDLED, entryPoints: [SERVER], plugins: [withoutCompiler], outfile: file("server.js") });
  const configuration = {
    main: file("server.js"),
    output: file("server.blob"),
    disableExperimentalSEAWarning: true,
  };
  await writeFile(file("sea.json"), JSON.stringify(configuration));
  await run(process.execPath, ["--experimental-sea-config", file("sea.json")]);
  const executable = file(PLUGIN);
  await copyFile(process.execPath, executable);
  const postject = require.resolve("postject/dist/cli.js");
  await run(process.execPath, [postject, executable, "NODE_SEA_BLOB", file("server.blob"), "--sentinel-fuse", FUSE]);
  await Promise.all(["sea.json", "server.blob", "server.js"].map((name) => rm(file(name))));
  return executable;
}
